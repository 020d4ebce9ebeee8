package io.twelveseconds.demo;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.twelveseconds.demo.part.Part;
import io.twelveseconds.demo.part.Stack;
import io.twelveseconds.demo.stack.LocalStack;
import org.jspecify.annotations.Nullable;

/**
 * Parts that are small shell scripts. They end by themselves, should a test forget them.
 */
public final class FakeParts {

	private FakeParts() {
	}

	/** Says that it is ready, and waits to be stopped. */
	public static Part good(String name, String... needs) {
		return script(name, "echo ready; exec sleep 120", Map.of(), needs);
	}

	public static Part script(String name, String script, Map<String, Integer> ports, String... needs) {
		return part(name, script, ports, "ready", null, needs);
	}

	/** Runs, and is ready when that address says so. */
	public static Part service(String name, String health, String... needs) {
		return part(name, "exec sleep 120", Map.of(), null, URI.create(health), needs);
	}

	private static Part part(String name, String script, Map<String, Integer> ports, @Nullable String readyLine,
			@Nullable URI health, String... needs) {
		return new Part(name, null, List.of("/bin/sh", "-c", script), Map.of("FAKE", name), ports, Set.of(needs),
				readyLine, health);
	}

	public static LocalStack stack(Path home, Part... parts) {
		return stack(home, Duration.ofSeconds(30), parts);
	}

	public static LocalStack stack(Path home, Duration startPatience, Part... parts) {
		return new LocalStack(Stack.EMBEDDED, List.of(parts), Path.of(""), home, 0, startPatience);
	}

}
