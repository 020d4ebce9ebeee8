package io.twelveseconds.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.twelveseconds.demo.FaultSwitches.Fault;
import io.twelveseconds.demo.LoadResult.Outcome;
import io.twelveseconds.demo.Scenario.Check;
import io.twelveseconds.trace.Diagnosis;
import io.twelveseconds.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * Tells one story on the running shop: breaks it, looks, mends it, looks again. Whatever
 * it switched on is switched off again, unless it was asked only to break.
 */
final class ScenarioRun {

	/** A trace that has not arrived by then will not. */
	private static final Duration PATIENCE = Duration.ofSeconds(20);

	/** Agents export every second. */
	private static final Duration QUIET = Duration.ofSeconds(2);

	private static final String BOLD = "1";

	private static final String RED = "1;31";

	private static final String GREEN = "1;32";

	private final String name;

	private final Scenario scenario;

	private final LocalStack stack;

	private final URI gateway;

	private final TraceApi traces;

	private final Waterfall.Style style;

	private final PrintWriter out;

	private final Clock clock = Clock.systemUTC();

	private final Collection<String> switched = new ConcurrentLinkedQueue<>();

	private final List<Check> checks = new ArrayList<>();

	private volatile @Nullable Load running;

	private @Nullable Observation before;

	private @Nullable Observation after;

	private String waterfall = "";

	private String diagnosis = "";

	private int step;

	ScenarioRun(String name, Scenario scenario, LocalStack stack, URI gateway, TraceApi traces, Waterfall.Style style,
			PrintWriter out) {
		this.name = name;
		this.scenario = scenario;
		this.stack = stack;
		this.gateway = gateway;
		this.traces = traces;
		this.style = style;
		this.out = out;
	}

	/**
	 * The whole story.
	 * @param withFault without it, the story must not hold
	 * @param withFix without it, neither
	 * @return whether all of it held
	 */
	boolean tell(boolean withFault, boolean withFix) throws IOException {
		OnInterrupt onInterrupt = new OnInterrupt(this::stop);
		try {
			introduce();
			Observation before = breakIt(withFault);
			if (broken().isEmpty()) {
				explain(before);
			}
			if (broken().isEmpty()) {
				Observation after = fixIt(withFix);
				step("Before and after");
				compare(before, after);
			}
		}
		finally {
			restore();
			onInterrupt.forget();
		}
		return verdict();
	}

	/** Breaks it and leaves it broken, for a person to look for the cause. */
	boolean breakOnly(boolean withFault) throws IOException {
		OnInterrupt onInterrupt = new OnInterrupt(this::stop);
		boolean complete = false;
		try {
			introduce();
			Observation before = breakIt(withFault);
			complete = true;
			this.scenario.before()
				.trace()
				.customer(before)
				.flatMap(Outcome::traceId)
				.ifPresent((id) -> say("""

						Now it is broken. Where does the time go? The %s checkout:
						  %s
						  ./demo trace %s
						  ./demo diagnose %3$s
						When you know it: ./demo scenario %s --fix""".formatted(
						this.scenario.before().trace().which().name().toLowerCase(Locale.ROOT), this.traces.page(id),
						id, this.name)));
		}
		finally {
			if (!complete) {
				restore();
			}
			onInterrupt.forget();
		}
		return verdict();
	}

	/** Mends what was broken before, and looks whether that helped. */
	boolean fixOnly(boolean withFix) throws IOException {
		fixIt(withFix);
		return verdict();
	}

	/** Switches off whatever this story switches on. */
	void reset() {
		this.scenario.faults().forEach(this::off);
	}

	private void introduce() throws IOException {
		say(this.name + ": " + this.scenario.title());
		say(this.scenario.story());
		for (String fault : this.scenario.faults()) {
			if (this.stack.faults().fault(fault).isOn()) {
				throw new DemoException("The fault %s is on already. To begin anew: ./demo scenario %s --reset"
					.formatted(fault, this.name));
			}
		}
		// The first checkouts after a start are ten times slower, and not what this is
		// about.
		Scenario.Customers load = this.scenario.load();
		step("A few checkouts to warm up");
		new Load(plan(load, 4, Duration.ofSeconds(2))).run();
	}

	private Observation breakIt(boolean withFault) throws IOException {
		step("Break it: " + String.join(", ", this.scenario.faults()));
		if (withFault) {
			this.scenario.faults().forEach(this::on);
		}
		else {
			say("  (no: without the fault)");
		}
		Observation before = observe();
		this.before = before;
		step("What was to be seen");
		check(this.scenario.before().customers().checks(before));
		if (this.scenario.before().services() != null) {
			check(this.scenario.before().services().checks(before));
		}
		return before;
	}

