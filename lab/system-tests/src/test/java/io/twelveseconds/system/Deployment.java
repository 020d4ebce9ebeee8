package io.twelveseconds.system;

import java.nio.file.Path;

/**
 * How the shop under test is run. All of them publish the same things on the same ports
 * of this machine, shifted by {@link #OFFSET}.
 */
interface Deployment {

	/** Keeps every port below those that operating systems hand out by themselves. */
	int OFFSET = 10_000;

	/** The one that {@code -Dstack=embedded|native|compose} asks for. */
	static Deployment chosen(Path root) {
		return switch (name()) {
			case "embedded", "native" -> new Processes(root, name());
			case "compose" -> new Containers(root);
			default -> throw new IllegalArgumentException(
					"-Dstack is '%s'; it can be embedded, native or compose".formatted(name()));
		};
	}

	static String name() {
		return System.getProperty("stack", "embedded");
	}

	/** Starts all of it with no data, and returns when it is ready. */
	void up();

	void down();

	/** Asks the part to stop, and waits until it has. */
	void stop(String part);

	/** By SIGKILL. */
	void kill(String part);

	/** Starts it again, and returns when it is ready. */
	void start(String part);

	/** Its ports go on taking connections, and nobody answers. */
	void freeze(String part);

	void thaw(String part);

	/** Keeps other traces from now on: a folder in {@code telemetry/sampling}. */
	void sampling(String name);

	/** What the part has printed so far. */
	String log(String part);

	/** What {@code ./demo} prints, with these arguments. */
	String demo(String... arguments);

}
