package io.twelveseconds.order.tracing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import org.jspecify.annotations.Nullable;

/**
 * The context of a request as W3C headers ({@code traceparent}, {@code tracestate},
 * {@code baggage}), to be kept in a row and taken up again by another thread, or another
 * process. Empty when no agent is attached.
 */
public record TraceContext(@JsonValue Map<String, String> headers) {

	private static final TextMapPropagator W3C = TextMapPropagator.composite(W3CTraceContextPropagator.getInstance(),
			W3CBaggagePropagator.getInstance());

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	public TraceContext {
		headers = Map.copyOf(headers);
	}

	/**
	 * The context of the current request.
	 */
	public static TraceContext current() {
		Map<String, String> headers = new LinkedHashMap<>();
		W3C.inject(Context.current(), headers, (carrier, name, value) -> carrier.put(name, value));
		return new TraceContext(headers);
	}

	/**
	 * The trace id, 32 hex digits; null when the request was not traced, or its trace is
	 * not kept.
	 */
	public @Nullable String traceId() {
		SpanContext span = Span.fromContext(extract()).getSpanContext();
		return span.isSampled() ? span.getTraceId() : null;
	}

	/**
	 * Runs the work in this context: the spans it makes become children of the request
	 * that was kept, and its baggage goes on travelling.
	 */
	public void run(Runnable work) {
		extract().wrap(work).run();
	}

	/**
	 * Runs work that makes up for what the request could not do: in its trace, but
	 * without its baggage. A fault that the request had asked for would strike every
	 * further attempt as well, and the order would never be settled.
	 */
	public void runAfterwards(Runnable work) {
		afterwards(Span.fromContext(extract())).wrap(work).run();
	}

	/**
	 * Like {@link #runAfterwards}, under a span of its own: for work whose beginning no
	 * span of the agent would show.
	 * @param name the span's name
	 */
	public <T> T runInSpan(String name, Supplier<T> work) {
		Span span = GlobalOpenTelemetry.getTracer("order-service").spanBuilder(name).setParent(extract()).startSpan();
		try {
			return afterwards(span).wrapSupplier(work).get();
		}
		catch (RuntimeException ex) {
			span.setStatus(StatusCode.ERROR, ex.getClass().getSimpleName());
			throw ex;
		}
		finally {
			span.end();
		}
	}

	private static Context afterwards(Span span) {
		return Context.root().with(span);
	}

	/**
	 * From the root, not from the current context: the thread that takes up the work has
	 * another trace, or none.
	 */
	private Context extract() {
		return W3C.extract(Context.root(), this.headers, HeaderGetter.INSTANCE);
	}

	private enum HeaderGetter implements TextMapGetter<Map<String, String>> {

		INSTANCE;

		@Override
		public Iterable<String> keys(Map<String, String> carrier) {
			return carrier.keySet();
		}

		@Override
		public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
			return (carrier != null) ? carrier.get(key) : null;
		}

	}

}
