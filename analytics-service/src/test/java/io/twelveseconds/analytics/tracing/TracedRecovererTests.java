package io.twelveseconds.analytics.tracing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TracedRecovererTests {

	private final List<SpanContext> recoveredIn = new ArrayList<>();

	private final TracedRecoverer recoverer = new TracedRecoverer(
			(record, consumer, ex) -> this.recoveredIn.add(Span.current().getSpanContext()));

	@BeforeEach
	void propagateAsTheAgentDoes() {
		GlobalOpenTelemetry.resetForTest(); // another test of this JVM may have asked for
											// it
		GlobalOpenTelemetry
			.set(OpenTelemetry.propagating(ContextPropagators.create(W3CTraceContextPropagator.getInstance())));
	}

	@AfterEach
	void forget() {
		GlobalOpenTelemetry.resetForTest();
	}

	@Test
	void recoversInTheTraceOfTheRecord() {
		recover(record("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
		assertThat(this.recoveredIn).singleElement().satisfies((span) -> {
			assertThat(span.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
			assertThat(span.getSpanId()).isEqualTo("b7ad6b7169203331");
			assertThat(span.isSampled()).isTrue();
		});
	}

	@Test
	void leavesTheTraceThatTheThreadIsIn() {
		Context other = span("11111111111111111111111111111111", "2222222222222222");
		other.wrap(() -> recover(record("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))).run();
		other.wrap(() -> recover(record(null))).run();
		assertThat(this.recoveredIn).extracting(SpanContext::getTraceId)
			.containsExactly("0af7651916cd43dd8448eb211c80319c", "00000000000000000000000000000000");
	}

	@Test
	void staysInTheSpanOfTheFailedAttempt() {
		span("0af7651916cd43dd8448eb211c80319c", "2222222222222222")
			.wrap(() -> recover(record("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")))
			.run();
		assertThat(this.recoveredIn).extracting(SpanContext::getSpanId).containsExactly("2222222222222222");
	}

	@Test
	void recoversRecordWithBrokenContext() {
		recover(record("no context"));
		assertThat(this.recoveredIn).singleElement().satisfies((span) -> assertThat(span.isValid()).isFalse());
	}

	private static Context span(String traceId, String spanId) {
		return Context.root()
			.with(Span.wrap(SpanContext.create(traceId, spanId, TraceFlags.getSampled(), TraceState.getDefault())));
	}

	private void recover(ConsumerRecord<String, String> record) {
		this.recoverer.accept(record, null, new IllegalStateException("poison"));
	}

	private static ConsumerRecord<String, String> record(String traceparent) {
		ConsumerRecord<String, String> record = new ConsumerRecord<>("orders.events", 0, 0, "key", "value");
		if (traceparent != null) {
			record.headers().add("traceparent", traceparent.getBytes(StandardCharsets.UTF_8));
		}
		return record;
	}

}
