package io.twelveseconds.demo.part;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * A jar that the build made, and the place where it is unpacked before it is run:
 * unpacked, Boot starts four seconds sooner, and a later build does not pull the jar away
 * under a running process.
 */
public record App(Path jar, Path directory, boolean boot) {

	/** What to run; Boot's own manifest names the libraries beside it. */
	Path unpacked() {
		return this.directory.resolve(this.jar.getFileName());
	}

	public boolean isBuilt() {
		return Files.exists(this.jar);
	}

	/** Whether what is unpacked is what was built last. */
	public boolean isCurrent() {
		try {
			return Files.exists(stamp()) && Files.readString(stamp()).equals(fingerprint());
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * As a whole or not at all: whoever is interrupted here leaves nothing half unpacked.
	 */
	public void unpack() throws IOException {
		if (isCurrent()) {
			return;
		}
		String fingerprint = fingerprint();
		Path fresh = this.directory.resolveSibling(this.directory.getFileName() + ".new");
		Directories.delete(fresh);
		Files.createDirectories(fresh.getParent());
		if (this.boot) {
			run(List.of(Java.executable(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djarmode=tools", "-jar",
					this.jar.toString(), "extract", "--destination", fresh.toString()));
		}
		else {
			Files.createDirectories(fresh);
			Files.copy(this.jar, fresh.resolve(this.jar.getFileName()));
		}
		Files.writeString(fresh.resolve(stamp().getFileName()), fingerprint);
		Directories.delete(this.directory);
		Files.move(fresh, this.directory);
	}

	private Path stamp() {
		return this.directory.resolve("unpacked-from");
	}

	private String fingerprint() throws IOException {
		return "%s %d %s%n".formatted(this.jar, Files.size(this.jar), Files.getLastModifiedTime(this.jar));
	}

	String version() {
		try (JarFile file = new JarFile(this.jar.toFile())) {
			return Optional.ofNullable(file.getManifest())
				.map((manifest) -> manifest.getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION))
				.orElse("unknown");
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

	private static void run(List<String> command) throws IOException {
		// Not read from the process: that would wait for its end without a limit.
		Path printed = Files.createTempFile("unpack", ".out");
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(printed.toFile())
			.start();
		try {
			boolean ended = process.waitFor(60, TimeUnit.SECONDS);
			if (!ended || process.exitValue() != 0) {
				throw new IOException("`%s` %s:%n%s".formatted(String.join(" ", command),
						ended ? "failed" : "has not ended after 60 s", Files.readString(printed)));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted", ex);
		}
		finally {
			process.destroy();
			Files.delete(printed);
		}
	}

}
