package io.twelveseconds.teststack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.twelveseconds.localstack.PostgresServer;
import org.apache.commons.io.FileUtils;

/**
 * This process's own directory under {@code target}, for the data of embedded servers.
 */
final class Scratch {

	private static final Path ROOT = Path.of("target", "test-stack");

	private static final Path OWN = ROOT.resolve(Long.toString(ProcessHandle.current().pid()));

	private static boolean swept;

	private Scratch() {
	}

	static Path directory(String name) throws IOException, InterruptedException {
		if (!swept) {
			Files.createDirectories(ROOT);
			deleteAbandoned();
			swept = true;
		}
		return Files.createDirectories(OWN.resolve(name));
	}

	/** A run that was killed could not clean up, and its PostgreSQL runs on. */
	private static void deleteAbandoned() throws IOException, InterruptedException {
		List<Path> directories;
		try (Stream<Path> found = Files.list(ROOT)) {
			directories = found.filter(Scratch::isAbandoned).toList();
		}
		for (Path directory : directories) {
			PostgresServer.stopAbandoned(directory.resolve("postgres"));
			FileUtils.deleteDirectory(directory.toFile());
		}
	}

	/** Ours as well, before we put anything there: in containers pids repeat. */
	private static boolean isAbandoned(Path directory) {
		String pid = directory.getFileName().toString();
		return directory.equals(OWN) || pid.matches("\\d+") && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
	}

	static void delete() {
		FileUtils.deleteQuietly(OWN.toFile());
	}

}
