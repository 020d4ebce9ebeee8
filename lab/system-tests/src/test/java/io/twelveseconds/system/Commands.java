package io.twelveseconds.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs other programs. */
final class Commands {

	private Commands() {
	}

	/**
	 * What the command prints, without what it complains about.
	 * @throws AssertionError if it fails, or has not ended after 15 minutes
	 */
	static String output(Path directory, Map<String, String> environment, List<String> command) {
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
				boolean ended = process.waitFor(15, TimeUnit.MINUTES);
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

}
