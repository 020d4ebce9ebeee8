package io.twelveseconds.demo.part;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.WholeFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is remembered of a part that was started, as {@code run/<part>.json}. The file
 * goes when the part is stopped; a file without its process means that the part died.
 *
 * @param headShare which share of the traces its agent was told to keep, if it was
 */
public record RunningPart(String part, long pid, Instant processStart, Map<String, Integer> ports, int portOffset,
		Instant startedAt, long logStart, @Nullable Long startupMillis, @Nullable String headShare) {

	private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

	/**
	 * Clock ticks and the time of boot are rounded when a process is asked when it
	 * started.
	 */
	private static final Duration TOLERANCE = Duration.ofSeconds(2);

	public RunningPart withStartupMillis(long millis) {
		return new RunningPart(this.part, this.pid, this.processStart, this.ports, this.portOffset, this.startedAt,
				this.logStart, millis, this.headShare);
	}

	/**
	 * The process, if it still runs and is the one that we started: ids are used again
	 * after a while. Linux counts starts from the time of boot, which moves when the
	 * clock is set, so a JVM whose command names the part is ours whatever the clock
	 * says.
	 */
	public Optional<ProcessHandle> process() {
		return ProcessHandle.of(this.pid)
			.filter(RunningPart::isRunning)
			.filter((process) -> process.info().commandLine().orElse("").contains(marker(this.part, this.portOffset))
					|| process.info().startInstant().filter(this::isStart).isPresent());
	}

	/**
	 * A dead process that nobody has waited for is still listed, but without its command.
	 */
	public static boolean isRunning(ProcessHandle process) {
		return process.isAlive() && process.info().command().isPresent();
	}

	/**
	 * A word in the command of each JVM that we start, by which people recognise it in ps
	 * as well.
	 */
	static String marker(String part, int portOffset) {
		return "-Dtwelveseconds.part=%s+%d".formatted(part, portOffset);
	}

	private boolean isStart(Instant start) {
		return Duration.between(start, this.processStart).abs().compareTo(TOLERANCE) < 0;
	}

	public boolean isAlive() {
		return process().isPresent();
	}

	static Optional<RunningPart> read(Path directory, String part) {
		Path file = file(directory, part);
		try {
			if (!Files.exists(file)) {
				return Optional.empty();
			}
			RunningPart running = JSON.readValue(Files.readString(file), RunningPart.class);
			if (running != null && running.pid > 0 && part.equals(running.part) && running.processStart != null) {
				return Optional.of(running);
			}
			throw damaged(file, part, "it says nothing of " + part, null);
		}
		catch (IOException | JacksonException ex) {
			throw damaged(file, part, ex.getMessage().lines().findFirst().orElse(""), ex);
		}
	}

	private static DemoException damaged(Path file, String part, String why, @Nullable Exception cause) {
		return new DemoException("""
				The state file %s cannot be used: %s
				Look whether %s still runs (ps axww | grep %s), end it if it does, \
				then delete the file.""".formatted(file, why, part, part), cause);
	}

	public void write(Path directory) throws IOException {
		WholeFile.write(file(directory, this.part), JSON.writeValueAsString(this) + "\n");
	}

	static void delete(Path directory, String part) throws IOException {
		Files.deleteIfExists(file(directory, part));
	}

	static Path file(Path directory, String part) {
		return directory.resolve(part + ".json");
	}

}
