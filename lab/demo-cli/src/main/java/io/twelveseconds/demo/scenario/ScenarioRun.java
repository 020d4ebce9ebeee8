package io.twelveseconds.demo.scenario;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.OnInterrupt;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.command.Unchanged;
import io.twelveseconds.demo.load.LoadResult.Outcome;
import io.twelveseconds.demo.scenario.Scenario.Switch;
import io.twelveseconds.demo.stack.Site;
import io.twelveseconds.demo.trace.SpanText;
import io.twelveseconds.demo.trace.TraceApi;
import io.twelveseconds.demo.trace.Waterfall;
import io.twelveseconds.trace.Diagnosis;
import io.twelveseconds.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * Tells one story on the running shop: breaks it, looks, mends it, looks again. Whatever
 * it switched on is switched off again, unless it was asked only to break.
 */
final class ScenarioRun {

	/** What is still missing after so long without a change stays missing. */
	private static final Duration STILL_MISSING = Duration.ofSeconds(5);

	/** The longest that a trace was seen to pause: a charge that is given up. */
	private static final Duration NOT_GROWING = Duration.ofSeconds(12);

	/** More than the customers of any story. */
	private static final int MOST_TRACES = 400;

	/** Whoever only fixes has broken it within that time. */
	private static final Duration JUST_BROKEN = Duration.ofMinutes(10);

	private final String name;

	private final Scenario scenario;

	private final Site site;

	private final URI gateway;

	private final TraceApi traces;

	private final Waterfall.Style style;

	private final Narration narration;

	private final Breakage breakage;

	private final Customers customers;

	private final ToIntFunction<String[]> demo;

	private final Clock clock = Clock.systemUTC();

	private @Nullable Observation healthy;

	private @Nullable Observation before;

	private @Nullable Observation after;

	/** Before the first of the customers; what was broken earlier was not long ago. */
	private Instant since = this.clock.instant();

	private String waterfall = "";

	private String diagnosis = "";

	/**
	 * @param demo runs {@code ./demo} with those words, and gives back its exit code
	 */
	ScenarioRun(String name, Scenario scenario, Site site, URI gateway, TraceApi traces, Waterfall.Style style,
			PrintWriter out, ToIntFunction<String[]> demo) {
		this.name = name;
		this.scenario = scenario;
		this.site = site;
		this.gateway = gateway;
		this.traces = traces;
		this.style = style;
		this.demo = demo;
		this.narration = new Narration(out, style.colour());
		this.breakage = new Breakage(site, this.narration);
		this.customers = new Customers(scenario.load(), gateway, traces, this.breakage, this.narration);
	}

	/**
	 * The whole story.
	 * @return whether all of it held
	 */
	boolean tell() throws IOException {
		OnInterrupt onInterrupt = new OnInterrupt(this::giveUp);
		try {
			introduce();
			Observation healthy = allIsWell();
			ShopFacts begin = facts(this.scenario.back());
			ShopFacts beforeFix = facts(this.scenario.after().shop(), this.scenario.after().say());
			Observation before = breakIt(true);
			if (this.narration.held()) {
				explain(before);
			}
			if (this.narration.held()) {
				this.narration.check(proves("fix", this.scenario.after(), before, beforeFix));
			}
			if (this.narration.held()) {
				Observation after = fixIt();
				this.narration.step("Before and after");
				this.narration.compare(healthy, before, after, this.scenario.load().pages());
				this.narration
					.check(this.scenario.compare().stream().map((compared) -> compared.check(before, after)).toList());
				if (this.scenario.back() != null && this.narration.held()) {
					comeBack(this.scenario.back(), begin);
				}
			}
		}
		finally {
			this.breakage.restore();
			onInterrupt.forget();
		}
		return this.narration.verdict();
	}

	/** Breaks it and leaves it broken, for a person to look for the cause. */
	boolean breakOnly() throws IOException {
		OnInterrupt onInterrupt = new OnInterrupt(this::giveUp);
		boolean complete = false;
		try {
			introduce();
			Observation before = breakIt(false);
			complete = true;
			Objects.requireNonNull(this.scenario.before().trace())
				.customer(before)
				.flatMap(Outcome::traceId)
				.ifPresent((id) -> this.narration.say("""

						Now it is broken. Where does the time go? The %s checkout:
						  %s
						  ./demo trace %s
						  ./demo diagnose %3$s
						When you know it: ./demo scenario %s --fix"""
					.formatted(this.scenario.before().trace().which().text(), this.traces.page(id), id, this.name)));
			this.breakage.killed().forEach((part) -> this.narration.say("Down is: " + part));
		}
		finally {
			if (!complete) {
				this.breakage.restore();
			}
			onInterrupt.forget();
		}
		return this.narration.verdict();
	}

