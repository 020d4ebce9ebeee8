package io.twelveseconds.demo.stack;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.part.LogFile;
import io.twelveseconds.demo.part.Part;
import io.twelveseconds.demo.part.Ports;
import io.twelveseconds.demo.part.RunningPart;
import io.twelveseconds.demo.stack.Progress.State;
import org.jspecify.annotations.Nullable;

/**
 * One go at starting parts. Nothing is started before it is known that everything can be;
 * what runs already is left alone.
 */
public final class Startup {

	/** On two cores seven at once took 64 s, two at a time 41 s. */
	private static final int SERVICES_AT_ONCE = 2;

	private static final Duration POLL = Duration.ofMillis(150);

	private final LocalStack stack;

	private final Map<String, Step> steps = new LinkedHashMap<>();

	private final Progress progress;

	private final List<Part> started = new ArrayList<>();

	private final Clock clock = Clock.systemUTC();

	private boolean cancelled;

	public Startup(LocalStack stack, List<Part> parts, Progress progress) {
		this.stack = stack;
		this.progress = progress;
		parts.forEach((part) -> this.steps.put(part.name(), new Step(part)));
	}

	public void run() {
		this.stack.run().alone(() -> {
			ExecutorService unpacker = Executors.newSingleThreadExecutor();
			try {
				start(unpacker);
			}
			catch (IOException ex) {
				throw new DemoException("The start failed: " + ex, ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new DemoException("The start was interrupted", ex);
			}
			finally {
				unpacker.shutdownNow();
				show();
			}
			return null;
		});
	}

	private void start(ExecutorService unpacker) throws IOException, InterruptedException {
		List<Part> missing = missing();
		requireBuilt(missing);
		requireFreePorts(missing);
		this.stack.run().remember(this.stack.kind());
		missing.stream()
			.filter(Part::isService)
			.forEach((part) -> step(part).unpacked = CompletableFuture.runAsync(() -> unpack(part), unpacker));
		while (!advance()) {
			show();
			Thread.sleep(POLL.toMillis());
		}
	}

	/** Ends it from another thread: no more is started, nor shown. */
	public synchronized void cancel() {
		this.cancelled = true;
	}

	/** Stops what this start had started and nothing else. */
	synchronized List<String> stopStarted() {
		List<Part> newestFirst = new ArrayList<>(this.started);
		Collections.reverse(newestFirst);
		this.started.clear();
		return newestFirst.stream().map(this::stop).toList();
	}

	private String stop(Part part) {
		try {
			this.stack.stop(part);
			return part.name();
		}
		catch (DemoException ex) {
			// The others can be stopped all the same.
			return "not %s (%s)".formatted(part.name(), ex.getMessage());
		}
	}

	private List<Part> missing() {
		List<Part> missing = new ArrayList<>();
		for (Step step : this.steps.values()) {
			Optional<RunningPart> running = this.stack.running(step.part);
			if (running.isEmpty()) {
				missing.add(step.part);
			}
			else {
				step.running = running.get();
				step.state = step.part.isReady(running.get(), this.stack.log(step.part.name())) ? State.RUNS_ALREADY
						: State.STARTING;
			}
		}
		return missing;
	}

	private static void requireBuilt(List<Part> parts) {
		for (Part part : parts) {
			if (part.app() != null && !part.app().isBuilt()) {
				throw new DemoException("%s is not built: there is no %s. Try: mvn -DskipTests package"
					.formatted(part.name(), part.app().jar()));
			}
		}
	}

	private void requireFreePorts(List<Part> parts) {
		List<String> busy = new ArrayList<>();
		for (Part part : parts) {
			this.stack.stopLeftOver(part);
			part.ports()
				.values()
				.stream()
				.filter((port) -> !Ports.isFree(port))
				.forEach((port) -> busy.add("Port %d, which %s needs, is in use%s.".formatted(port, part.name(),
						Ports.holder(port).map((who) -> " by " + who).orElse(""))));
		}
		if (!busy.isEmpty()) {
			throw new DemoException(String.join("\n", busy) + "\nNothing was started. Stop what listens there, or move "
					+ "all ports: ./demo up --port-offset 1000 (or DEMO_PORT_OFFSET=1000)");
		}
	}

	private void unpack(Part part) {
		try {
			if (part.app() != null) {
				part.app().unpack();
			}
		}
		catch (IOException ex) {
			throw new DemoException("%s could not be unpacked: %s".formatted(part.name(), ex.getMessage()), ex);
		}
	}

	/** Returns whether all is ready. */
	private synchronized boolean advance() throws IOException {
		if (this.cancelled) {
			throw new DemoException("The start was interrupted");
		}
		for (Step step : this.steps.values()) {
			if (step.state == State.STARTING) {
				look(step);
			}
			else if (step.isReady() && !step.running().isAlive()) {
				fail(step, "has died since it was ready (" + step.exit() + ")");
			}
			if (step.state == State.WAITING && mayStart(step)) {
				this.started.add(step.part);
				step.process = this.stack.launch(step.part);
				step.running = this.stack.state(step.part).orElseThrow();
				step.state = State.STARTING;
				step.since = System.nanoTime();
			}
		}
		return this.steps.values().stream().allMatch(Step::isReady);
	}

	private boolean mayStart(Step step) {
		if (!step.part.isService()) {
			return true;
		}
		// A need that is not among our steps has been seen to before.
		boolean needsMet = step.part.needs()
			.stream()
			.allMatch((name) -> !this.steps.containsKey(name) || this.steps.get(name).isReady());
		long starting = this.steps.values()
			.stream()
			.filter((other) -> other.part.isService() && other.state == State.STARTING)
			.count();
		return needsMet && starting < SERVICES_AT_ONCE && step.isUnpacked();
	}

	private void look(Step step) throws IOException {
		RunningPart running = step.running();
		if (!running.isAlive()) {
			fail(step, "died while starting (" + step.exit() + ")");
		}
		if (step.part.isReady(running, this.stack.log(step.part.name()))) {
			step.took = step.elapsed();
			if (running.startupMillis() == null) {
				// It may have been started by an earlier command, which gave up on
				// another.
				step.running = running
					.withStartupMillis(Duration.between(running.startedAt(), this.clock.instant()).toMillis());
				this.stack.run().remember(step.running);
			}
			step.state = State.READY;
		}
		else if (step.elapsed().compareTo(this.stack.startPatience()) > 0) {
			boolean ours = this.started.contains(step.part);
			if (ours) {
				this.stack.stop(step.part);
				this.started.remove(step.part);
			}
			fail(step, "was not ready after %s, and is %s".formatted(Times.format(this.stack.startPatience()),
					ours ? "stopped" : "left as it is, since it ran before"));
		}
	}

	private void fail(Step step, String reason) {
		step.took = step.elapsed();
		step.state = State.FAILED;
		String lastWords = LogFile.lastWords(this.stack.log(step.part.name()), step.running().logStart(), 12)
			.stream()
			.map((line) -> "    " + line + "\n")
			.collect(Collectors.joining());
		throw new DemoException("%s %s.%n%sIts log: %s%s".formatted(step.part.name(), reason,
				lastWords.isEmpty() ? "" : "The last it said:\n" + lastWords, this.stack.log(step.part.name()),
				(this.steps.size() > 1) ? "\n" + leftRunning() : ""));
	}

	private String leftRunning() {
		String running = names(State.READY, State.RUNS_ALREADY);
		String starting = names(State.STARTING);
		return "Running: %s. Still starting: %s. Not started: %s.%n".formatted(running, starting, names(State.WAITING))
				+ "./demo up starts what is missing, ./demo down stops everything.";
	}

	private String names(State... states) {
		String names = this.steps.values()
			.stream()
			.filter((step) -> List.of(states).contains(step.state))
			.map((step) -> step.part.name())
			.collect(Collectors.joining(", "));
		return names.isEmpty() ? "nothing" : names;
	}

	private synchronized void show() {
		if (!this.cancelled) {
			this.progress.show(this.steps.values().stream().map(Step::line).toList());
		}
	}

	private Step step(Part part) {
		return this.steps.get(part.name());
	}

	/** How far one part is. */
	private static final class Step {

		private final Part part;

		private State state = State.WAITING;

		private long since = System.nanoTime();

		private Duration took = Duration.ZERO;

		private @Nullable RunningPart running;

		private @Nullable Process process;

		private CompletableFuture<Void> unpacked = CompletableFuture.completedFuture(null);

		Step(Part part) {
			this.part = part;
		}

		boolean isReady() {
			return this.state == State.READY || this.state == State.RUNS_ALREADY;
		}

		RunningPart running() {
			if (this.running == null) {
				throw new IllegalStateException(this.part.name() + " has not been started");
			}
			return this.running;
		}

		boolean isUnpacked() {
			try {
				return this.unpacked.isDone() && this.unpacked.get() == null;
			}
			catch (ExecutionException ex) {
				throw (ex.getCause() instanceof DemoException known) ? known
						: new DemoException(String.valueOf(ex.getCause()), ex);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException("It was done already", ex);
			}
		}

		Duration elapsed() {
			return Duration.ofNanos(System.nanoTime() - this.since);
		}

		String exit() {
			try {
				if (this.process == null || !this.process.waitFor(1, TimeUnit.SECONDS)) {
					return "exit code unknown";
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			int code = this.process.exitValue();
			return "exit code " + code + ((code > 128) ? ", signal " + (code - 128) : "");
		}

		Progress.Line line() {
			Duration shown = (this.state == State.STARTING) ? elapsed() : this.took;
			return new Progress.Line(this.part.name(), this.state, shown, this.part.where());
		}

	}

}
