package io.twelveseconds.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** One of our programs in a JVM of its own, with as little memory as it must do with. */
final class ServerProcess implements AutoCloseable {

	private final Process process;

	private final Path output;

	private ServerProcess(Process process, Path output) {
		this.process = process;
		this.output = output;
	}

	static ServerProcess start(Class<?> program, String heap, Object... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + heap, "-cp",
						System.getProperty("java.class.path"), program.getName()));
		for (Object argument : arguments) {
			command.add(argument.toString());
		}
		Path output = Files.createTempFile(program.getSimpleName(), ".log");
		return new ServerProcess(
				new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start(), output);
	}

	ServerProcess awaitReady(String line) throws IOException, InterruptedException {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
		while (!output().lines().toList().contains(line)) {
			boolean ended = this.process.waitFor(50, TimeUnit.MILLISECONDS);
			assertThat(!ended && System.nanoTime() < end).as("still on its way to say \"%s\":%n%s", line, output())
				.isTrue();
		}
		return this;
	}

	int awaitExit() throws InterruptedException {
		assertThat(this.process.waitFor(60, TimeUnit.SECONDS)).as("ended in time").isTrue();
		return this.process.exitValue();
	}

	/** As {@code kill} does. */
	void terminate() throws InterruptedException {
		this.process.destroy();
		awaitExit();
	}

	/** As {@code kill -9} does. */
	void kill() throws InterruptedException {
		this.process.destroyForcibly();
		awaitExit();
	}

	String output() throws IOException {
		return Files.readString(this.output);
	}

	@Override
	public void close() throws IOException {
		this.process.destroyForcibly();
		Files.delete(this.output);
	}

}
