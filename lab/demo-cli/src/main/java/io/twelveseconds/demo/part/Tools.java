package io.twelveseconds.demo.part;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.twelveseconds.demo.command.DemoException;

/**
 * The two programs of the native stack: the versions that this was tested with, and where
 * they are. What {@code ./demo tools} has built comes before what is on the PATH.
 */
public final class Tools {

	public static final Tool OTELCOL = new Tool("otelcol", "0.161.0-3", List.of("otelcol-contrib", "otelcol"));

	public static final Tool JAEGER = new Tool("jaeger", "2.13.0", List.of("jaeger"));

	private static final String BUILDING = "building-";

	private final Map<String, String> environment;

	public Tools(Map<String, String> environment) {
		this.environment = environment;
	}

	/**
	 * @param names what it may be called on the PATH
	 */
	record Tool(String name, String version, List<String> names) {
	}

	/** Where built programs are kept, outside the repository: every clone uses them. */
	Path cache() {
		String cache = this.environment.getOrDefault("XDG_CACHE_HOME", "");
		Path base = cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
		return base.resolve("twelve-seconds").resolve("tools");
	}

	Path built(Tool tool) {
		return cache().resolve(tool.name() + "-" + tool.version());
	}

	/** Where this process builds. */
	Path building() {
		return cache().resolve(BUILDING + ProcessHandle.current().pid());
	}

	/** Removes what builds have left that were killed. */
	void removeLeftOver() throws IOException {
		if (Files.notExists(cache())) {
			return;
		}
		List<Path> leftOver;
		try (Stream<Path> files = Files.list(cache())) {
			leftOver = files.filter((file) -> file.getFileName().toString().matches(BUILDING + "\\d{1,18}"))
				.filter((file) -> ProcessHandle
					.of(Long.parseLong(file.getFileName().toString().substring(BUILDING.length())))
					.isEmpty())
				.toList();
		}
		for (Path directory : leftOver) {
			Directories.delete(directory);
		}
	}

	Optional<Path> find(Tool tool) {
		return Stream.concat(Stream.of(built(tool)), onPath(tool)).filter(Files::isExecutable).findFirst();
	}

	private Stream<Path> onPath(Tool tool) {
		List<String> folders = Arrays.asList(this.environment.getOrDefault("PATH", "").split(File.pathSeparator));
		return tool.names()
			.stream()
			.flatMap((name) -> folders.stream()
				.filter((folder) -> !folder.isBlank())
				.map((folder) -> Path.of(folder).resolve(name)))
			.filter(Files::isRegularFile);
	}

	public boolean complete() {
		return find(OTELCOL).isPresent() && find(JAEGER).isPresent();
	}

	/** Native if both programs are here, since that is the real thing. */
	public Stack preferred() {
		return complete() ? Stack.NATIVE : Stack.EMBEDDED;
	}

	/**
	 * Where the program is.
	 * @throws DemoException if it is nowhere
	 */
	public Path require(Tool tool) {
		return find(tool).orElseThrow(() -> new DemoException("""
				There is no %s: neither %s nor %s on the PATH. Build it with ./demo tools (needs Go 1.26 or newer), \
				or use ./demo up --stack embedded.""".formatted(tool.name(), built(tool),
				String.join(" or ", tool.names()))));
	}

}
