package io.twelveseconds.teststack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

import org.apache.commons.io.FileUtils;

/** Directories under {@code target} that live as long as the tests. */
final class Scratch {

	private static final Deque<Path> directories = new ArrayDeque<>();

	private Scratch() {
	}

	static Path directory(String name) throws IOException {
		Path parent = Files.createDirectories(Path.of("target", "test-stack"));
		Path directory = Files.createTempDirectory(parent, name).toAbsolutePath();
		directories.push(directory);
		return directory;
	}

	static void delete() {
		for (Path directory : directories) {
			try {
				FileUtils.deleteDirectory(directory.toFile());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

}