	/** What the telling trace says. */
	private void explain(Observation before) throws IOException {
		Scenario.Telling telling = this.scenario.before().trace();
		step("The telling trace");
		Optional<Trace> found = telling.customer(before)
			.flatMap(Outcome::traceId)
			.flatMap((id) -> before.traces().stream().filter((trace) -> trace.id().equals(id)).findFirst());
		if (found.isEmpty()) {
			check(List.of(new Check("the trace is in the store", "it is not", false)));
			return;
		}
		Trace trace = found.get();
		new Waterfall(trace, this.traces.page(trace.id()), this.style).printTo(this.out);
		this.waterfall = plain(trace);
		this.out.println();
		check(telling.spans().stream().map((spans) -> spans.check(trace)).toList());
		if (telling.beside() != null) {
			List<Trace> others = this.traces.recent(telling.beside().service(),
					Duration.between(trace.start(), this.clock.instant()).plusSeconds(60), 400, this.clock);
			check(List.of(telling.beside().check(trace, others)));
		}
		step("What the diagnosis says, from this trace alone");
		Diagnosis diagnosis = Diagnosis.of(trace);
		this.diagnosis = SpanText.plain(diagnosis.headline());
		say("  " + this.diagnosis);
		diagnosis.findings().stream().findFirst().ifPresent((finding) -> say("  To do: " + finding.advice()));
		check(List.of(this.scenario.before().diagnosis().check(diagnosis)));
	}

	private Observation fixIt(boolean withFix) throws IOException {
		step("Fix it: " + this.scenario.fix().told());
		if (withFix) {
			this.scenario.fix().faultsOff().forEach(this::off);
		}
		else {
			say("  (no: without the fix)");
		}
		Observation after = observe();
		this.after = after;
		step("What was to be seen after the fix");
		check(this.scenario.after().customers().checks(after));
		if (this.scenario.after().services() != null) {
			check(this.scenario.after().services().checks(after));
		}
		return after;
	}

	/** Lets the customers come, and reads their traces. */
	private Observation observe() throws IOException {
		Scenario.Customers customers = this.scenario.load();
		LoadPlan plan = plan(customers, customers.rate(), customers.duration());
		if (customers.begins() != null) {
			Instant start = customers.begins().next(this.clock.instant());
			say("  The first customer comes at %s".formatted(start));
			sleep(Duration.between(this.clock.instant(), start));
		}
		Instant start = this.clock.instant();
		List<Outcome> outcomes = load(plan);
		Observation seen = new Observation(outcomes, settled(outcomes, start));
		printServices(seen);
		return seen;
	}

	private LoadPlan plan(Scenario.Customers customers, double rate, Duration duration) {
		LoadPlan plan = new LoadPlan(this.gateway, rate, duration);
		if (customers.lines() != null) {
			plan.lines(customers.lines());
		}
		if (customers.neighbours()) {
			plan.neighbours();
		}
		if (customers.customers() != null) {
			plan.customers(customers.customers());
		}
		return plan;
	}

	private List<Outcome> load(LoadPlan plan) throws IOException {
		Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
		Load load = new Load(plan, outcomes::add);
		this.running = load;
		LoadScreen screen = new LoadScreen(plan, this.out);
		ScheduledExecutorService everySecond = Executors.newSingleThreadScheduledExecutor();
		try {
			everySecond.scheduleAtFixedRate(() -> screen.show(load.soFar()), 1, 1, TimeUnit.SECONDS);
			LoadResult result = load.run();
			everySecond.shutdownNow();
			screen.finish(result);
		}
		finally {
			everySecond.shutdownNow();
			this.running = null;
		}
		return outcomes.stream().sorted(Comparator.comparing(Outcome::due)).toList();
	}

