package io.twelveseconds.order.tracing;

import java.util.Locale;

import io.opentelemetry.api.trace.Span;

/**
 * Writes down why a neighbour was not asked, or only on trial: a call that is not made
 * has no span. Both attributes are described in {@code telemetry/registry}.
 */
public final class GuardSpan {

	private GuardSpan() {
	}

	public static void circuitBreaker(String state) {
		Span.current().setAttribute("demo.circuit_breaker.state", state.toLowerCase(Locale.ROOT));
	}

	public static void bulkheadFull(String bulkhead) {
		Span.current().setAttribute("demo.bulkhead.full", bulkhead);
	}

}
