package io.twelveseconds.gateway.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * The trace of the request at hand; there is none when no agent is attached.
 */
public final class CurrentTrace {

	private CurrentTrace() {
	}

	/**
	 * The trace id, 32 hex digits.
	 */
	public static @Nullable String id() {
		SpanContext span = Span.current().getSpanContext();
		return span.isValid() ? span.getTraceId() : null;
	}

	/** Whether its spans are kept, as far as is known here. */
	public static boolean isSampled() {
		return Span.current().getSpanContext().isSampled();
	}

	/**
	 * Names trace and span on the answer, in the header that W3C Trace Context Level 2
	 * proposes.
	 */
	public static void writeTo(HttpServletResponse response) {
		SpanContext span = Span.current().getSpanContext();
		if (span.isValid()) {
			response.setHeader("traceresponse",
					"00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex());
		}
	}

}
