package io.twelveseconds.notification.tracing;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.listener.ConsumerAwareRecordRecoverer;

/**
 * Recovers a record in the trace it came with. The agent writes the current context over
 * the record's own {@code traceparent}. It may leave the span of the failed attempt
 * current for the error handler, and then the dead letter belongs under that; but nothing
 * promises it, and without it the dead letter would lose its order's trace.
 */
public final class TracedRecoverer implements ConsumerAwareRecordRecoverer {

	private final ConsumerAwareRecordRecoverer recoverer;

	public TracedRecoverer(ConsumerAwareRecordRecoverer recoverer) {
		this.recoverer = recoverer;
	}

	@Override
	public void accept(ConsumerRecord<?, ?> record, @Nullable Consumer<?, ?> consumer, Exception ex) {
		Context origin = GlobalOpenTelemetry.getPropagators()
			.getTextMapPropagator()
			.extract(Context.root(), record.headers(), HeaderGetter.INSTANCE);
		Context current = Context.current();
		(traceId(current).equals(traceId(origin)) ? current : origin)
			.wrap(() -> this.recoverer.accept(record, consumer, ex))
			.run();
	}

	private static String traceId(Context context) {
		return Span.fromContext(context).getSpanContext().getTraceId();
	}

	private enum HeaderGetter implements TextMapGetter<Headers> {

		INSTANCE;

		@Override
		public Iterable<String> keys(Headers headers) {
			return Stream.of(headers.toArray()).map(Header::key).toList();
		}

		@Override
		public @Nullable String get(@Nullable Headers headers, String key) {
			Header header = (headers != null) ? headers.lastHeader(key) : null;
			return (header != null && header.value() != null) ? new String(header.value(), StandardCharsets.UTF_8)
					: null;
		}

	}

}
