package io.twelveseconds.order.tracing;

import java.util.UUID;

import io.opentelemetry.api.trace.Span;

/**
 * The two attributes of our own, described in {@code telemetry/registry}: they answer
 * "which order was this?" and "how far did it get?" from a trace alone.
 */
public final class OrderSpan {

	private OrderSpan() {
	}

	public static void tell(UUID orderId, String status) {
		Span.current().setAttribute("demo.order.id", orderId.toString()).setAttribute("demo.order.status", status);
	}

}
