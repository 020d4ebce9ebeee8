package io.twelveseconds.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

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
		ProcessHandle.Info process = recorded.get().info();
		if (process.arguments().filter((arguments) -> List.of(arguments).contains(data.toString())).isPresent()) {
			stop(recorded.get());
		}
		else if (process.command().filter((command) -> command.endsWith("postgres")).isEmpty()) {
			// The number belongs to another program by now, after a reboot for instance,
			// or to a dead process that nobody has waited for. PostgreSQL would take
			// either for a running server and refuse to start.
			Files.deleteIfExists(pidFile(data));
		}
	}

	static void stop(ProcessHandle postgres) throws IOException, InterruptedException {
		// SIGTERM would wait for the clients to leave, SIGINT sends them away, and
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

	private static boolean ends(ProcessHandle process, String signal) throws IOException, InterruptedException {
		// Java itself can only send SIGTERM and SIGKILL.
		new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (isRunning(process) && System.nanoTime() < end) {
			Thread.sleep(20);
		}
		return !isRunning(process);
	}

	/**
	 * A dead process that nobody has waited for is still listed, but without its command.
	 */
	private static boolean isRunning(ProcessHandle process) {
		return process.isAlive() && process.info().command().isPresent();
	}

	private static Path pidFile(Path data) {
		return data.resolve("postmaster.pid");
	}

}
