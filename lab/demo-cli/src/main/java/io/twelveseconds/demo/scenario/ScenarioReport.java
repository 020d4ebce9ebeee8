package io.twelveseconds.demo.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.twelveseconds.demo.command.Page;
import io.twelveseconds.demo.command.Page.Axis;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.load.LoadResult.Outcome;
import org.jspecify.annotations.Nullable;

import static io.twelveseconds.demo.command.Page.WIDTH;
import static io.twelveseconds.demo.command.Page.label;
import static io.twelveseconds.demo.command.Page.line;
import static io.twelveseconds.demo.command.Page.number;
import static io.twelveseconds.demo.command.Page.text;

/**
 * A story that was told, as one page that needs nothing else: no script, no font, no
 * image from elsewhere.
 *
 * @param checks everything that was expected, in the order in which it was measured
 * @param waterfall of the telling trace, without colours
 * @param diagnosis in a sentence
 */
record ScenarioReport(Scenario scenario, List<Check> checks, @Nullable Observation before, @Nullable Observation after,
		String waterfall, String diagnosis) {

	private static final int HEIGHT = 260;

	private static final int MARGIN = 50;

	String html() {
		long broken = this.checks.stream().filter((check) -> !check.held()).count();
		return Page.of(this.scenario.title(),
				"""
						<p>%s</p>
						<p><strong>%s</strong></p>
						<h2>What the customers saw</h2>
						%s
						<h2>What each service saw of itself</h2>
						%s
						<h2>The telling trace</h2>
						<pre>%s</pre>
						<p>%s</p>
						<h2>The fix</h2>
						<p>%s</p>
						<h2>Expected and measured</h2>
						<table><tr><th></th><th>expected</th><th>measured</th></tr>
						%s
						</table>
						""".formatted(text(this.scenario.story()),
						(broken == 0) ? "The story holds: %d expectations, all kept.".formatted(this.checks.size())
								: "The story does not hold: %d of %d expectations broken.".formatted(broken,
										this.checks.size()),
						customers(), services(), text(this.waterfall), text(this.diagnosis),
						text(this.scenario.fix().told()),
						this.checks.stream().map(ScenarioReport::row).collect(Collectors.joining("\n"))));
	}

	private static String row(Check check) {
		return "<tr><td%s>%s</td><td>%s</td><td>%s</td></tr>".formatted(check.held() ? "" : " class=\"broken\"",
				check.held() ? "kept" : "broken", text(check.what()), text(check.measured()));
	}

	/** A dot for each of them: when he came, and how long he waited. */
	private String customers() {
		double longest = outcomes().mapToDouble((outcome) -> seconds(outcome.took())).max().orElse(0);
		double last = outcomes().mapToDouble((outcome) -> seconds(outcome.due())).max().orElse(0);
		Axis x = new Axis(Math.max(1, last), MARGIN, WIDTH - 20);
		Axis y = new Axis(Math.max(0.1, longest), HEIGHT - 30, 20);
		StringBuilder plot = Page.plot(HEIGHT, "How long each customer waited")
			.append(line("axis", MARGIN, HEIGHT - 30, WIDTH - 20, HEIGHT - 30))
			.append(line("axis", MARGIN, 20, MARGIN, HEIGHT - 30));
		for (double tick : new double[] { 0, longest / 2, longest }) {
			plot.append(label(4, y.at(tick) + 4, number(tick) + " s"));
		}
		plot.append(label(WIDTH / 2.0, HEIGHT - 8, "arrived, from 0 to " + number(last) + " s"));
		dots(plot, this.before, "before", x, y);
		dots(plot, this.after, "after", x, y);
		plot.append(legend()).append(label(240, 13, "with a ring: failed"));
		return plot.append("</svg>").toString();
	}

	private Stream<Outcome> outcomes() {
		return Stream.of(this.before, this.after)
			.flatMap(Stream::ofNullable)
			.flatMap((seen) -> seen.outcomes().stream());
	}

	private static void dots(StringBuilder plot, @Nullable Observation seen, String when, Axis x, Axis y) {
		if (seen != null) {
			for (Outcome outcome : seen.outcomes()) {
				boolean failed = !Observation.succeeded(outcome);
				plot.append(Page.dot(failed ? when + " failed" : when, x.at(seconds(outcome.due())),
						y.at(seconds(outcome.took())), 4, when + ", " + Times.format(outcome.took())));
			}
		}
	}

	/** Its median as a bar. */
	private String services() {
		Map<String, List<Duration>> before = (this.before != null) ? this.before.services() : Map.of();
		Map<String, List<Duration>> after = (this.after != null) ? this.after.services() : Map.of();
		List<String> names = Stream.of(before, after)
			.flatMap((map) -> map.keySet().stream())
			.distinct()
			.sorted()
			.toList();
		double longest = Stream.of(before, after)
			.flatMap((map) -> map.values().stream())
			.mapToDouble((times) -> seconds(Observation.percentile(times, 50)))
			.max()
			.orElse(1);
		Axis x = new Axis(longest, 170, WIDTH - 230);
		int height = 44 * names.size() + 30;
		StringBuilder plot = Page.plot(height, "Median of each service");
		int top = 24;
		for (String name : names) {
			plot.append(label(4, top + 20, name));
			bar(plot, before.get(name), "before", x, top);
			bar(plot, after.get(name), "after", x, top + 18);
			top += 44;
		}
		return plot.append(legend()).append("</svg>").toString();
	}

	private static void bar(StringBuilder plot, @Nullable List<Duration> times, String when, Axis x, int top) {
		if (times != null) {
			Duration median = Observation.percentile(times, 50);
			double end = x.at(seconds(median));
			plot.append(Page.rectangle(when, 170, top, Math.max(1, end - 170), 14))
				.append(label(end + 6, top + 12, "median %s, slowest %s".formatted(Times.format(median),
						Times.format(Observation.percentile(times, 100)))));
		}
	}

	private static String legend() {
		return Page.rectangle("before", 60, 4, 10, 10) + label(74, 13, "before the fix")
				+ Page.rectangle("after", 180, 4, 10, 10) + label(194, 13, "after");
	}

	private static double seconds(Duration duration) {
		return duration.toNanos() / 1e9;
	}

}
