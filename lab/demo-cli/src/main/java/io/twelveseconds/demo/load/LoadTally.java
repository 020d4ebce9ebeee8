package io.twelveseconds.demo.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

import io.twelveseconds.demo.load.LoadResult.Failure;
import io.twelveseconds.demo.load.LoadResult.Figures;
import io.twelveseconds.demo.load.LoadResult.Latency;
import io.twelveseconds.demo.load.LoadResult.Outcome;
import io.twelveseconds.demo.load.LoadResult.Second;
import org.HdrHistogram.Histogram;

/** Counts a load. Its size does not grow with the number of requests. */
final class LoadTally {

	private static final int SLOWEST = 10;

	private final LoadPlan plan;

	private final Counts total = new Counts(3);

	private final Map<String, Counts> requests = new LinkedHashMap<>();

	private final Map<Integer, Counts> seconds = new TreeMap<>();

	/** The least slow of them first, to make room for a slower one. */
	private final PriorityQueue<Outcome> slowest = new PriorityQueue<>(Comparator.comparing(Outcome::took));

	private long arrivals;

	private long waited;

	private Duration lastEnd = Duration.ZERO;

	LoadTally(LoadPlan plan) {
		this.plan = plan;
	}

	synchronized void begin(List<String> names) {
		names.forEach((name) -> this.requests.put(name, new Counts(3)));
	}

	synchronized void arrived() {
		this.arrivals++;
	}

	synchronized void foundNoSlot() {
		this.waited++;
	}

	synchronized void add(Outcome outcome) {
		this.total.add(outcome);
		this.requests.computeIfAbsent(outcome.request(), (name) -> new Counts(3)).add(outcome);
		this.seconds.computeIfAbsent((int) outcome.due().toSeconds(), (second) -> new Counts(2)).add(outcome);
		this.slowest.add(outcome);
		if (this.slowest.size() > SLOWEST) {
			this.slowest.remove();
		}
		Duration end = outcome.due().plus(outcome.took());
		this.lastEnd = (end.compareTo(this.lastEnd) > 0) ? end : this.lastEnd;
	}

	synchronized LoadResult result(Duration now) {
		boolean complete = this.arrivals == this.plan.arrivals() && this.total.ended == this.arrivals;
		// The last interval belongs to the load, however fast its answer came.
		Duration whole = this.plan.due(this.plan.arrivals());
		Duration elapsed = !complete ? now : (this.lastEnd.compareTo(whole) > 0) ? this.lastEnd : whole;
		Map<String, Figures> byRequest = new LinkedHashMap<>();
		this.requests.forEach((name, counts) -> byRequest.put(name, counts.figures()));
		List<Second> bySecond = new ArrayList<>();
		this.seconds.forEach((second, counts) -> bySecond.add(new Second(second, counts.figures())));
		return new LoadResult(elapsed, this.arrivals, this.waited, this.arrivals - this.total.ended,
				this.total.figures(), byRequest, bySecond,
				this.slowest.stream().sorted(Comparator.comparing(Outcome::took).reversed()).toList());
	}

	private static final class Counts {

		private final Map<Integer, Long> statuses = new TreeMap<>();

		private final Map<Failure, Long> failures = new EnumMap<>(Failure.class);

		private final Histogram micros;

		private long ended;

		Counts(int digits) {
			this.micros = new Histogram(digits);
		}

		void add(Outcome outcome) {
			this.ended++;
			Failure failure = outcome.failure();
			if (failure == null) {
				this.statuses.merge(outcome.status(), 1L, Long::sum);
			}
			else {
				this.failures.merge(failure, 1L, Long::sum);
			}
			if (failure == null || failure.waited()) {
				this.micros.recordValue(outcome.took().toNanos() / 1000);
			}
		}

		Figures figures() {
			return new Figures(new TreeMap<>(this.statuses), new TreeMap<>(this.failures), Latency.of(this.micros));
		}

	}

}
