package io.twelveseconds.demo.status;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.deadletters.DeadLetters;
import io.twelveseconds.demo.part.Memory;
import io.twelveseconds.demo.part.Part;
import io.twelveseconds.demo.part.RunningPart;
import io.twelveseconds.demo.stack.Compose;
import io.twelveseconds.demo.stack.LocalStack;
import io.twelveseconds.demo.stack.Postmaster;
import io.twelveseconds.demo.stack.Site;
import io.twelveseconds.demo.telemetry.SpanFlow;
import org.jspecify.annotations.Nullable;

/**
 * The stack as it is now. What could not be asked is null, and the problem says why.
 *
 * @param spans what became of the spans
 * @param problems what could not be asked, and what services complain of
 */
record Status(boolean complete, int portOffset, List<PartStatus> parts, int processes, long residentBytes,
		@Nullable Map<String, Long> deadLetters, SpanFlow spans, List<String> problems) {

	static Status here() {
		return Environment.isCompose() ? of(new Compose()) : of(LocalStack.here());
	}

	private static Status of(LocalStack stack) {
		List<PartStatus> parts = stack.parts().parallelStream().map((part) -> PartStatus.of(stack, part)).toList();
		LocalStack readable = stack.readable();
		List<String> problems = new ArrayList<>(Complaints.of(readable));
		Map<String, Long> letters = null;
		if (parts.stream().anyMatch((part) -> part.name().equals("kafka") && part.processes() > 0)) {
			letters = deadLetters(stack, problems);
		}
		else {
			problems.add("Dead letters: unknown while Kafka is not known to run");
		}
		return new Status(parts.stream().allMatch(PartStatus::isRunning), stack.portOffset(), parts,
				parts.stream().mapToInt(PartStatus::processes).sum(),
				parts.stream().mapToLong(PartStatus::residentBytes).sum(), letters, SpanFlow.of(readable.telemetry()),
				problems);
	}

	private static Status of(Compose compose) {
		List<String> problems = new ArrayList<>(Complaints.of(compose));
		List<PartStatus> parts = compose.containers().parallelStream().map(PartStatus::of).toList();
		Map<String, Long> letters = deadLetters(compose, problems);
		problems.add("Memory and processes: docker compose stats, docker compose ps");
		return new Status(parts.stream().allMatch(PartStatus::isRunning), 0, parts, 0, 0, letters,
				SpanFlow.of(compose.telemetry()), problems);
	}

	private static @Nullable Map<String, Long> deadLetters(Site site, List<String> problems) {
		try {
			return DeadLetters.count(site.broker(), Duration.ofSeconds(3));
		}
		catch (ExecutionException ex) {
			problems.add("Dead letters: Kafka does not answer (%s)".formatted(ex.getCause().getMessage()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return null;
	}

	enum State {

		RUNNING, NOT_READY, DIED, STOPPED, DAMAGED;

		String text() {
			return name().toLowerCase(Locale.ROOT).replace('_', ' ');
		}

	}

	/** One part as it is now. */
	record PartStatus(String name, State state, @Nullable Long pid, Map<String, Integer> ports, int processes,
			long residentBytes, @Nullable Long startupMillis, @Nullable Instant startedAt, @Nullable String problem) {

		private static PartStatus of(Compose.Container container) {
			return new PartStatus(container.name(), container.answers() ? State.RUNNING : State.NOT_READY, null,
					Map.of("port", container.port()), 0, 0, null, null, null);
		}

		private static PartStatus of(LocalStack stack, Part part) {
			try {
				return of(stack, part, stack.state(part));
			}
			catch (DemoException ex) {
				return new PartStatus(part.name(), State.DAMAGED, null, part.ports(), 0, 0, null, null,
						ex.getMessage());
			}
		}

		private static PartStatus of(LocalStack stack, Part part, Optional<RunningPart> remembered) {
			if (remembered.isEmpty()) {
				return new PartStatus(part.name(), State.STOPPED, null, part.ports(), 0, 0, null, null, null);
			}
			RunningPart running = remembered.get();
			List<ProcessHandle> processes = running.process()
				.map((process) -> Stream.concat(Stream.concat(Stream.of(process), process.descendants()),
						stack.postmaster(part).stream().flatMap(Postmaster::processes)))
				.orElse(Stream.empty())
				.distinct()
				.toList();
			State state = processes.isEmpty() ? State.DIED
					: part.isReady(running, stack.log(part.name())) ? State.RUNNING : State.NOT_READY;
			return new PartStatus(part.name(), state, running.pid(), running.ports(), processes.size(),
					processes.stream().mapToLong(Memory::resident).sum(), running.startupMillis(), running.startedAt(),
					null);
		}

		boolean isRunning() {
			return this.state == State.RUNNING;
		}

	}

}
