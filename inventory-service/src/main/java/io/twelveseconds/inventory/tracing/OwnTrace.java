package io.twelveseconds.inventory.tracing;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;

/**
 * A trace for work that no request asked for. Such traces are dropped, but for those that
 * say which job they are: the sampler in {@code telemetry/agent.yaml} knows the attribute
 * {@code demo.job}.
 */
public final class OwnTrace {

	private OwnTrace() {
	}

	public static void run(String job, Runnable work) {
		Span span = GlobalOpenTelemetry.getTracer("inventory-service")
			.spanBuilder(job)
			.setNoParent()
			// The sampler decides when the span begins: it must be there by then.
			.setAttribute("demo.job", job)
			.startSpan();
		try {
			Context.root().with(span).wrap(work).run();
		}
		catch (RuntimeException ex) {
			span.setStatus(StatusCode.ERROR, ex.getClass().getSimpleName());
			throw ex;
		}
		finally {
			span.end();
		}
	}

}
