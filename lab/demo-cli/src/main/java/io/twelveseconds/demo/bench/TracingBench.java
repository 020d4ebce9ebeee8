package io.twelveseconds.demo.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

import io.twelveseconds.demo.bench.BenchResult.Measure;
import io.twelveseconds.demo.bench.BenchResult.Run;
import io.twelveseconds.demo.bench.BenchShop.Counted;
import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.load.ClosedLoad;
import io.twelveseconds.demo.load.Load;
import io.twelveseconds.demo.load.LoadMix;
import io.twelveseconds.demo.load.LoadPlan;
import io.twelveseconds.demo.load.LoadResult;
import io.twelveseconds.demo.load.LoadResult.Latency;

/**
 * Measures the same shop in each mode, round after round. Within a round the modes follow
 * each other, in an order that rotates, so that none is always the first, and whatever
 * else the machine does meets all of them.
 *
 * @param customers of the closed load
 * @param warmUp how long the closed load runs before anything is measured
 * @param duration of each of the two loads that are measured
 * @param report is told how it goes on
 */
record TracingBench(BenchShop shop, List<TracingMode> modes, int rounds, int customers, Duration warmUp,
		Duration duration, Consumer<String> report) {

	/** Seen on two cores; only for saying beforehand how long it will take. */
	private static final Duration INFRASTRUCTURE = Duration.ofSeconds(70);

	private static final Duration RESTART = Duration.ofSeconds(60);

	private static final int CONFIRMED = 201;

	Duration estimate() {
		return INFRASTRUCTURE.plus(RESTART.plus(this.warmUp)
			.plus(this.duration.multipliedBy(2))
			.multipliedBy(this.rounds * this.modes.size()));
	}

	/**
	 * Measures all of it.
	 * @throws IOException if the shop does not say what it sells
	 */
	BenchResult run() throws IOException, InterruptedException {
		this.report.accept("Starting what is below the services, and the services once: they make their databases.");
		this.shop.open();
		this.shop.start(this.modes.get(0));
		this.shop.stop();
		List<Run> runs = new ArrayList<>();
		double rate = 0;
		for (int round = 1; round <= this.rounds; round++) {
			for (TracingMode mode : order(this.modes, round)) {
				this.report.accept("Run %d of %d: round %d, %s".formatted(runs.size() + 1,
						this.rounds * this.modes.size(), round, mode.name()));
				this.shop.start(mode);
				LoadMix mix = LoadMix.of(new LoadPlan(this.shop.gateway(), LoadPlan.MAX_RATE, this.duration));
				warmUp(mix);
				long lostBefore = this.shop.counted().lost();
				ClosedLoad.Result full = saturate(mix);
				if (runs.isEmpty()) {
					rate = Math.min(full.perSecond() / 2, LoadPlan.MAX_RATE);
				}
				Run run = measure(round, mode, full, rate, lostBefore);
				this.shop.stop();
				this.report.accept("  " + told(run));
				runs.add(run);
			}
		}
		return new BenchResult(this.modes.stream().map(TracingMode::name).toList(), rate, runs);
	}

	/** The first round begins with the first mode, which sets the rate for all. */
	static <T> List<T> order(List<T> modes, int round) {
		List<T> rotated = new ArrayList<>(modes);
		Collections.rotate(rotated, -(round - 1));
		return rotated;
	}

	/** What fails, or is lost, is not counted: nothing is measured yet. */
	private void warmUp(LoadMix mix) throws InterruptedException {
		new ClosedLoad(mix, this.customers, this.warmUp).run();
		this.shop.settle();
	}

	private ClosedLoad.Result saturate(LoadMix mix) throws InterruptedException {
		ClosedLoad.Result full = new ClosedLoad(mix, this.customers, this.duration).run();
		this.shop.settle();
		if (full.confirmed() == 0) {
			throw new DemoException("No order was confirmed, %d failed.".formatted(full.failed()));
		}
		return full;
	}

	private Run measure(int round, TracingMode mode, ClosedLoad.Result full, double rate, long lostBefore)
			throws IOException, InterruptedException {
		Counted before = this.shop.counted();
		LoadResult half = new Load(new LoadPlan(this.shop.gateway(), rate, this.duration)).run();
		this.shop.settle();
		Counted after = this.shop.counted();
		requireSilenceOrSpans(mode, after);
		Counted during = after.minus(before);
		double orders = half.arrivals();
		Latency latency = half.total().latency();
		Map<Measure, Double> figures = new EnumMap<>(Measure.class);
		figures.put(Measure.THROUGHPUT, full.perSecond());
		figures.put(Measure.P50, millis(latency.p50()));
		figures.put(Measure.P95, millis(latency.p95()));
		figures.put(Measure.P99, millis(latency.p99()));
		figures.put(Measure.CPU, millis(during.cpu()) / orders);
		figures.put(Measure.BYTES, during.bytes() / orders);
		figures.put(Measure.SPANS, during.spans() / orders);
		figures.put(Measure.STARTUP, millis(this.shop.startupTime()) / 1000);
		figures.put(Measure.MEMORY, this.shop.memory() / 1e6);
		long unconfirmed = half.arrivals() - half.total().statuses().getOrDefault(CONFIRMED, 0L);
		return new Run(round, mode.name(), figures, full.failed() + unconfirmed, after.lost() - lostBefore);
	}

	/** Otherwise the mode is not what its name says. */
	private static void requireSilenceOrSpans(TracingMode mode, Counted all) {
		if (mode.isSilent() != (all.spans() == 0)) {
			throw new DemoException("In mode %s the services exported %d spans.".formatted(mode.name(), all.spans()));
		}
	}

	private static String told(Run run) {
		return String.format(Locale.ROOT, "%.1f orders/s; p50 %.1f ms, p99 %.1f ms; %.1f ms CPU per order; %d failed",
				run.figures().get(Measure.THROUGHPUT), run.figures().get(Measure.P50), run.figures().get(Measure.P99),
				run.figures().get(Measure.CPU), run.failed());
	}

	private static double millis(Duration duration) {
		return duration.toNanos() / 1e6;
	}

}
