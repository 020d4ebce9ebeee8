package io.twelveseconds.demo.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.twelveseconds.demo.bench.BenchResult.Measure;
import io.twelveseconds.demo.bench.BenchResult.Run;
import io.twelveseconds.demo.bench.BenchResult.Spread;
import io.twelveseconds.demo.command.Page;
import io.twelveseconds.demo.command.Page.Axis;
import io.twelveseconds.demo.command.Times;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import static io.twelveseconds.demo.command.Page.WIDTH;
import static io.twelveseconds.demo.command.Page.label;
import static io.twelveseconds.demo.command.Page.text;

/**
 * Shows what the bench measured: as a table, as a page with plots, as JSON.
 *
 * @param circumstances what was measured where, in the order in which it is told
 */
record BenchReport(BenchResult result, Map<String, String> circumstances) {

	private static final String TITLE = "The cost of tracing";

	/** Where bars begin and where the longest ends. */
	private static final int LEFT = 150;

	private static final int RIGHT = WIDTH - 260;

	private static final int ROW = 26;

	List<String> table() {
		List<String> lines = new ArrayList<>();
		this.circumstances.forEach((what, value) -> lines.add("%-14s %s".formatted(what, value)));
		lines.add("");
		for (List<String> row : ratios()) {
			lines.add("%-26s".formatted(row.get(0))
					+ row.stream().skip(1).map("%16s"::formatted).collect(Collectors.joining()));
		}
		lines.add("");
		lines.add("%-26s %10s %18s %21s".formatted("", "MEDIAN", "MIN .. MAX", ratioTitle().toUpperCase(Locale.ROOT)));
		for (Measure measure : Measure.values()) {
			lines.add("%s, %s (%s)".formatted(measure.title(), measure.unit(), measure.note()));
			for (String mode : this.result.modes()) {
				Spread spread = this.result.spread(measure, mode);
				lines.add("  %-24s %10s %18s %21s"
					.formatted(mode, number(spread.median()), range(spread), ratio(measure, mode))
					.stripTrailing());
			}
		}
		lines.add("");
		lines.addAll(remarks());
		return lines;
	}

	/** In short: a row for each measure, a column for each mode that is compared. */
	private List<List<String>> ratios() {
		List<String> compared = this.result.modes().subList(1, this.result.modes().size());
		List<List<String>> rows = new ArrayList<>();
		rows.add(Stream.concat(Stream.of(ratioTitle()), compared.stream()).toList());
		for (Measure measure : Measure.values()) {
			List<String> ratios = compared.stream()
				.flatMap((mode) -> this.result.ratio(measure, mode).stream())
				.map((ratio) -> hundredths(ratio.median()))
				.toList();
			if (!ratios.isEmpty()) {
				rows.add(Stream.concat(Stream.of(measure.title()), ratios.stream()).toList());
			}
		}
		return rows;
	}

	private String ratioTitle() {
		return "ratio to " + this.result.baseline();
	}

	private String ratio(Measure measure, String mode) {
		return this.result.ratio(measure, mode)
			.map((ratio) -> "%s (%s)".formatted(hundredths(ratio.median()),
					hundredths(ratio.min()) + " .. " + hundredths(ratio.max())))
			.orElse("");
	}

	/** What must be known before a figure is believed. */
	private List<String> remarks() {
		List<String> remarks = new ArrayList<>();
		for (String mode : this.result.modes()) {
			if (this.result.failed(mode) > 0) {
				remarks.add(
						"%s: %d orders failed, so the figures mean nothing.".formatted(mode, this.result.failed(mode)));
			}
			if (this.result.lost(mode) > 0) {
				remarks.add("%s: the agents lost %d spans, so tracing seems cheaper than it is.".formatted(mode,
						this.result.lost(mode)));
			}
		}
		if (remarks.isEmpty()) {
			remarks.add("No order failed, and the agents lost no span.");
		}
		return remarks;
	}

	String html() {
		return Page.of(TITLE,
				"""
						<p>The same load on the same shop, traced in different ways. Each mode was measured once a round; rounds: %d. A bar is the median, \
						a dot one round; %s is the median of the rounds' own ratios, with the least and the greatest of them.</p>
						<p><strong>%s</strong></p>
						%s
						%s
						<h2>All figures</h2>
						%s
						<h2>How it was measured</h2>
						%s
						"""
					.formatted(rounds(), text(ratioTitle()),
							remarks().stream().map(Page::text).collect(Collectors.joining("<br>\n")),
							Page.table("number", ratios()),
							Arrays.stream(Measure.values()).map(this::plot).collect(Collectors.joining("\n")),
							Page.table("number", figures()),
							Page.table("text",
									this.circumstances.entrySet()
										.stream()
										.map((fact) -> List.of(fact.getKey(), fact.getValue()))
										.toList())));
	}

