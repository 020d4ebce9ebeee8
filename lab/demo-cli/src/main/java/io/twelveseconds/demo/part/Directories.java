package io.twelveseconds.demo.part;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What {@link Files} leaves out. */
public final class Directories {

	private Directories() {
	}

	public static void delete(Path directory) throws IOException {
		if (Files.notExists(directory)) {
			return;
		}
		List<Path> deepestFirst;
		try (Stream<Path> paths = Files.walk(directory)) {
			deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
		}
		for (Path path : deepestFirst) {
			Files.deleteIfExists(path);
		}
	}

}
