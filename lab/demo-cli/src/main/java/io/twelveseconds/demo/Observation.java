package io.twelveseconds.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.twelveseconds.demo.LoadResult.Outcome;
import io.twelveseconds.trace.Span;
import io.twelveseconds.trace.Trace;

/**
 * What was seen of some checkouts: by their customers, and by the services in the traces.
 *
 * @param outcomes in the order in which they arrived
 * @param traces theirs, as far as they are in the store
 */
record Observation(List<Outcome> outcomes, List<Trace> traces) {

	static boolean succeeded(Outcome outcome) {
		return outcome.failure() == null && outcome.status() / 100 == 2;
	}

	long failures() {
		return this.outcomes.stream().filter((outcome) -> !succeeded(outcome)).count();
	}

	long slowerThan(Duration time) {
		return this.outcomes.stream().filter((outcome) -> outcome.took().compareTo(time) > 0).count();
	}

	Duration percentile(int percent) {
		return percentile(this.outcomes.stream().map(Outcome::took).sorted().toList(), percent);
	}

	/** Nothing is not fast: of no requests, none was answered in any time. */
	static Duration percentile(List<Duration> sorted, int percent) {
		return sorted.isEmpty() ? Duration.ofNanos(Long.MAX_VALUE) : OrderCommand.percentile(sorted, percent);
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

}
