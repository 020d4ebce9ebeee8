package io.twelveseconds.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs other programs. */
final class Commands {

	private static final Duration PATIENCE = Duration.ofMinutes(15);

	private Commands() {
	}

	/**
	 * What the command prints, without what it complains about.
	 * @throws AssertionError if it fails, or has not ended after 15 minutes
	 */
	static String output(Path directory, Map<String, String> environment, List<String> command) {
		return output(directory, environment, command, (line) -> {
		});
	}

	/**
	 * The same.
	 * @param reader is given each line a moment after it is printed
	 */
	static String output(Path directory, Map<String, String> environment, List<String> command,
			Consumer<String> reader) {
		try {
			ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
			Path complaints = Path.of("target", "commands.log").toAbsolutePath();
			builder.redirectError(ProcessBuilder.Redirect.appendTo(complaints.toFile()));
			builder.environment().putAll(environment);
			// Not read from the process: that would wait for its end without a limit.
			Path printed = Files.createTempFile("command", ".out");
			builder.redirectOutput(printed.toFile());
			Process process = builder.start();
			try {
				boolean ended = follow(process, printed, reader);
				String output = Files.readString(printed);
				if (!ended || process.exitValue() != 0) {
					throw new AssertionError("`%s` %s; see %s%n%s".formatted(String.join(" ", command),
							ended ? "failed" : "has not ended", complaints,
							output.substring(Math.max(0, output.length() - 2000))));
				}
				return output;
			}
			finally {
				process.destroy();
				Files.delete(printed);
			}
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	/** Whether it has ended in time. */
	private static boolean follow(Process process, Path printed, Consumer<String> reader)
			throws IOException, InterruptedException {
		Instant limit = Instant.now().plus(PATIENCE);
		int read = 0;
		boolean ended = false;
		while (!ended && Instant.now().isBefore(limit)) {
			ended = process.waitFor(200, TimeUnit.MILLISECONDS);
			// The last character may not be whole yet; the lines before it are.
			String output = new String(Files.readAllBytes(printed), StandardCharsets.UTF_8);
			int end = output.lastIndexOf('\n') + 1;
			output.substring(read, end).lines().forEach(reader);
			read = end;
		}
		return ended;
	}

}