	private long rounds() {
		return this.result.runs().stream().map(Run::round).distinct().count();
	}

	private String plot(Measure measure) {
		List<String> modes = this.result.modes();
		double largest = modes.stream().mapToDouble((mode) -> this.result.spread(measure, mode).max()).max().orElse(0);
		Axis x = new Axis((largest > 0) ? largest : 1, LEFT, RIGHT);
		StringBuilder plot = Page.plot(ROW * modes.size() + 6, measure.title());
		for (int row = 0; row < modes.size(); row++) {
			row(plot, measure, modes.get(row), x, ROW * row + 4);
		}
		return "<h3>%s, %s</h3>%n<p>%s</p>%n%s</svg>".formatted(text(measure.title()), measure.unit(),
				text(measure.note()), plot);
	}

	private void row(StringBuilder plot, Measure measure, String mode, Axis x, int top) {
		Spread spread = this.result.spread(measure, mode);
		double middle = top + ROW / 2.0 - 4;
		plot.append(label(4, middle + 4, mode))
			.append(Page.rectangle(mode.equals(this.result.baseline()) ? "baseline" : "bar", LEFT, top,
					x.at(spread.median()) - LEFT, ROW - 8))
			.append(Page.line("spread", x.at(spread.min()), middle, x.at(spread.max()), middle));
		for (double value : this.result.values(measure, mode)) {
			plot.append(Page.dot("round", x.at(value), middle, 3, number(value) + " " + measure.unit()));
		}
		plot.append(label(RIGHT + 12, middle + 4, "%s %s".formatted(number(spread.median()), measure.unit())))
			.append(label(RIGHT + 120, middle + 4, ratio(measure, mode)));
	}

	private List<List<String>> figures() {
		List<List<String>> rows = new ArrayList<>();
		rows.add(List.of("", "mode", "median", "min .. max", ratioTitle()));
		for (Measure measure : Measure.values()) {
			for (String mode : this.result.modes()) {
				Spread spread = this.result.spread(measure, mode);
				boolean first = mode.equals(this.result.baseline());
				rows.add(List.of(first ? measure.title() + ", " + measure.unit() : "", mode, number(spread.median()),
						range(spread), ratio(measure, mode)));
			}
		}
		return rows;
	}

	ObjectNode json() {
		ObjectNode json = JsonNodeFactory.instance.objectNode();
		ObjectNode facts = json.putObject("circumstances");
		this.circumstances.forEach(facts::put);
		json.put("baseline", this.result.baseline()).put("halfLoadPerSecond", this.result.rate());
		ArrayNode modes = json.putArray("modes");
		this.result.modes().forEach((mode) -> modes.add(mode(mode)));
		ArrayNode runs = json.putArray("runs");
		for (Run run : this.result.runs()) {
			ObjectNode figures = runs.addObject()
				.put("round", run.round())
				.put("mode", run.mode())
				.put("failed", run.failed())
				.put("lostSpans", run.lost())
				.putObject("figures");
			run.figures().forEach((measure, value) -> figures.put(name(measure), value));
		}
		return json;
	}

	private ObjectNode mode(String mode) {
		ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", mode);
		for (Measure measure : Measure.values()) {
			ObjectNode figures = json.putObject(name(measure)).put("unit", measure.unit());
			figures.set("value", spread(this.result.spread(measure, mode)));
			this.result.ratio(measure, mode).ifPresent((ratio) -> figures.set("ratio", spread(ratio)));
		}
		return json;
	}

	private static ObjectNode spread(Spread spread) {
		return JsonNodeFactory.instance.objectNode()
			.put("median", spread.median())
			.put("min", spread.min())
			.put("max", spread.max());
	}

	private static String name(Measure measure) {
		return measure.name().toLowerCase(Locale.ROOT);
	}

	private static String range(Spread spread) {
		return number(spread.min()) + " .. " + number(spread.max());
	}

	private static String number(double value) {
		return (value == 0) ? "0" : Times.threeDigits(value);
	}

	private static String hundredths(double value) {
		return String.format(Locale.ROOT, "%.2f", value);
	}

}
