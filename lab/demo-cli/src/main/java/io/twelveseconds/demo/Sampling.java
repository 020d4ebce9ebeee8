package io.twelveseconds.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which traces are kept, and who decides: a folder in {@code telemetry/sampling}, with
 * variables for the agents and something to be merged over the Collector's configuration.
 *
 * @param name of the folder
 */
record Sampling(String name, Path folder) {

	static final String USUAL = "everything";

	/** What somebody chose to use there, until another one is; empty if nobody did. */
	static Optional<Sampling> chosen(Path root, Path home) {
		try {
			Path file = file(home);
			return Files.exists(file) ? Optional.of(of(root, Files.readString(file).strip())) : Optional.empty();
		}
		catch (IOException ex) {
			throw new DemoException("How to sample cannot be read from %s: %s".formatted(home, ex), ex);
		}
	}

	/** What is used there: what was chosen, else the usual one. */
	static Sampling inUse(Path root, Path home) {
		return chosen(root, home).orElseGet(() -> of(root, USUAL));
	}

	static Sampling of(Path root, String name) {
		if (!names(root).contains(name)) {
			throw new UnknownSamplingException("There is no way of sampling called '%s'. There are: %s".formatted(name,
					String.join(", ", names(root))));
		}
		return new Sampling(name, folder(root).resolve(name));
	}

	static List<String> names(Path root) {
		try (Stream<Path> folders = Files.list(folder(root))) {
			return folders.filter(Files::isDirectory)
				.map((folder) -> folder.getFileName().toString())
				.sorted()
				.toList();
		}
		catch (IOException ex) {
			throw new DemoException("The ways of sampling cannot be read: " + ex, ex);
		}
	}

	private static Path folder(Path root) {
		return root.resolve("telemetry/sampling");
	}

	private static Path file(Path home) {
		return home.resolve("sampling");
	}

	void remember(Path home) {
		try {
			Files.createDirectories(home);
			Files.writeString(file(home), this.name + "\n");
		}
		catch (IOException ex) {
			throw new DemoException("%s cannot be written: %s".formatted(file(home), ex), ex);
		}
	}

	/** To be merged over {@code otel-collector.yaml}. */
	Path collector() {
		return this.folder.resolve("collector.yaml");
	}

	/** Whether the Collector decides, which the embedded stack does not have. */
	boolean needsCollector() {
		return read(collector()).contains("tail_sampling:");
	}

	/** Variables of the agents. */
	Map<String, String> agents() {
		Map<String, String> variables = new LinkedHashMap<>();
		read(this.folder.resolve("agent.env")).lines()
			.filter((line) -> !line.isBlank() && !line.startsWith("#"))
			.map((line) -> line.split("=", 2))
			.forEach((pair) -> variables.put(pair[0], pair[1]));
		return variables;
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new DemoException("%s cannot be read: %s".formatted(file, ex), ex);
		}
	}

	/** Which is a mistake in the command line. */
	static final class UnknownSamplingException extends DemoException {

		private static final long serialVersionUID = 1L;

		UnknownSamplingException(String message) {
			super(message);
		}

	}

}
