package io.twelveseconds.demo;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;

import io.twelveseconds.demo.PlantedLoad.Sort;
import io.twelveseconds.demo.SamplingFigures.Share;

/** The figures of several ways of sampling, side by side. */
final class SamplingTable {

	private static final int ORDERS_A_DAY = 1_000_000;

	private final List<SamplingFigures> columns;

	private final double pricePerGigabyte;

	SamplingTable(List<SamplingFigures> columns, double pricePerGigabyte) {
		this.columns = columns;
		this.pricePerGigabyte = pricePerGigabyte;
	}

	void print(PrintWriter out) {
		out.println();
		row(out, "", SamplingFigures::sampling);
		row(out, "orders", (figures) -> "%d".formatted(figures.orders()));
		row(out, "traces kept", (figures) -> percent(figures.all()));
		for (Sort sort : List.of(Sort.FAILED, Sort.SLOW, Sort.PREMIUM, Sort.REST)) {
			row(out, "  " + sort.text(), (figures) -> figures.of(sort).toString());
		}
		row(out, "in pieces", (figures) -> "%d".formatted(figures.inPieces()));
		row(out, "orders by span metrics", (figures) -> "%.0f".formatted(figures.counted()));
		row(out, "spans sent / order", (figures) -> "%.1f".formatted(figures.spansSent()));
		row(out, "spans stored / order", (figures) -> "%.1f".formatted(figures.spansStored()));
		row(out, "bytes sent / order", (figures) -> "%.0f".formatted(figures.bytesSent()));
		row(out, "bytes stored / order", (figures) -> "%.0f".formatted(figures.bytesStored()));
		row(out, "Collector, CPU / order", (figures) -> "%.2f ms".formatted(figures.collectorMillis()));
		row(out, "Collector, memory", (figures) -> memory(figures.collectorMemory()));
		row(out, "Jaeger, memory", (figures) -> memory(figures.jaegerMemory()));
		row(out, "services, CPU / order", (figures) -> "%.1f ms".formatted(figures.servicesMillis()));
		row(out, "orders / s, saturated", (figures) -> "%.1f".formatted(figures.throughput()));
		row(out, "  of the first column's",
				(figures) -> "%.2f".formatted(figures.throughput() / this.columns.get(0).throughput()));
		row(out, "at 1 M orders a day", (figures) -> "%.1f GB".formatted(gigabytesADay(figures)));
		row(out, "  at %.2f a GB".formatted(this.pricePerGigabyte),
				(figures) -> "%.2f".formatted(gigabytesADay(figures) * this.pricePerGigabyte));
		out.println("Sent: by the agents, compressed. Stored: handed on to Jaeger, before compression.");
		out.flush();
	}

	private void row(PrintWriter out, String name, Function<SamplingFigures, String> value) {
		StringBuilder line = new StringBuilder("%-26s".formatted(name));
		this.columns.forEach((figures) -> line.append("%14s".formatted(value.apply(figures))));
		out.println(line);
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
