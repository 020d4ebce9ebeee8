package io.twelveseconds.demo.sampling;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.twelveseconds.demo.command.Page;
import io.twelveseconds.demo.command.Page.Axis;
import io.twelveseconds.demo.part.Memory;
import io.twelveseconds.demo.sampling.PlantedLoad.Sort;
import io.twelveseconds.demo.sampling.SamplingFigures.Share;
import io.twelveseconds.demo.scenario.Check;

import static io.twelveseconds.demo.command.Page.text;

/** The figures of several ways of sampling, side by side: as text, and as a page. */
final class SamplingTable {

	private static final int ORDERS_A_DAY = 1_000_000;

	private static final String NOTE = "Sent: by the agents, as on the wire. Stored: handed on to Jaeger, before compression.";

	/** Where bars begin and where the longest ends. */
	private static final int LEFT = 110;

	private static final int RIGHT = Page.WIDTH - 120;

	private static final int ROW = 24;

	private final List<SamplingFigures> columns;

	private final double pricePerGigabyte;

	SamplingTable(List<SamplingFigures> columns, double pricePerGigabyte) {
		this.columns = columns;
		this.pricePerGigabyte = pricePerGigabyte;
	}

	void print(PrintWriter out) {
		out.println();
		for (List<String> row : rows()) {
			out.println("%-26s".formatted(row.get(0))
					+ row.stream().skip(1).map("%14s"::formatted).collect(Collectors.joining()));
		}
		out.println(NOTE);
		out.flush();
	}

	/** The first cell of a row says what the others are. */
	private List<List<String>> rows() {
		List<List<String>> rows = new ArrayList<>();
		rows.add(row("", SamplingFigures::sampling));
		rows.add(row("orders", (figures) -> "%d".formatted(figures.orders())));
		rows.add(row("traces kept", (figures) -> percent(figures.all())));
		for (Sort sort : List.of(Sort.FAILED, Sort.SLOW, Sort.PREMIUM, Sort.REST)) {
			rows.add(row("  " + sort.text(), (figures) -> figures.of(sort).toString()));
		}
		rows.add(row("in pieces", (figures) -> "%d".formatted(figures.inPieces())));
		rows.add(row("orders by span metrics", (figures) -> "%.0f".formatted(figures.counted())));
		rows.add(row("spans sent / order", (figures) -> "%.1f".formatted(figures.spansSent())));
		rows.add(row("spans stored / order", (figures) -> "%.1f".formatted(figures.spansStored())));
		rows.add(row("bytes sent / order", (figures) -> "%.0f".formatted(figures.bytesSent())));
		rows.add(row("bytes stored / order", (figures) -> "%.0f".formatted(figures.bytesStored())));
		rows.add(row("Collector, CPU / order", (figures) -> "%.2f ms".formatted(figures.collectorMillis())));
		rows.add(row("Collector, memory", (figures) -> memory(figures.collectorMemory())));
		rows.add(row("Jaeger, memory", (figures) -> memory(figures.jaegerMemory())));
		rows.add(row("services, CPU / order", (figures) -> "%.1f ms".formatted(figures.servicesMillis())));
		rows.add(row("orders / s, saturated", (figures) -> "%.1f".formatted(figures.throughput())));
		rows.add(row("  of the first column's",
				(figures) -> "%.2f".formatted(figures.throughput() / this.columns.get(0).throughput())));
		rows.add(row("at 1 M orders a day", (figures) -> "%.1f GB".formatted(gigabytesADay(figures))));
		rows.add(row("  at %.2f a GB".formatted(this.pricePerGigabyte),
				(figures) -> "%.2f".formatted(gigabytesADay(figures) * this.pricePerGigabyte)));
		return rows;
	}

	private List<String> row(String name, Function<SamplingFigures, String> value) {
		return Stream.concat(Stream.of(name), this.columns.stream().map(value)).toList();
	}

	/** With what was promised, kept or broken. */
	String html(List<Check> checks) {
		Map<String, String> promises = checks.stream()
			.collect(Collectors.toMap(Check::what, (check) -> (check.held() ? "kept: " : "broken: ") + check.measured(),
					(one, other) -> other, LinkedHashMap::new));
		return Page.of("What sampling keeps, and what it costs",
				"""
						%s
						<h2>All figures</h2>
						%s
						<p>%s</p>
						<h2>What each configuration promises, and what was measured</h2>
						%s
						""".formatted(plots(), Page.table("number", rows()), text(NOTE),
						Page.table("text",
								promises.entrySet()
									.stream()
									.map((promise) -> List.of(promise.getKey(), promise.getValue()))
									.toList())));
	}

	private String plots() {
		return plot("Traces with an error that are kept, in %", (figures) -> 100 * figures.of(Sort.FAILED).ratio())
				+ plot("Slow traces that are kept, in %", (figures) -> 100 * figures.of(Sort.SLOW).ratio())
				+ plot("All traces that are kept, in %", (figures) -> 100 * figures.all().ratio())
				+ plot("Bytes stored for each order", SamplingFigures::bytesStored)
				+ plot("CPU time of the Collector for each order, in ms", SamplingFigures::collectorMillis);
	}

	private String plot(String title, ToDoubleFunction<SamplingFigures> value) {
		double largest = this.columns.stream().mapToDouble(value).max().orElse(0);
		Axis x = new Axis((largest > 0) ? largest : 1, LEFT, RIGHT);
		StringBuilder plot = Page.plot(ROW * this.columns.size() + 6, title);
		int top = 4;
		for (SamplingFigures figures : this.columns) {
			double end = x.at(value.applyAsDouble(figures));
			plot.append(Page.label(4, top + 13, figures.sampling()))
				.append(Page.rectangle("bar", LEFT, top, end - LEFT, ROW - 6))
				.append(Page.label(end + 8, top + 13, Page.number(value.applyAsDouble(figures))));
			top += ROW;
		}
		return "<h3>%s</h3>%n%s</svg>%n".formatted(text(title), plot);
	}

	/** Under docker compose only the engine knows it. */
	private static String memory(long bytes) {
		return (bytes == 0) ? "-" : Memory.megabytes(bytes);
	}

	private static String percent(Share share) {
		return "%.1f %%".formatted(100 * share.ratio());
	}

	private static double gigabytesADay(SamplingFigures figures) {
		return figures.bytesStored() * ORDERS_A_DAY / 1e9;
	}

}