	/** Mends what was broken before, and looks whether that helped. */
	boolean fixOnly() throws IOException {
		OnInterrupt onInterrupt = new OnInterrupt(this::giveUp);
		try {
			this.since = this.since.minus(JUST_BROKEN);
			this.scenario.down().forEach(this.breakage::start);
			Scenario.Return back = (this.scenario.back() != null) ? this.scenario.back().fromHalfway() : null;
			// Nothing that a service says: who is broken may not answer.
			ShopFacts begin = facts((back != null) ? back.shop() : null, List.of());
			fixIt();
			if (back != null && this.narration.held()) {
				comeBack(back, begin);
			}
		}
		finally {
			this.breakage.restore();
			onInterrupt.forget();
		}
		boolean held = this.narration.verdict();
		everyFault().stream()
			.filter((fault) -> this.site.faults().fault(fault).isOn())
			.forEach((fault) -> this.narration
				.say("Still on: %s. ./demo scenario %s --reset".formatted(fault, this.name)));
		return held;
	}

	/** Switches off whatever this story switches on, and starts what it kills. */
	void reset() {
		try {
			this.breakage.off(everyFault());
		}
		finally {
			// Also if a service does not say that it has seen it.
			this.scenario.down().forEach(this.breakage::start);
		}
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
		this.narration.say(this.name + ": " + this.scenario.title());
		this.narration.say(this.scenario.story());
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
		this.narration.step("Customers to warm up");
		this.customers.warmUp(facts(null, List.of()));
	}

	/** The measure of what follows, and the proof that nothing of it was so before. */
	private Observation allIsWell() throws IOException {
		this.narration.step("How it is while all is well");
		Expected before = this.scenario.before();
		ShopFacts facts = facts(before.shop(), before.say());
		Observation seen = this.customers.come(before, null);
		// Else any slow checkout would be a proof, and a sick shop the measure.
		this.narration.check(before.healthy().checks(seen, null));
		this.narration.check(proves("fault", before, seen, facts));
		this.healthy = seen;
		return seen;
	}

	private Observation breakIt(boolean withShop) throws IOException {
		List<String> all = Stream
			.concat(this.scenario.faults().stream().map(Switch::toString),
					this.scenario.down().stream().map((part) -> part + " killed"))
			.toList();
		this.narration.step("Break it: " + String.join(", ", all));
		this.breakage.on(this.scenario.faults());
		this.before = observe("What was to be seen", this.scenario.before(), withShop);
		return this.before;
	}

