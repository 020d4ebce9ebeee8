package io.twelveseconds.demo.load;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Load} measured.
 *
 * @param elapsed from the first arrival to the last answer, or until now
 * @param arrivals how many arrived
 * @param waited how many of them found no free slot, and waited for one
 * @param unfinished how many had neither an answer nor given up
 * @param total everything together
 * @param requests the same for each kind of request, such as {@code POST /api/orders}
 * @param seconds how it went, by the second in which they arrived
 * @param slowest who waited longest, first
 */
public record LoadResult(Duration elapsed, long arrivals, long waited, long unfinished, Figures total,
		Map<String, Figures> requests, List<Second> seconds, List<Outcome> slowest) {

	/** Answers per second. */
	public double achievedRate() {
		return rate(this.total.answered());
	}

	/** Answers per second that say that it worked. */
	public double succeededRate() {
		return rate(this.total.succeeded());
	}

	private double rate(long answers) {
		return answers / (Math.max(1, this.elapsed.toNanos()) / 1e9);
	}

	/**
	 * Some requests.
	 *
	 * @param statuses how many answers had which status
	 * @param failures how many had no answer, and why
	 * @param latency how long they waited
	 */
	public record Figures(Map<Integer, Long> statuses, Map<Failure, Long> failures, Latency latency) {

		/** Answers of any status. */
		public long answered() {
			return this.statuses.values().stream().mapToLong(Long::longValue).sum();
		}

		/** Answers that say that it worked. */
		public long succeeded() {
			return this.statuses.entrySet()
				.stream()
				.filter((status) -> status.getKey() / 100 == 2)
				.mapToLong(Map.Entry::getValue)
				.sum();
		}

		public long failed(Failure failure) {
			return this.failures.getOrDefault(failure, 0L);
		}

		/** Answers and failures. */
		public long ended() {
			return answered() + this.failures.values().stream().mapToLong(Long::longValue).sum();
		}

	}

	/**
	 * How long customers waited, from when they were due to arrive: for an answer of
	 * whatever status, or until they gave up. Broken connections are not among them,
	 * since they say nothing about waiting.
	 */
	public record Latency(Duration p50, Duration p90, Duration p95, Duration p99, Duration p999, Duration max) {

		static Latency of(Histogram micros) {
			return new Latency(at(micros, 50), at(micros, 90), at(micros, 95), at(micros, 99), at(micros, 99.9),
					at(micros, 100));
		}

		private static Duration at(Histogram micros, double percentile) {
			// A bucket of the histogram may end beyond the largest value in it.
			return Duration.ofNanos(1000 * Math.min(micros.getValueAtPercentile(percentile), micros.getMaxValue()));
		}

	}

	/**
	 * Who arrived within one second.
	 *
	 * @param second which, from 0 on
	 */
	public record Second(int second, Figures figures) {
	}

	/** Why there is no answer. */
	public enum Failure {

		/** There was no answer in time. */
		TIMED_OUT("timed out"),

		/** There was no slot in time: nothing was sent. */
		NO_SLOT("never sent, for want of a slot"),

		/** Nobody listens there. */
		NOT_CONNECTED("not connected"),

		/** The connection ended before the answer did. */
		BROKEN_OFF("broken off");

		private final String text;

		Failure(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

		boolean waited() {
			return this == TIMED_OUT || this == NO_SLOT;
		}

	}

	/**
	 * What became of one request.
	 *
	 * @param due when it was to be sent, from the start on
	 * @param took from then on
	 * @param status of the answer, or 0
	 * @param traceId if the gateway has said it
	 * @param location of the order that was made
	 */
	public record Outcome(String request, Duration due, Duration took, int status, @Nullable Failure failure,
			Optional<String> traceId, Optional<String> location) {

		static Outcome of(String request, Duration due, Duration took, @Nullable HttpResponse<?> response,
				@Nullable Failure failure) {
			return new Outcome(request, due, took, (response != null) ? response.statusCode() : 0, failure,
					header(response, "traceresponse").map((value) -> value.split("-"))
						.filter((parts) -> parts.length == 4)
						.map((parts) -> parts[1]),
					header(response, "Location"));
		}

		private static Optional<String> header(@Nullable HttpResponse<?> response, String name) {
			return (response != null) ? response.headers().firstValue(name) : Optional.empty();
		}

	}

}
