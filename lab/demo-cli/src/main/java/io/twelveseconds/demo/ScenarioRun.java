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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.twelveseconds.demo.Expected.Check;
import io.twelveseconds.demo.FaultSwitches.Fault;
import io.twelveseconds.demo.LoadResult.Outcome;
import io.twelveseconds.demo.Scenario.Switch;
import io.twelveseconds.trace.Diagnosis;
import io.twelveseconds.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * Tells one story on the running shop: breaks it, looks, mends it, looks again. Whatever
 * it switched on is switched off again, unless it was asked only to break.
 */
final class ScenarioRun {

	/** A trace that is not whole by then will not be. */
	private static final Duration PATIENCE = Duration.ofSeconds(40);

	/** Agents export every second. */
	private static final Duration QUIET = Duration.ofSeconds(2);

	/** What grows for longer than that is tried again and again. */
	private static final Duration GROWING = Duration.ofSeconds(5);

	/** What is still missing after so long without a change stays missing. */
	private static final Duration STILL_MISSING = Duration.ofSeconds(5);

	/** The longest that a trace was seen to pause: a charge that is given up. */
	private static final Duration NOT_GROWING = Duration.ofSeconds(12);

	private static final Duration WARM_UP = Duration.ofSeconds(1);

	private static final int FEW = 4;

	/** Enough for a median, and read in a second. */
	private static final int TRACES = 40;

	/** More than the customers of any story. */
	private static final int MOST_TRACES = 400;

	/** Whoever only fixes has broken it within that time. */
	private static final Duration JUST_BROKEN = Duration.ofMinutes(10);

	private static final String BOLD = "1";

	private static final String RED = "1;31";

	private static final String GREEN = "1;32";

	private final String name;

	private final Scenario scenario;

	private final Site site;

	private final URI gateway;

	private final TraceApi traces;

	private final Waterfall.Style style;

	private final PrintWriter out;

	private final Clock clock = Clock.systemUTC();

	private final Collection<String> switched = new ConcurrentLinkedQueue<>();

	private final Collection<String> killed = new ConcurrentLinkedQueue<>();

	private final List<Check> checks = new ArrayList<>();

	private volatile @Nullable Load running;

	private @Nullable Observation healthy;

	private @Nullable Observation before;

	private @Nullable Observation after;

	/** Before the first of the customers; what was broken earlier was not long ago. */
	private Instant since = this.clock.instant();

	/** Of ours; somebody else's may have ended at this moment. */
	private Instant lastLoadEnd = this.clock.instant();

	private String waterfall = "";

	private String diagnosis = "";

	private int step;

	ScenarioRun(String name, Scenario scenario, Site site, URI gateway, TraceApi traces, Waterfall.Style style,
			PrintWriter out) {
		this.name = name;
		this.scenario = scenario;
		this.site = site;
		this.gateway = gateway;
		this.traces = traces;
		this.style = style;
		this.out = out;
	}

	/**
	 * The whole story.
	 * @return whether all of it held
	 */
	boolean tell() throws IOException {
		OnInterrupt onInterrupt = new OnInterrupt(this::stop);
		try {
			introduce();
			Observation healthy = allIsWell();
			ShopFacts begin = facts(this.scenario.back());
			ShopFacts beforeFix = facts(this.scenario.after().shop(), this.scenario.after().say());
			Observation before = breakIt(true);
			if (broken().isEmpty()) {
				explain(before);
			}
			if (broken().isEmpty()) {
				check(List.of(proves("fix", this.scenario.after(), before, beforeFix)));
			}
			if (broken().isEmpty()) {
				Observation after = fixIt();
				step("Before and after");
				compare(healthy, before, after);
				if (this.scenario.back() != null && broken().isEmpty()) {
					comeBack(this.scenario.back(), begin);
				}
			}
		}
		finally {
			restore();
			onInterrupt.forget();
		}
		return verdict();
	}

