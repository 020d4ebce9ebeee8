package io.twelveseconds.localstack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.io.FileUtils;

/**
 * PostgreSQL's programs, unpacked from the jar for this system. We unpack and start them
 * ourselves, since the library that brings them wants 128 MB of heap for that, and never
 * repairs what an interruption left half unpacked.
 */
final class PostgresPrograms {

	private final Path directory;

	private PostgresPrograms(Path directory) {
		this.directory = directory;
	}

	static PostgresPrograms unpackedIn(Path parent) throws IOException {
		// Another version must not meet the programs of this one.
		Path directory = parent.resolve("program-" + checksum());
		if (!Files.exists(directory)) {
			Path unfinished = parent.resolve("program-unfinished");
			FileUtils.deleteDirectory(unfinished.toFile());
			unpack(unfinished);
			Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
		}
		return new PostgresPrograms(directory);
	}

	private static String checksum() throws IOException {
		CRC32 checksum = new CRC32();
		try (InputStream archive = new CheckedInputStream(archive(), checksum)) {
			archive.transferTo(OutputStream.nullOutputStream());
		}
		return Long.toHexString(checksum.getValue());
	}

	private static InputStream archive() throws IOException {
		String system = System.getProperty("os.name").startsWith("Mac") ? "Darwin" : System.getProperty("os.name");
		return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, System.getProperty("os.arch"));
	}

	private static void unpack(Path directory) throws IOException {
		try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(archive()))) {
			for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
				Path path = directory.resolve(entry.getName());
				Files.createDirectories(entry.isDirectory() ? path : path.getParent());
				if (entry.isSymbolicLink()) {
					Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
				}
				else if (entry.isFile()) {
					Files.copy(tar, path);
					boolean program = path.getParent().endsWith("bin");
					Files.setPosixFilePermissions(path,
							PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
				}
			}
		}
	}

	ProcessBuilder command(String program, List<String> arguments) {
		List<String> command = new ArrayList<>();
		if (LinuxUtils.isUnshareAvailable()) {
			// PostgreSQL does not run as root; in a user namespace we are somebody else.
			command.addAll(List.of("unshare", "-U"));
		}
		command.add(this.directory.resolve("bin").resolve(program).toString());
		command.addAll(arguments);
		return new ProcessBuilder(command).redirectErrorStream(true);
	}

}
