package io.twelveseconds.demo.scenario;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.load.LoadMix;
import io.twelveseconds.demo.trace.SpanText;

/** What a story says on its way, and which of its expectations were kept. */
final class Narration {

	private static final String BOLD = "1";

	private static final String RED = "1;31";

	private static final String GREEN = "1;32";

	private final PrintWriter out;

	private final boolean colour;

	private final List<Check> checks = new ArrayList<>();

	private int step;

	Narration(PrintWriter out, boolean colour) {
		this.out = out;
		this.colour = colour;
	}

	/** For what tells something by itself. */
	PrintWriter out() {
		return this.out;
	}

	void step(String title) {
		say("");
		say(paint(BOLD, "%d. %s".formatted(++this.step, title)));
	}

	void say(String text) {
		this.out.println(text);
		this.out.flush();
	}

	void check(Check check) {
		this.checks.add(check);
		say("  %s  %s".formatted(check.held() ? paint(GREEN, "kept  ") : paint(RED, "BROKEN"), check));
	}

	void check(List<Check> all) {
		all.forEach(this::check);
	}

	List<Check> checks() {
		return List.copyOf(this.checks);
	}

	/** Whether all that was expected until now was so. */
	boolean held() {
		return broken().isEmpty();
	}

	/** The last words. */
	boolean verdict() {
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

	/** How each service saw the same load. */
	void services(Observation seen) {
		say("");
		say("  %-24s %8s %10s %10s".formatted("EACH SERVICE ITSELF", "COUNT", "MEDIAN", "MAX"));
		for (Map.Entry<String, List<Duration>> service : seen.services().entrySet()) {
			List<Duration> times = service.getValue();
			say("  %-24s %8d %10s %10s".formatted(SpanText.plain(service.getKey()), times.size(),
					Times.format(Observation.percentile(times, 50)), Times.format(Observation.percentile(times, 100))));
		}
	}

	/**
	 * Three loads side by side.
	 * @param pages what else was asked for
	 */
	void compare(Observation healthy, Observation before, Observation after, Collection<String> pages) {
		List<Observation> all = List.of(healthy, before, after);
		row("CHECKOUTS", Stream.of("ALL WELL", "BEFORE", "AFTER"));
		row("answered well", all.stream().map((seen) -> seen.checkouts().size() - seen.failures()));
		row("failed", all.stream().map(Observation::failures));
		for (int percent : new int[] { 50, 90, 100 }) {
			row((percent == 100) ? "slowest" : "p" + percent,
					all.stream().map((seen) -> Times.format(seen.percentile(percent))));
		}
		for (String path : pages) {
			row("p99 of GET " + path.replaceAll("\\?.*", ""),
					all.stream().map((seen) -> Times.format(Observation.took(seen.answers(LoadMix.page(path)), 99))));
		}
	}

	private void row(String what, Stream<?> cells) {
		say("  %-32s".formatted(what) + cells.map("%10s"::formatted).collect(Collectors.joining(" ", " ", "")));
	}

	private List<Check> broken() {
		return this.checks.stream().filter((check) -> !check.held()).toList();
	}

	private String paint(String code, String text) {
		return this.colour ? "\033[" + code + "m" + text + "\033[0m" : text;
	}

}
