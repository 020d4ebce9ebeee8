package io.twelveseconds.demo.scenario;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.command.Unchanged;
import io.twelveseconds.demo.load.Load;
import io.twelveseconds.demo.load.LoadPlan;
import io.twelveseconds.demo.load.LoadResult;
import io.twelveseconds.demo.load.LoadResult.Outcome;
import io.twelveseconds.demo.load.LoadScreen;
import io.twelveseconds.demo.trace.TraceApi;
import io.twelveseconds.trace.Trace;
import org.jspecify.annotations.Nullable;

/** The customers of a story: the same ones each time, and the traces that they leave. */
final class Customers {

	/** A trace that is not whole by then will not be. */
	static final Duration PATIENCE = Duration.ofSeconds(40);

	/** Agents export every second. */
	private static final Duration QUIET = Duration.ofSeconds(2);

	/** What grows for longer than that is tried again and again. */
	private static final Duration GROWING = Duration.ofSeconds(5);

	private static final Duration WARM_UP = Duration.ofSeconds(1);

	private static final int FEW = 4;

	/** Enough for a median, and read in a second. */
	private static final int TRACES = 40;

	private final Scenario.Load load;

	private final URI gateway;

	private final TraceApi traces;

	private final Breakage breakage;

	private final Narration narration;

	private final Clock clock = Clock.systemUTC();

	private volatile @Nullable Load running;

	/** Of ours; somebody else's may have ended at this moment. */
	private Instant lastEnd = this.clock.instant();

	Customers(Scenario.Load load, URI gateway, TraceApi traces, Breakage breakage, Narration narration) {
		this.load = load;
		this.gateway = gateway;
		this.traces = traces;
		this.breakage = breakage;
		this.narration = narration;
	}

	/** Returns when the shop does not become faster any more. */
	void warmUp(ShopFacts facts) throws IOException {
		WarmUp.run(() -> plan(LoadPlan.MAX_RATE, WARM_UP).inFlight(FEW), facts);
		this.lastEnd = this.clock.instant();
	}

	/**
	 * Lets them come, with what is to be looked at.
	 * @param expected of whom the telling trace must be among those that are read
	 * @param outage comes and goes meanwhile, if there is one
	 */
	Observation come(Expected expected, Scenario.@Nullable Outage outage) throws IOException {
		if (this.load.begins() != null) {
			Instant start = this.load.begins().next(this.clock.instant());
			this.narration.say("  The first customer comes at %s".formatted(start));
			Times.sleep(Duration.between(this.clock.instant(), start));
		}
		LoadPlan plan = plan(this.load.rate(), this.load.duration());
		List<Outcome> outcomes = (outage != null) ? during(outage, plan) : run(plan);
		Duration outageEnd = (outage != null) ? outage.after().plus(outage.duration()) : null;
		return new Observation(outcomes, traces(outcomes, expected), outageEnd);
	}

	/** Returns when nothing of theirs is on its way any more that anybody counts. */
	void awaitQuiet() throws IOException {
		Times.sleep(Duration.between(this.clock.instant(), this.lastEnd.plus(QUIET)));
	}

	/** Sends away whoever is there. */
	void stop() {
		Load here = this.running;
		if (here != null) {
			here.stop();
		}
	}

	private LoadPlan plan(double rate, Duration duration) {
		LoadPlan plan = new LoadPlan(this.gateway, rate, duration);
		if (this.load.lines() != null) {
			plan.lines(this.load.lines());
		}
		if (Boolean.TRUE.equals(this.load.neighbours())) {
			plan.neighbours();
		}
		if (this.load.customers() != null) {
			plan.customers(this.load.customers());
		}
		if (this.load.also() != null) {
			this.load.also().forEach(plan::also);
		}
		return plan;
	}

	private List<Outcome> run(LoadPlan plan) throws IOException {
		Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
		Load here = new Load(plan, outcomes::add);
		this.running = here;
		LoadScreen screen = new LoadScreen(plan, this.narration.out());
		ScheduledExecutorService everySecond = Executors.newSingleThreadScheduledExecutor();
		try {
			everySecond.scheduleAtFixedRate(() -> screen.show(here.soFar()), 1, 1, TimeUnit.SECONDS);
			LoadResult result = here.run();
			everySecond.shutdownNow();
			screen.finish(result);
		}
		finally {
			everySecond.shutdownNow();
			this.running = null;
			this.lastEnd = this.clock.instant();
		}
		return outcomes.stream().sorted(Comparator.comparing(Outcome::due)).toList();
	}

	private List<Outcome> during(Scenario.Outage outage, LoadPlan plan) throws IOException {
		ScheduledExecutorService times = Executors.newSingleThreadScheduledExecutor();
		try {
			// Its service sees each of them within a second.
			Future<?> begun = times.schedule(() -> this.breakage.begin(outage.fault()), outage.after().toMillis(),
					TimeUnit.MILLISECONDS);
			Future<?> ended = times.schedule(() -> this.breakage.end(outage.fault()),
					outage.after().plus(outage.duration()).toMillis(), TimeUnit.MILLISECONDS);
			List<Outcome> outcomes = run(plan);
			begun.get();
			ended.get();
			return outcomes;
		}
		catch (ExecutionException ex) {
			throw new DemoException("The outage could not be switched: " + ex.getCause().getMessage(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted", ex);
		}
		finally {
			times.shutdownNow();
			this.breakage.end(outage.fault());
		}
	}

	/**
	 * Some of their traces, evenly spread, once all are there and have had time to grow,
	 * or patience is at its end; the one that tells the story is among them.
	 */
	private List<Trace> traces(List<Outcome> outcomes, Expected expected) throws IOException {
		List<String> all = outcomes.stream().flatMap((outcome) -> outcome.traceId().stream()).toList();
		Set<String> wanted = new LinkedHashSet<>();
		for (int i = 0; i < Math.min(TRACES, all.size()); i++) {
			wanted.add(all.get((int) ((long) i * all.size() / Math.min(TRACES, all.size()))));
		}
		if (expected.trace() != null) {
			expected.trace()
				.customer(new Observation(outcomes, List.of(), null))
				.flatMap(Outcome::traceId)
				.ifPresent(wanted::add);
		}
		Instant begin = this.clock.instant();
		Unchanged unchanged = new Unchanged(this.clock);
		while (true) {
			List<Trace> found = new ArrayList<>();
			for (String id : wanted) {
				this.traces.trace(id).map(TraceApi.Stored::trace).ifPresent(found::add);
			}
			Instant now = this.clock.instant();
			Duration still = unchanged.with(found.stream().mapToLong((trace) -> trace.spans().size()).sum());
			boolean grown = still.compareTo(QUIET) > 0 || now.isAfter(begin.plus(GROWING));
			if (now.isAfter(begin.plus(PATIENCE)) || (grown && found.size() == wanted.size())) {
				return found;
			}
			Times.sleep(Duration.ofMillis(500));
		}
	}

}