	/** Breaks it and leaves it broken, for a person to look for the cause. */
	boolean breakOnly() throws IOException {
		OnInterrupt onInterrupt = new OnInterrupt(this::stop);
		boolean complete = false;
		try {
			introduce();
			Observation before = breakIt(false);
			complete = true;
			Objects.requireNonNull(this.scenario.before().trace())
				.customer(before)
				.flatMap(Outcome::traceId)
				.ifPresent((id) -> say("""

						Now it is broken. Where does the time go? The %s checkout:
						  %s
						  ./demo trace %s
						  ./demo diagnose %3$s
						When you know it: ./demo scenario %s --fix"""
					.formatted(this.scenario.before().trace().which().text(), this.traces.page(id), id, this.name)));
			this.killed.forEach((part) -> say("Down is: " + part));
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
	boolean fixOnly() throws IOException {
		OnInterrupt onInterrupt = new OnInterrupt(this::stop);
		try {
			this.since = this.since.minus(JUST_BROKEN);
			this.scenario.down().forEach(this::start);
			ShopFacts begin = facts(this.scenario.back());
			fixIt();
			if (this.scenario.back() != null && broken().isEmpty()) {
				comeBack(this.scenario.back(), begin);
			}
		}
		finally {
			restore();
			onInterrupt.forget();
		}
		boolean held = verdict();
		everyFault().stream()
			.filter((fault) -> this.site.faults().fault(fault).isOn())
			.forEach((fault) -> say("Still on: %s. ./demo scenario %s --reset".formatted(fault, this.name)));
		return held;
	}

	/** Switches off whatever this story switches on, and starts what it kills. */
	void reset() {
		off(everyFault());
		this.scenario.down().forEach(this::start);
	}

	private Set<String> everyFault() {
		Set<String> faults = new LinkedHashSet<>();
		this.scenario.faults().forEach((fault) -> faults.add(fault.name()));
		if (this.scenario.outage() != null) {
			faults.add(this.scenario.outage().fault().name());
		}
		return faults;
	}

	private void introduce() throws IOException {
		say(this.name + ": " + this.scenario.title());
		say(this.scenario.story());
		for (String fault : everyFault()) {
			if (this.site.faults().fault(fault).isOn()) {
				throw new DemoException("The fault %s is on already. To begin anew: ./demo scenario %s --reset"
					.formatted(fault, this.name));
			}
		}
		for (String part : this.scenario.down()) {
			if (this.site.service(part).isEmpty()) {
				throw new DemoException(
						"%s does not run. To begin anew: ./demo scenario %s --reset".formatted(part, this.name));
			}
		}
		step("Customers to warm up");
		WarmUp.run(() -> plan(this.scenario.load(), LoadPlan.MAX_RATE, WARM_UP).inFlight(FEW), facts(null, List.of()));
		this.lastLoadEnd = this.clock.instant();
	}

	/** The measure of what follows, and the proof that nothing of it was so before. */
	private Observation allIsWell() throws IOException {
		step("How it is while all is well");
		Expected before = this.scenario.before();
		ShopFacts facts = facts(before.shop(), before.say());
		Observation seen = customers(before, null);
		// Otherwise any slow checkout would pass for a proof.
		check(before.anyhow().checks(seen, null));
		check(List.of(proves("fault", before, seen, facts)));
		this.healthy = seen;
		return seen;
	}

	private Observation breakIt(boolean withShop) throws IOException {
		List<String> all = Stream
			.concat(this.scenario.faults().stream().map(Switch::toString),
					this.scenario.down().stream().map((part) -> part + " killed"))
			.toList();
		step("Break it: " + String.join(", ", all));
		on(this.scenario.faults());
		this.before = observe("What was to be seen", this.scenario.before(), withShop);
		return this.before;
	}

	/** What the telling trace says. */
	private void explain(Observation before) throws IOException {
		Expected.Telling telling = Objects.requireNonNull(this.scenario.before().trace());
		step("The telling trace");
		Optional<Trace> found = trace(telling, before);
		if (found.isEmpty()) {
			return;
		}
		Trace trace = found.get();
		new Waterfall(trace, this.traces.page(trace.id()), this.style).printTo(this.out);
		this.waterfall = plain(trace);
		this.out.println();
		check(telling.checks(trace));
		Set<String> beside = Set.of();
		if (telling.beside() != null) {
			List<Trace> others = this.traces.recent(telling.beside().service(),
					Duration.between(trace.start(), this.clock.instant()).plusSeconds(60), MOST_TRACES, this.clock);
			check(List.of(telling.beside().check(trace, others)));
			beside = telling.beside().ids(trace, others);
		}
		step("What the diagnosis says, from the trace alone");
		Diagnosis diagnosis = Diagnosis.of(trace, this.traces.around(trace));
		this.diagnosis = SpanText.plain(diagnosis.headline());
		say("  " + this.diagnosis);
		diagnosis.findings().stream().findFirst().ifPresent((finding) -> say("  To do: " + finding.advice()));
		check(Objects.requireNonNull(this.scenario.before().diagnosis()).checks(diagnosis, beside));
	}

	/** What the fault or the fix is said to bring must not be there without it. */
	private Check proves(String what, Expected with, Observation without, ShopFacts facts) throws IOException {
		Optional<Check> missing = firstMissing(with, without, facts);
		return new Check("without the %s, not all is as it must be with it".formatted(what),
				missing.map((check) -> "not so: " + check)
					.orElse("all of it is, so the %s proves nothing".formatted(what)),
				missing.isPresent());
	}

	/** The first of what is expected that is not to be seen. */
	private Optional<Check> firstMissing(Expected expected, Observation seen, ShopFacts facts) throws IOException {
		Optional<Check> missing = firstBroken(expected.checks(seen, this.healthy));
		Optional<Trace> trace = Optional.empty();
		if (missing.isEmpty() && expected.trace() != null) {
			Optional<String> id = expected.trace().customer(seen).flatMap(Outcome::traceId);
			trace = id.isPresent() ? this.traces.trace(id.get()).map(TraceApi.Stored::trace) : Optional.empty();
			missing = trace.flatMap((told) -> firstBroken(expected.trace().checks(told)));
		}
		if (missing.isEmpty() && expected.diagnosis() != null && trace.isPresent()) {
			Diagnosis diagnosis = Diagnosis.of(trace.get(), this.traces.around(trace.get()));
			missing = firstBroken(expected.diagnosis().checks(diagnosis, Set.of()));
		}
		for (Expected.Said said : expected.say()) {
			missing = missing.isPresent() ? missing : firstBroken(List.of(said.check(facts)));
		}
		if (missing.isEmpty() && expected.shop() != null) {
			// What is only late is not missing.
			Times.sleep(expected.shop().mustStay() ? STILL_MISSING : Duration.ZERO);
			missing = firstBroken(expected.shop().checks(facts, seen.checkouts()));
		}
		return missing;
	}

	private static Optional<Check> firstBroken(List<Check> checks) {
		return checks.stream().filter((check) -> !check.held()).findFirst();
	}

	/** The trace that tells the story; that there is none is an expectation broken. */
	private Optional<Trace> trace(Expected.Telling telling, Observation seen) throws IOException {
		Optional<String> id = telling.customer(seen).flatMap(Outcome::traceId);
		Optional<Trace> trace = id.isPresent() ? telling(id.get(), telling) : Optional.empty();
		if (trace.isEmpty()) {
			check(List.of(new Check("the trace is in the store", "it is not", false)));
		}
		return trace;
	}

	/**
	 * The trace as soon as it shows what it must, or does not grow any more. Work that
	 * goes on after its caller has given up has no span before it ends.
	 */
	private Optional<Trace> telling(String id, Expected.Telling telling) throws IOException {
		Instant deadline = this.clock.instant().plus(PATIENCE);
		Instant unchangedSince = this.clock.instant();
		int spans = 0;
		while (true) {
			Optional<Trace> trace = this.traces.trace(id).map(TraceApi.Stored::trace);
			Instant now = this.clock.instant();
			int count = trace.map((any) -> any.spans().size()).orElse(0);
			if (count != spans) {
				unchangedSince = now;
				spans = count;
			}
			boolean complete = trace.isPresent() && telling.checks(trace.get()).stream().allMatch(Check::held);
			if (complete || now.isAfter(unchangedSince.plus(NOT_GROWING)) || now.isAfter(deadline)) {
				return trace;
			}
			Times.sleep(Duration.ofSeconds(1));
		}
	}

	private Observation fixIt() throws IOException {
		step("Fix it: " + this.scenario.fix().told());
		off(this.scenario.fix().faultsOff());
		if (this.scenario.fix().settle() != null) {
			say("  What was begun before may go on for another %s"
				.formatted(Times.format(this.scenario.fix().settle())));
			Times.sleep(this.scenario.fix().settle());
		}
		this.after = observe("What was to be seen after the fix", this.scenario.after(), true);
		if (this.scenario.after().trace() != null && broken().isEmpty()) {
			trace(this.scenario.after().trace(), this.after).map(this.scenario.after().trace()::checks)
				.ifPresent(this::check);
		}
		return this.after;
	}

	private void comeBack(Scenario.Return back, ShopFacts begin) throws IOException {
		step("At the end: " + back.told());
		off(back.faultsOff());
		if (back.run() != null) {
			say("  ./demo " + back.run());
			int exit = Demo.commandLine().setOut(this.out).setErr(this.out).execute(back.run().split(" "));
			check(List.of(new Check("./demo %s succeeds".formatted(back.run()), "exit code " + exit, exit == 0)));
		}
		List<Outcome> all = Stream.of(this.before, this.after)
			.flatMap(Stream::ofNullable)
			.flatMap((seen) -> seen.checkouts().stream())
			.toList();
		check(settled(back.shop(), begin, all));
		for (Expected.Said said : back.say()) {
			check(List.of(said.check(begin)));
		}
		if (!back.someTrace().isEmpty() && broken().isEmpty()) {
			check(someTrace(back.someTrace()));
		}
	}

	/**
	 * Of the first trace that shows all of it; if there is none by then, of the last. It
	 * may be that of a customer who has left without an answer.
	 */
	private List<Check> someTrace(List<Expected.Spans> wanted) throws IOException {
		Expected.Spans first = wanted.get(0);
		Instant deadline = this.clock.instant().plus(PATIENCE);
		List<Check> checks = List
			.of(new Check("a trace with `%s` is in the store".formatted(first.name()), "none", false));
		do {
			for (Trace trace : this.traces.with(first.service(), first.name(), this.since, MOST_TRACES, this.clock)) {
				checks = wanted.stream().map((spans) -> spans.check(trace)).toList();
				if (firstBroken(checks).isEmpty()) {
					say("  " + this.traces.page(trace.id()));
					return checks;
				}
			}
			Times.sleep(Duration.ofSeconds(1));
		}
		while (this.clock.instant().isBefore(deadline));
		return checks;
	}

	/** Lets the customers come, and looks at what was to be seen. */
	private Observation observe(String title, Expected expected, boolean withShop) throws IOException {
		ShopFacts facts = facts(expected.shop(), expected.say());
		this.scenario.down().forEach(this::kill);
		Observation seen = customers(expected, this.scenario.outage());
		printServices(seen);
		step(title);
		check(expected.checks(seen, this.healthy));
		for (Expected.Said said : expected.say()) {
			check(List.of(said.check(facts)));
		}
		if (expected.shop() != null && withShop) {
			List.copyOf(this.killed).forEach(this::start);
			check(settled(expected.shop(), facts, seen.checkouts()));
		}
		return seen;
	}

	/** Those of the story, with what is to be looked at. */
	private Observation customers(Expected expected, Scenario.@Nullable Outage outage) throws IOException {
		Scenario.Load load = this.scenario.load();
		if (load.begins() != null) {
			Instant start = load.begins().next(this.clock.instant());
			say("  The first customer comes at %s".formatted(start));
			Times.sleep(Duration.between(this.clock.instant(), start));
		}
		List<Outcome> outcomes = (outage != null) ? loadWith(outage, plan(load)) : load(plan(load));
		Duration outageEnd = (outage != null) ? outage.after().plus(outage.duration()) : null;
		return new Observation(outcomes, traces(outcomes, expected), outageEnd);
	}

	/** What has been counted until now, once nothing is on its way any more. */
	private ShopFacts facts(Expected.@Nullable Shop shop, List<Expected.Said> says) throws IOException {
		if (shop == null) {
			return new ShopFacts(this.site, this.gateway, Expected.Shop.NOTHING, says);
		}
		Times.sleep(Duration.between(this.clock.instant(), this.lastLoadEnd.plus(QUIET)));
		return new ShopFacts(this.site, this.gateway, shop, says);
	}

	private ShopFacts facts(Scenario.@Nullable Return back) throws IOException {
		return (back != null) ? facts(back.shop(), back.say()) : facts(null, List.of());
	}

	/**
	 * Looks until all is as it must be. What must be missing counts only when nothing
	 * changes any more; then it will not become more either. Where something is broken
	 * already, one look is enough.
	 */
	private List<Check> settled(Expected.Shop shop, ShopFacts facts, List<Outcome> checkouts) throws IOException {
		Instant deadline = this.clock.instant().plus(broken().isEmpty() ? shop.within() : Duration.ZERO);
		Instant unchangedSince = this.clock.instant();
		List<Check> last = List.of();
		while (true) {
			List<Check> checks = shop.checks(facts, checkouts);
			Instant now = this.clock.instant();
			if (!checks.equals(last)) {
				unchangedSince = now;
				last = checks;
			}
			boolean held = checks.stream().allMatch(Check::held);
			boolean still = now.isAfter(unchangedSince.plus(STILL_MISSING));
			if ((held && (still || !shop.mustStay())) || (still && shop.onlyMissing()) || !now.isBefore(deadline)) {
				return checks;
			}
			Times.sleep(Duration.ofSeconds(1));
		}
	}

	private LoadPlan plan(Scenario.Load load) {
		return plan(load, load.rate(), load.duration());
	}

	private LoadPlan plan(Scenario.Load customers, double rate, Duration duration) {
		LoadPlan plan = new LoadPlan(this.gateway, rate, duration);
		if (customers.lines() != null) {
			plan.lines(customers.lines());
		}
		if (Boolean.TRUE.equals(customers.neighbours())) {
			plan.neighbours();
		}
		if (customers.customers() != null) {
			plan.customers(customers.customers());
		}
		if (customers.also() != null) {
			customers.also().forEach(plan::also);
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
			this.lastLoadEnd = this.clock.instant();
		}
		return outcomes.stream().sorted(Comparator.comparing(Outcome::due)).toList();
	}

	/** An outage that comes and goes meanwhile. */
	private List<Outcome> loadWith(Scenario.Outage outage, LoadPlan plan) throws IOException {
		ScheduledExecutorService times = Executors.newSingleThreadScheduledExecutor();
		try {
			// Its service sees each of them within a second.
			Future<?> begun = times.schedule(() -> begin(outage.fault()), outage.after().toMillis(),
					TimeUnit.MILLISECONDS);
			Future<?> ended = times.schedule(() -> end(outage.fault()),
					outage.after().plus(outage.duration()).toMillis(), TimeUnit.MILLISECONDS);
			List<Outcome> outcomes = load(plan);
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
			end(outage.fault());
		}
	}

	private void begin(Switch fault) {
		this.switched.add(fault.name());
		this.site.faults().on(fault.name(), fault.parameters());
	}

	private void end(Switch fault) {
		this.site.faults().off(fault.name());
		this.switched.remove(fault.name());
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
		Instant unchangedSince = begin;
		long spans = -1;
		while (true) {
			List<Trace> found = new ArrayList<>();
			for (String id : wanted) {
				this.traces.trace(id).map(TraceApi.Stored::trace).ifPresent(found::add);
			}
			Instant now = this.clock.instant();
			long count = found.stream().mapToLong((trace) -> trace.spans().size()).sum();
			if (count != spans) {
				unchangedSince = now;
				spans = count;
			}
			boolean grown = now.isAfter(unchangedSince.plus(QUIET)) || now.isAfter(begin.plus(GROWING));
			if (now.isAfter(begin.plus(PATIENCE)) || (grown && found.size() == wanted.size())) {
				return found;
			}
			Times.sleep(Duration.ofMillis(500));
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

	private void compare(Observation healthy, Observation before, Observation after) {
		List<Observation> all = List.of(healthy, before, after);
		row("CHECKOUTS", Stream.of("ALL WELL", "BEFORE", "AFTER"));
		row("answered well", all.stream().map((seen) -> seen.checkouts().size() - seen.failures()));
		row("failed", all.stream().map(Observation::failures));
		for (int percent : new int[] { 50, 90, 100 }) {
			row((percent == 100) ? "slowest" : "p" + percent,
					all.stream().map((seen) -> Times.format(seen.percentile(percent))));
		}
		for (String path : pages()) {
			row("p99 of GET " + path.replaceAll("\\?.*", ""),
					all.stream().map((seen) -> Times.format(Observation.took(seen.answers(LoadMix.page(path)), 99))));
		}
		check(this.scenario.compare().stream().map((compared) -> compared.check(before, after)).toList());
	}

	private Set<String> pages() {
		return (this.scenario.load().also() != null) ? this.scenario.load().also().keySet() : Set.of();
	}

	private void row(String what, Stream<?> cells) {
		say("  %-32s".formatted(what) + cells.map("%10s"::formatted).collect(Collectors.joining(" ", " ", "")));
	}

	private void check(List<Check> checks) {
		for (Check check : checks) {
			this.checks.add(check);
			say("  %s  %s".formatted(check.held() ? paint(GREEN, "kept  ") : paint(RED, "BROKEN"), check));
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
			broken.forEach((check) -> say("  " + check));
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

	/**
	 * All of them before the first is waited for: a service may be held up by another.
	 */
	private void on(Collection<Switch> faults) {
		faults.forEach((fault) -> this.switched.add(fault.name()));
		faults.stream()
			.map((fault) -> this.site.faults().on(fault.name(), fault.parameters()))
			.toList()
			.forEach(this::seen);
	}

	/** Likewise. */
	private void off(Collection<String> names) {
		List<Fault> faults = names.stream().map(this.site.faults()::off).toList();
		this.switched.removeAll(names);
		faults.forEach(this::seen);
	}

	private void seen(Fault fault) {
		say("  %s is %s, and %s".formatted(fault.name(), fault.isOn() ? "on" : "off",
				this.site.awaitSeen(fault)
					.map((took) -> "%s has seen it after %s".formatted(fault.service(), Times.format(took)))
					.orElse(fault.service() + " does not run")));
	}

	private void kill(String part) {
		if (this.site.service(part).isPresent()) {
			this.killed.add(part);
			this.site.kill(part);
			say("  %s is killed".formatted(part));
		}
	}

	private void start(String part) {
		if (this.site.service(part).isEmpty()) {
			this.site.start(part);
			say("  %s runs again".formatted(part));
		}
		this.killed.remove(part);
	}

	private void restore() {
		switchOff();
		List.copyOf(this.killed).forEach(this::start);
	}

	/** In the file at once; whether its service sees it is not waited for. */
	private void switchOff() {
		for (String fault : this.switched) {
			this.site.faults().off(fault);
			this.switched.remove(fault);
			say("");
			say("Switched off again: " + fault);
		}
	}

	/** Ctrl-C: nobody wants to wait for a start then. */
	private void stop() {
		Load load = this.running;
		if (load != null) {
			load.stop();
		}
		switchOff();
		this.killed.forEach((part) -> say("Still down: %s. ./demo start %1$s".formatted(part)));
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

}
