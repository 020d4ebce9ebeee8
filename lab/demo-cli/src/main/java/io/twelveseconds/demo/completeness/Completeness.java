package io.twelveseconds.demo.completeness;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.twelveseconds.demo.trace.SpanText;
import io.twelveseconds.demo.trace.TraceChoice;
import io.twelveseconds.trace.Span;
import io.twelveseconds.trace.Trace;

/**
 * What of an order's trace is there, and what should be.
 *
 * @param order its id
 * @param traceId of the trace in which it was placed
 * @param missing services that have no span in it, though the order went through them
 * @param flaws what else is wrong with it
 */
record Completeness(String order, String traceId, Verdict verdict, Set<String> missing, List<String> flaws) {

	enum Verdict {

		COMPLETE, INCOMPLETE, ABSENT

	}

	/**
	 * Judges the trace of an order that has ended.
	 * @param status how the order ended
	 * @param reason why it was refused; empty if it was not
	 */
	static Completeness of(String order, String traceId, String status, String reason, Optional<Trace> stored) {
		if (stored.isEmpty()) {
			return new Completeness(order, traceId, Verdict.ABSENT, Set.of(), List.of());
		}
		Trace trace = stored.get();
		Set<String> missing = new TreeSet<>(expected(status, reason));
		missing.removeAll(trace.services());
		List<String> flaws = new ArrayList<>();
		// Whoever orders within a trace of his own has the gateway's parent.
		Span root = trace.root();
		if (!root.service().equals("api-gateway")) {
			flaws.add("its root");
		}
		trace.roots()
			.stream()
			.filter((other) -> other != root)
			.forEach((other) -> flaws
				.add("what `%s` in %s belongs to".formatted(SpanText.title(other), other.service())));
		for (Span orphan : trace.orphans()) {
			if (orphan != root || !root.service().equals("api-gateway")) {
				flaws.add("the parent of `%s` in %s".formatted(SpanText.title(orphan), orphan.service()));
			}
		}
		Set<String> told = trace.spans()
			.stream()
			.filter((span) -> span.kind() == Span.Kind.PRODUCER)
			.flatMap((event) -> trace.children(event).stream().map(Span::service))
			.collect(Collectors.toSet());
		for (String listener : TraceChoice.LISTENERS) {
			if (!missing.contains(listener) && !told.contains(listener)) {
				flaws.add("its event in " + listener);
			}
		}
		boolean whole = missing.isEmpty() && flaws.isEmpty();
		return new Completeness(order, traceId, whole ? Verdict.COMPLETE : Verdict.INCOMPLETE, missing, flaws);
	}

	/**
	 * Whoever reads the events works on every order; who is asked on the way depends on
	 * how far it came.
	 */
	private static Set<String> expected(String status, String reason) {
		Set<String> services = new LinkedHashSet<>(List.of("api-gateway", "order-service", "inventory-service"));
		services.addAll(TraceChoice.LISTENERS);
		if (!status.equals("REJECTED") || reason.equals("PAYMENT_DECLINED")) {
			services.add("payment-service");
		}
		if (status.equals("CONFIRMED")) {
			services.add("loyalty-service");
		}
		return services;
	}

	/** Everything that is not there, in words. */
	List<String> gaps() {
		List<String> gaps = new ArrayList<>(this.missing);
		gaps.addAll(this.flaws);
		return gaps;
	}

}
