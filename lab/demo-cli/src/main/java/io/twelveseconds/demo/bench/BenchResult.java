package io.twelveseconds.demo.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * What the bench measured. Figures of one machine mean little on another, so each is set
 * against the first mode's of the same round: what changes slowly changes both.
 *
 * @param modes in the order in which they are shown; the first is what the others are
 * compared with
 * @param rate arrivals a second at half load, the same for all
 */
record BenchResult(List<String> modes, double rate, List<Run> runs) {

	/** What is measured in each run. */
	enum Measure {

		THROUGHPUT("throughput at saturation", "orders/s", "more is better"),
		P50("p50 at half load", "ms", "how long the customer waits"),
		P95("p95 at half load", "ms", "how long the customer waits"),
		P99("p99 at half load", "ms", "how long the customer waits"),
		CPU("CPU per order", "ms", "of the seven services, at half load"),
		BYTES("bytes per order", "bytes", "from the services to the Collector, as on the wire, at half load"),
		SPANS("spans per order", "spans", "exported by the services, at half load"),
		STARTUP("start-up", "s", "of each service until it is healthy, added up"),
		MEMORY("memory", "MB", "resident, of the seven services, after the load");

		private final String title;

		private final String unit;

		private final String note;

		Measure(String title, String unit, String note) {
			this.title = title;
			this.unit = unit;
			this.note = note;
		}

		String title() {
			return this.title;
		}

		String unit() {
			return this.unit;
		}

		String note() {
			return this.note;
		}

	}

	/**
	 * One mode in one round.
	 *
	 * @param failed orders that were not confirmed, of both loads
	 * @param lost spans that the agents gave up or had no room for, of both loads
	 */
	record Run(int round, String mode, Map<Measure, Double> figures, long failed, long lost) {
	}

	/** Several rounds in three figures. */
	record Spread(double median, double min, double max) {

		static Spread of(DoubleStream values) {
			double[] sorted = values.sorted().toArray();
			int middle = sorted.length / 2;
			double median = (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
			return new Spread(median, sorted[0], sorted[sorted.length - 1]);
		}

	}

	String baseline() {
		return this.modes.get(0);
	}

	double[] values(Measure measure, String mode) {
		return of(mode).stream().mapToDouble((run) -> run.figures().get(measure)).toArray();
	}

	Spread spread(Measure measure, String mode) {
		return Spread.of(Arrays.stream(values(measure, mode)));
	}

	/**
	 * Each round's figure divided by the first mode's of that round; empty for the first
	 * mode itself, and where that has nothing to divide by.
	 */
	Optional<Spread> ratio(Measure measure, String mode) {
		if (mode.equals(baseline()) || Arrays.stream(values(measure, baseline())).anyMatch((value) -> value == 0)) {
			return Optional.empty();
		}
		return Optional.of(Spread.of(of(mode).stream()
			.mapToDouble((run) -> run.figures().get(measure) / in(run.round(), baseline()).figures().get(measure))));
	}

	long failed(String mode) {
		return of(mode).stream().mapToLong(Run::failed).sum();
	}

	long lost(String mode) {
		return of(mode).stream().mapToLong(Run::lost).sum();
	}

	private List<Run> of(String mode) {
		return this.runs.stream().filter((run) -> run.mode().equals(mode)).toList();
	}

	private Run in(int round, String mode) {
		return of(mode).stream().filter((run) -> run.round() == round).findFirst().orElseThrow();
	}

}
