package io.twelveseconds.demo.shop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.WholeFile;

/** Lets {@code ./demo trace last} find what {@code ./demo order} has just done. */
public final class LastTrace {

	private LastTrace() {
	}

	public static void remember(String traceId) throws IOException {
		WholeFile.write(file(), traceId + "\n");
	}

	public static Optional<String> recall() throws IOException {
		return Files.exists(file()) ? Optional.of(Files.readString(file()).strip()).filter((id) -> !id.isEmpty())
				: Optional.empty();
	}

	/** Once its store is stopped nobody has it any more. */
	public static void forget() throws IOException {
		Files.deleteIfExists(file());
	}

	private static Path file() {
		return Environment.home().resolve("last-trace");
	}

}
