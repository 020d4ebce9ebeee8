package io.twelveseconds.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.twelveseconds.demo.part.Stack;
import io.twelveseconds.demo.stack.LocalStack;

/**
 * As {@code ./demo up} runs it, with a state directory of its own, so that it never meets
 * a demo that a person is running.
 */
final class Processes implements Deployment {

	private final Path root;

	private final Path home;

	private final LocalStack stack;

	Processes(Path root, String stack) {
		this.root = root;
		this.home = Path.of("target", "shop-" + stack).toAbsolutePath();
		this.stack = new LocalStack(root, this.home, OFFSET, Stack.valueOf(stack.toUpperCase(Locale.ROOT)));
	}

	@Override
	public void up() {
		this.stack.down(true);
		this.stack.up();
	}

	@Override
	public void down() {
		this.stack.down(false);
	}

	@Override
	public void stop(String part) {
		this.stack.kill(part, false);
	}

	@Override
	public void kill(String part) {
		this.stack.kill(part, true);
	}

	@Override
	public void start(String part) {
		this.stack.start(part);
	}

	@Override
	public void freeze(String part) {
		signal(part, "STOP");
	}

	@Override
	public void thaw(String part) {
		signal(part, "CONT");
	}

	private void signal(String part, String signal) {
		Commands.output(this.root, Map.of(), List.of("kill", "-" + signal, String.valueOf(this.stack.pid(part))));
	}

	@Override
	public void sampling(String name) {
		demo("sampling", "use", name);
	}

	@Override
	public String log(String part) {
		try {
			return Files.readString(this.stack.log(part));
		}
		catch (IOException ex) {
			throw new AssertionError("No log of " + part, ex);
		}
	}

	@Override
	public String demo(String... arguments) {
		List<String> command = new ArrayList<>(List.of(this.root.resolve("demo").toString()));
		command.addAll(List.of(arguments));
		return Commands.output(this.root, Map.of("DEMO_HOME", this.home.toString()), command);
	}

}
