package io.twelveseconds.demo.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A file that others may read while it is written, or whose disk may be full. */
public final class WholeFile {

	private WholeFile() {
	}

	/** Nobody sees half of it, and what was there stays if it cannot be written. */
	public static void write(Path file, String text) throws IOException {
		Files.createDirectories(file.getParent());
		Path fresh = file.resolveSibling("%s-%s.new".formatted(file.getFileName(), UUID.randomUUID()));
		try {
			Files.writeString(fresh, text);
			Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			Files.deleteIfExists(fresh);
		}
	}

}
