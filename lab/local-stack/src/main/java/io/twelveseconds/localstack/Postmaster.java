package io.twelveseconds.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * PostgreSQL's main process. It outlives us when we are killed with -9, and is then found
 * by the {@code postmaster.pid} that it keeps in its data directory.
 */
final class Postmaster {

	private Postmaster() {
	}

	/**
	 * Stops the one that runs in this directory. Only the owner of the lock may ask for
	 * that.
	 */
	static void stop(Path data) throws IOException, InterruptedException {
		Optional<ProcessHandle> recorded = recorded(data);
		if (recorded.isEmpty()) {
			return;
		}
		if (isPostgresOf(data, recorded.get().info())) {
			stop(recorded.get());
		}
		else if (recorded.get().info().command().isPresent()) {
			// The number belongs to another program by now, after a reboot for instance.
			// PostgreSQL would take it for a running server and refuse to start.
			Files.deleteIfExists(pidFile(data));
		}
	}

	static void stop(ProcessHandle postgres) throws IOException, InterruptedException {
		// SIGINT disconnects the clients, where SIGTERM would wait for them to leave;
		// SIGQUIT
		// leaves a recovery to the next start.
		if (!ends(postgres, "INT") && !ends(postgres, "QUIT")) {
			throw new IOException("PostgreSQL (process %d) does not stop".formatted(postgres.pid()));
		}
	}

	private static Optional<ProcessHandle> recorded(Path data) throws IOException {
		if (!Files.exists(pidFile(data))) {
			return Optional.empty();
		}
		String pid = Files.readString(pidFile(data)).lines().findFirst().orElse("").strip();
		return pid.matches("\\d+") ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
	}

	private static boolean isPostgresOf(Path data, ProcessHandle.Info info) {
		return info.command().filter((command) -> Path.of(command).endsWith("postgres")).isPresent() && info.arguments()
			.filter((arguments) -> String.join(" ", arguments).contains(data.toString()))
			.isPresent();
	}

	private static boolean ends(ProcessHandle process, String signal) throws IOException, InterruptedException {
		// Java itself can only send SIGTERM and SIGKILL.
		new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
		try {
			process.onExit().get(20, TimeUnit.SECONDS);
			return true;
		}
		catch (ExecutionException | TimeoutException ex) {
			return false;
		}
	}

	private static Path pidFile(Path data) {
		return data.resolve("postmaster.pid");
	}

}
