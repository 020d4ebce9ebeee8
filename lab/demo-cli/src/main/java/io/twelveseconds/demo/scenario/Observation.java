package io.twelveseconds.demo.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import io.twelveseconds.demo.load.LoadMix;
import io.twelveseconds.demo.load.LoadResult.Outcome;
import io.twelveseconds.demo.order.OrderCommand;
import io.twelveseconds.trace.Span;
import io.twelveseconds.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one load: by its customers, and by the services in some traces.
 *
 * @param outcomes in the order in which they arrived
 * @param traces of some of them, as far as they are in the store
 * @param outageEnd from the load's start; null if there was no outage
 */
record Observation(List<Outcome> outcomes, List<Trace> traces, @Nullable Duration outageEnd) {

	/** Longer than anything that was measured. */
	static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);

	static boolean succeeded(Outcome outcome) {
		return outcome.failure() == null && outcome.status() / 100 == 2;
	}

	/** Those who order. */
	List<Outcome> checkouts() {
		return answers(LoadMix.CHECKOUT);
	}

	/** Those who ask for the same. */
	List<Outcome> answers(String request) {
		return this.outcomes.stream().filter((outcome) -> outcome.request().equals(request)).toList();
	}

	/** Those who only look. */
	List<Outcome> pages() {
		return this.outcomes.stream().filter((outcome) -> !outcome.request().equals(LoadMix.CHECKOUT)).toList();
	}

	long failures() {
		return checkouts().stream().filter((outcome) -> !succeeded(outcome)).count();
	}

	/** How long checkouts took. */
	Duration percentile(int percent) {
		return took(checkouts(), percent);
	}

	static Duration took(List<Outcome> outcomes, int percent) {
		return percentile(outcomes.stream().map(Outcome::took).sorted().toList(), percent);
	}

	/** Nothing is not fast: of no requests, none was answered in any time. */
	static Duration percentile(List<Duration> sorted, int percent) {
		return sorted.isEmpty() ? NEVER : OrderCommand.percentile(sorted, percent);
	}

	/**
	 * From the outage's end until the last customer arrived who failed or had to wait for
	 * too long; empty if there was no outage, or nobody came after it to tell.
	 */
	Optional<Duration> recovery(Duration tooLong) {
		Duration end = this.outageEnd;
		if (end == null || checkouts().stream().noneMatch((outcome) -> outcome.due().compareTo(end) > 0)) {
			return Optional.empty();
		}
		return Optional.of(checkouts().stream()
			.filter((outcome) -> !succeeded(outcome) || outcome.took().compareTo(tooLong) > 0)
			.map((outcome) -> outcome.due().minus(end))
			.filter((time) -> !time.isNegative())
			.max(Duration::compareTo)
			.orElse(Duration.ZERO));
	}

	/** How long each service took for each request or record, the shortest first. */
	Map<String, List<Duration>> services() {
		Map<String, List<Duration>> services = new TreeMap<>();
		for (Trace trace : this.traces) {
			for (Span span : trace.spans()) {
				if (span.kind() == Span.Kind.SERVER || span.kind() == Span.Kind.CONSUMER) {
					services.computeIfAbsent(span.service(), (any) -> new ArrayList<>()).add(span.duration());
				}
			}
		}
		services.values().forEach(Collections::sort);
		return services;
	}

	/** How long half of such spans took at most. */
	Duration median(String service, String name) {
		return percentile(this.traces.stream()
			.flatMap((trace) -> trace.spans().stream())
			.filter((span) -> span.service().equals(service) && span.name().equals(name))
			.map(Span::duration)
			.sorted()
			.toList(), 50);
	}

}