	/** What the telling trace says. */
	private void explain(Observation before) throws IOException {
		TellingTrace telling = Objects.requireNonNull(this.scenario.before().trace());
		this.narration.step("The telling trace");
		Optional<Trace> found = trace(telling, before);
		if (found.isEmpty()) {
			return;
		}
		Trace trace = found.get();
		new Waterfall(trace, this.traces.page(trace.id()), this.style).printTo(this.narration.out());
		this.waterfall = plain(trace);
		this.narration.out().println();
		this.narration.check(telling.checks(trace));
		Set<String> beside = Set.of();
		if (telling.beside() != null) {
			List<Trace> others = this.traces.recent(telling.beside().service(),
					Duration.between(trace.start(), this.clock.instant()).plusSeconds(60), MOST_TRACES, this.clock);
			this.narration.check(telling.beside().check(trace, others));
			beside = telling.beside().ids(trace, others);
		}
		this.narration.step("What the diagnosis says, from the trace alone");
		Diagnosis diagnosis = Diagnosis.of(trace, this.traces.around(trace));
		this.diagnosis = SpanText.plain(diagnosis.headline());
		this.narration.say("  " + this.diagnosis);
		diagnosis.findings()
			.stream()
			.findFirst()
			.ifPresent((finding) -> this.narration.say("  To do: " + finding.advice()));
		this.narration.check(Objects.requireNonNull(this.scenario.before().diagnosis()).checks(diagnosis, beside));
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
	private Optional<Trace> trace(TellingTrace telling, Observation seen) throws IOException {
		Optional<String> id = telling.customer(seen).flatMap(Outcome::traceId);
		Optional<Trace> trace = id.isPresent() ? telling(id.get(), telling) : Optional.empty();
		if (trace.isEmpty()) {
			this.narration.check(new Check("the trace is in the store", "it is not", false));
		}
		return trace;
	}

	/**
	 * The trace as soon as it shows what it must, or does not grow any more. Work that
	 * goes on after its caller has given up has no span before it ends.
	 */
	private Optional<Trace> telling(String id, TellingTrace telling) throws IOException {
		Instant deadline = this.clock.instant().plus(Customers.PATIENCE);
		Unchanged unchanged = new Unchanged(this.clock);
		while (true) {
			Optional<Trace> trace = this.traces.trace(id).map(TraceApi.Stored::trace);
			Duration still = unchanged.with(trace.map((any) -> any.spans().size()).orElse(0));
			boolean complete = trace.isPresent() && telling.checks(trace.get()).stream().allMatch(Check::held);
			if (complete || still.compareTo(NOT_GROWING) > 0 || this.clock.instant().isAfter(deadline)) {
				return trace;
			}
			Times.sleep(Duration.ofSeconds(1));
		}
	}

	private Observation fixIt() throws IOException {
		this.narration.step("Fix it: " + this.scenario.fix().told());
		this.breakage.off(this.scenario.fix().faultsOff());
		Instant fixed = this.clock.instant();
		if (this.scenario.fix().settle() != null) {
			this.narration.say("  What was begun before may go on for another %s"
				.formatted(Times.format(this.scenario.fix().settle())));
			Times.sleep(this.scenario.fix().settle());
		}
		this.after = observe("What was to be seen after the fix", this.scenario.after(), true);
		if (this.scenario.after().trace() != null && this.narration.held()) {
			trace(this.scenario.after().trace(), this.after).map(this.scenario.after().trace()::checks)
				.ifPresent(this.narration::check);
		}
		if (!this.scenario.after().someTrace().isEmpty() && this.narration.held()) {
			this.narration.check(someTrace(this.scenario.after().someTrace(), fixed));
		}
		return this.after;
	}

	private void comeBack(Scenario.Return back, ShopFacts begin) throws IOException {
		this.narration.step("At the end: " + back.told());
		this.breakage.off(back.faultsOff());
		if (back.run() != null) {
			this.narration.say("  ./demo " + back.run());
			int exit = this.demo.applyAsInt(back.run().split(" "));
			this.narration.check(new Check("./demo %s succeeds".formatted(back.run()), "exit code " + exit, exit == 0));
		}
		List<Outcome> all = Stream.of(this.before, this.after)
			.flatMap(Stream::ofNullable)
			.flatMap((seen) -> seen.checkouts().stream())
			.toList();
		this.narration.check(settled(back.shop(), begin, all));
		for (Expected.Said said : back.say()) {
			this.narration.check(said.check(begin));
		}
		if (!back.someTrace().isEmpty() && this.narration.held()) {
			this.narration.check(someTrace(back.someTrace(), this.since));
		}
	}

	/**
	 * Of the first trace that shows all of it; if there is none by then, of the last. It
	 * may be that of a customer who has left without an answer.
	 */
	private List<Check> someTrace(List<TellingTrace.Spans> wanted, Instant since) throws IOException {
		TellingTrace.Spans first = wanted.get(0);
		Instant deadline = this.clock.instant().plus(Customers.PATIENCE);
		List<Check> checks = List
			.of(new Check("a trace with `%s` is in the store".formatted(first.name()), "none", false));
		do {
			for (Trace trace : this.traces.with(first.service(), first.name(), since, MOST_TRACES, this.clock)) {
				checks = wanted.stream().map((spans) -> spans.check(trace)).toList();
				if (firstBroken(checks).isEmpty()) {
					this.narration.say("  " + this.traces.page(trace.id()));
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
		this.scenario.down().forEach(this.breakage::kill);
		Observation seen = this.customers.come(expected, this.scenario.outage());
		this.narration.services(seen);
		this.narration.step(title);
		this.narration.check(expected.checks(seen, this.healthy));
		for (Expected.Said said : expected.say()) {
			this.narration.check(said.check(facts));
		}
		if (expected.shop() != null && withShop) {
			this.breakage.startAll();
			this.narration.check(settled(expected.shop(), facts, seen.checkouts()));
		}
		return seen;
	}

	/** What has been counted until now, once nothing is on its way any more. */
	private ShopFacts facts(Expected.@Nullable Shop shop, List<Expected.Said> says) throws IOException {
		if (shop == null) {
			return new ShopFacts(this.site, this.gateway, Expected.Shop.NOTHING, says);
		}
		this.customers.awaitQuiet();
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
		Instant deadline = this.clock.instant().plus(this.narration.held() ? shop.within() : Duration.ZERO);
		Unchanged unchanged = new Unchanged(this.clock);
		while (true) {
			List<Check> checks = shop.checks(facts, checkouts);
			boolean held = checks.stream().allMatch(Check::held);
			boolean still = unchanged.with(checks).compareTo(STILL_MISSING) > 0;
			if ((held && (still || !shop.mustStay())) || (still && shop.onlyMissing())
					|| !this.clock.instant().isBefore(deadline)) {
				return checks;
			}
			Times.sleep(Duration.ofSeconds(1));
		}
	}

	/** What was told, as far as it got. */
	ScenarioReport report() {
		return new ScenarioReport(this.scenario, this.narration.checks(), this.before, this.after, this.waterfall,
				this.diagnosis);
	}

	private String plain(Trace trace) {
		StringWriter text = new StringWriter();
		new Waterfall(trace, this.traces.page(trace.id()), new Waterfall.Style(130, false, true))
			.printTo(new PrintWriter(text));
		return text.toString();
	}

	/** After Ctrl-C. */
	private void giveUp() {
		this.customers.stop();
		this.breakage.restoreInHaste();
	}

}