	/** Their traces, once those have stopped growing or patience is at its end. */
	private List<Trace> settled(List<Outcome> outcomes, Instant start) throws IOException {
		Set<String> wanted = outcomes.stream()
			.flatMap((outcome) -> outcome.traceId().stream())
			.collect(Collectors.toSet());
		Instant deadline = this.clock.instant().plus(PATIENCE);
		Instant unchangedSince = this.clock.instant();
		long spans = -1;
		while (true) {
			Instant now = this.clock.instant();
			List<Trace> found = this.traces
				.recent("api-gateway", Duration.between(start, now).plusSeconds(5), 2 * wanted.size() + 20, this.clock)
				.stream()
				.filter((trace) -> wanted.contains(trace.id()))
				.toList();
			long count = found.stream().mapToLong((trace) -> trace.spans().size()).sum();
			if (count != spans) {
				unchangedSince = now;
				spans = count;
			}
			boolean quiet = !now.isBefore(unchangedSince.plus(QUIET));
			if (now.isAfter(deadline) || (quiet && found.size() == wanted.size())) {
				return found;
			}
			sleep(Duration.ofMillis(300));
		}
	}

	private void printServices(Observation seen) {
		say("");
		say("  %-24s %8s %10s %10s".formatted("EACH SERVICE ITSELF", "COUNT", "MEDIAN", "MAX"));
		for (Map.Entry<String, List<Duration>> service : seen.services().entrySet()) {
			List<Duration> times = service.getValue();
			say("  %-24s %8d %10s %10s".formatted(SpanText.plain(service.getKey()), times.size(),
					Times.format(Observation.percentile(times, 50)), Times.format(Observation.percentile(times, 100))));
		}
	}

	private void compare(Observation before, Observation after) {
		String columns = "  %-24s %10s %10s";
		say(columns.formatted("CHECKOUTS", "BEFORE", "AFTER"));
		say(columns.formatted("answered well", before.outcomes().size() - before.failures(),
				after.outcomes().size() - after.failures()));
		say(columns.formatted("failed", before.failures(), after.failures()));
		for (int percent : new int[] { 50, 90, 100 }) {
			say(columns.formatted((percent == 100) ? "slowest" : "p" + percent,
					Times.format(before.percentile(percent)), Times.format(after.percentile(percent))));
		}
	}

	private void check(List<Check> checks) {
		for (Check check : checks) {
			this.checks.add(check);
			say("  %s  %s; measured: %s".formatted(check.held() ? paint(GREEN, "kept  ") : paint(RED, "BROKEN"),
					check.what(), check.measured()));
		}
	}

	private boolean verdict() {
		say("");
		List<Check> broken = broken();
		if (broken.isEmpty()) {
			say("The story holds: %d expectations, all kept.".formatted(this.checks.size()));
		}
		else {
			say("The story does not hold: %d of %d expectations broken.".formatted(broken.size(), this.checks.size()));
			broken.forEach((check) -> say("  %s; measured: %s".formatted(check.what(), check.measured())));
		}
		return broken.isEmpty();
	}

	private List<Check> broken() {
		return this.checks.stream().filter((check) -> !check.held()).toList();
	}

	/** What was told, as far as it got. */
	ScenarioReport report() {
		return new ScenarioReport(this.scenario, List.copyOf(this.checks), this.before, this.after, this.waterfall,
				this.diagnosis);
	}

	private String plain(Trace trace) {
		StringWriter text = new StringWriter();
		new Waterfall(trace, this.traces.page(trace.id()), new Waterfall.Style(130, false, true))
			.printTo(new PrintWriter(text));
		return text.toString();
	}

	private void on(String name) {
		this.switched.add(name);
		Fault fault = this.stack.faults().on(name, Map.of());
		this.stack.awaitSeen(fault);
		say("  %s is on, and %s has seen it".formatted(name, fault.service()));
	}

	private void off(String name) {
		Fault fault = this.stack.faults().off(name);
		this.switched.remove(name);
		if (this.stack.running(this.stack.part(fault.service())).isPresent()) {
			this.stack.awaitSeen(fault);
			say("  %s is off, and %s has seen it".formatted(name, fault.service()));
		}
	}

	/** In the file at once; whether its service sees it is not waited for. */
	private void restore() {
		for (String fault : this.switched) {
			this.stack.faults().off(fault);
			this.switched.remove(fault);
			say("");
			say("Switched off again: " + fault);
		}
	}

	/** Ctrl-C. */
	private void stop() {
		Load load = this.running;
		if (load != null) {
			load.stop();
		}
		restore();
	}

	private void step(String title) {
		say("");
		say(paint(BOLD, "%d. %s".formatted(++this.step, title)));
	}

	private String paint(String code, String text) {
		return this.style.colour() ? "\033[" + code + "m" + text + "\033[0m" : text;
	}

	private void say(String text) {
		this.out.println(text);
		this.out.flush();
	}

	private static void sleep(Duration time) throws IOException {
		try {
			Thread.sleep(Math.max(0, time.toMillis()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted", ex);
		}
	}

}
