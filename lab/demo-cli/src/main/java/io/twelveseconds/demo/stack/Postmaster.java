package io.twelveseconds.demo.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * PostgreSQL itself. It is no child of the JVM that started it, so it must be stopped on
 * its own when that JVM was killed, and counted on its own.
 */
public record Postmaster(ProcessHandle process) {

	/** The server that has this data directory, if one runs. */
	static Optional<Postmaster> of(Path data) {
		Path file = data.resolve("postmaster.pid");
		try {
			List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
			// The directory in the second line and the command guard against a number
			// that is used again.
			if (lines.size() < 2 || !Files.isSameFile(Path.of(lines.get(1).strip()), data)) {
				return Optional.empty();
			}
			return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
				.filter((process) -> process.info().command().filter((c) -> c.endsWith("postgres")).isPresent())
				.map(Postmaster::new);
		}
		catch (IOException | NumberFormatException ex) {
			// Being written or being removed: there will be one, or there was one.
			return Optional.empty();
		}
	}

	public Stream<ProcessHandle> processes() {
		return Stream.concat(Stream.of(this.process), this.process.descendants());
	}

	/** As a power cut would: the next start has to recover. */
	void crash() {
		// The parent first, or it would notice that its children die, and start them
		// again.
		processes().toList().forEach(ProcessHandle::destroyForcibly);
		LocalStack.awaitEnd(this.process, Duration.ofSeconds(10));
	}

	/** Without waiting for its clients, which SIGTERM would. */
	void stop() throws IOException {
		new ProcessBuilder("kill", "-INT", String.valueOf(this.process.pid())).start();
		if (!LocalStack.awaitEnd(this.process, Duration.ofSeconds(15))) {
			crash();
		}
	}

}
