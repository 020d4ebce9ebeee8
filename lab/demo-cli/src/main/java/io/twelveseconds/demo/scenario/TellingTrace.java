package io.twelveseconds.demo.scenario;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.load.LoadResult.Outcome;
import io.twelveseconds.demo.scenario.Expected.Bounds;
import io.twelveseconds.demo.trace.SpanText;
import io.twelveseconds.trace.Span;
import io.twelveseconds.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * The trace that tells the story, and what it must show.
 *
 * @param which whose it is
 */
record TellingTrace(Which which, List<Spans> spans, @Nullable Beside beside) {

	/** The customer whose trace it is; empty if no answer named a trace. */
	Optional<Outcome> customer(Observation seen) {
		List<Outcome> traced = seen.checkouts().stream().filter((outcome) -> outcome.traceId().isPresent()).toList();
		return this.which.of(traced, seen.traces());
	}

	List<Check> checks(Trace trace) {
		return this.spans.stream().map((wanted) -> wanted.check(trace)).toList();
	}

	enum Which {

		SLOWEST {
			@Override
			Optional<Outcome> of(List<Outcome> customers, List<Trace> traces) {
				return customers.stream().max(BY_TIME);
			}
		},
		/**
		 * Half of them waited longer. Where all are slow it tells the story better than
		 * the slowest, which may have met something else besides.
		 */
		MEDIAN {
			@Override
			Optional<Outcome> of(List<Outcome> customers, List<Trace> traces) {
				return customers.stream().sorted(BY_TIME).skip(customers.size() / 2).findFirst();
			}
		},
		LAST {
			@Override
			Optional<Outcome> of(List<Outcome> customers, List<Trace> traces) {
				return customers.stream().reduce((earlier, later) -> later);
			}
		},
		/** The slowest of those that failed. */
		FAILED {
			@Override
			Optional<Outcome> of(List<Outcome> customers, List<Trace> traces) {
				return failed(customers).max(BY_TIME);
			}
		},
		/** Before others were in the way. */
		@JsonProperty("first-failed")
		FIRST_FAILED {
			@Override
			Optional<Outcome> of(List<Outcome> customers, List<Trace> traces) {
				return failed(customers).findFirst();
			}
		},
		/** The one with the most failed spans, whatever the customer was told. */
		ERRONEOUS {
			@Override
			Optional<Outcome> of(List<Outcome> customers, List<Trace> traces) {
				return traces.stream()
					.max(Comparator.comparingLong((trace) -> trace.spans().stream().filter(Span::failed).count()))
					.flatMap((trace) -> customers.stream()
						.filter((outcome) -> outcome.traceId().equals(Optional.of(trace.id())))
						.findFirst());
			}
		};

		private static final Comparator<Outcome> BY_TIME = Comparator.comparing(Outcome::took);

		/**
		 * @param customers whose answers named a trace, in the order in which they came
		 */
		abstract Optional<Outcome> of(List<Outcome> customers, List<Trace> traces);

		private static Stream<Outcome> failed(List<Outcome> customers) {
			return customers.stream().filter((outcome) -> !Observation.succeeded(outcome));
		}

		String text() {
			return name().toLowerCase(Locale.ROOT).replace('_', ' ');
		}

	}

	/**
	 * Spans of one kind.
	 *
	 * @param each how long each of them is at least
	 * @param error whether each of them has failed
	 * @param attributes what each of them says
	 */
	record Spans(String service, String name, @Nullable Integer atLeast, @Nullable Integer atMost,
			@Nullable Duration each, @Nullable Boolean error, @Nullable Map<String, String> attributes) {

		Spans {
			if (atLeast == null && atMost == null) {
				throw new IllegalArgumentException("spans: at-least or at-most is missing");
			}
		}

		Check check(Trace trace) {
			List<Span> all = trace.spans()
				.stream()
				.filter((span) -> span.service().equals(this.service) && SpanText.title(span).equals(this.name))
				.toList();
			long found = all.stream().filter(this::fits).count();
			Bounds bounds = new Bounds((this.atLeast != null) ? this.atLeast.longValue() : null,
					(this.atMost != null) ? this.atMost.longValue() : null);
			Check check = bounds.check("`%s` in %s%s".formatted(this.name, this.service, which()), found);
			return new Check(check.what(),
					"%d of %d: %s".formatted(found, all.size(),
							all.stream().limit(30).map((span) -> Times.format(span.duration())).toList()),
					check.held());
		}

		private boolean fits(Span span) {
			return (this.each == null || span.duration().compareTo(this.each) >= 0)
					&& (this.error == null || this.error == (span.status() == Span.Status.ERROR))
					&& (this.attributes == null || this.attributes.entrySet()
						.stream()
						.allMatch((wanted) -> span.text(wanted.getKey()).equals(wanted.getValue())));
		}

		private String which() {
			return ((this.each != null) ? " of " + Times.format(this.each) + " or more" : "")
					+ ((this.error != null) ? (this.error ? " that failed" : " that did not fail") : "")
					+ ((this.attributes != null) ? " with " + this.attributes : "");
		}

	}

	/**
	 * Another trace, which ran at the same time.
	 *
	 * @param span the name of its root
	 * @param atLeast for how long both ran
	 */
	record Beside(String service, String span, Duration atLeast) {

		Check check(Trace trace, List<Trace> others) {
			Duration longest = fitting(others).map((other) -> common(trace.root(), other.root()))
				.max(Duration::compareTo)
				.orElse(Duration.ZERO);
			return new Check("a trace `%s` of %s ran at the same time for %s or more".formatted(this.span, this.service,
					Times.format(this.atLeast)), Times.format(longest), longest.compareTo(this.atLeast) >= 0);
		}

		/** The ids of those that did. */
		Set<String> ids(Trace trace, List<Trace> others) {
			return fitting(others).filter((other) -> common(trace.root(), other.root()).compareTo(this.atLeast) >= 0)
				.map(Trace::id)
				.collect(Collectors.toSet());
		}

		private Stream<Trace> fitting(List<Trace> others) {
			return others.stream()
				.filter((other) -> other.root().service().equals(this.service)
						&& other.root().name().equals(this.span));
		}

		private static Duration common(Span one, Span other) {
			long nanos = Math.min(one.endNanos(), other.endNanos()) - Math.max(one.startNanos(), other.startNanos());
			return Duration.ofNanos(Math.max(0, nanos));
		}

	}

}
