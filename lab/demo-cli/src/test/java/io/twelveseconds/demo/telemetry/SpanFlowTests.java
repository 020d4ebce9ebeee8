package io.twelveseconds.demo.telemetry;

import java.net.URI;
import java.util.List;
import java.util.Map;

import io.twelveseconds.demo.StubServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The figures below were printed by the programs themselves, then cut. */
class SpanFlowTests {

	@Test
	void serviceCountsWhatItMadeSentGaveUpAndHadNoRoomFor() {
		SpanFlow.Hop hop = SpanFlow.Kind.SERVICE.read("order-service", Metrics
			.parse("""
					# TYPE otel_sdk_span_started counter
					otel_sdk_span_started_total{otel_span_parent_origin="remote",otel_span_sampling_result="RECORD_AND_SAMPLE"} 90.0
					otel_sdk_span_started_total{otel_span_parent_origin="local",otel_span_sampling_result="RECORD_AND_SAMPLE"} 10.0
					otel_sdk_span_started_total{otel_span_parent_origin="none",otel_span_sampling_result="DROP"} 5000.0
					otel_sdk_exporter_span_exported_total{otel_component_type="otlp_http_span_exporter"} 70.0
					otel_sdk_exporter_span_exported_total{error_type="java.net.ConnectException"} 12.0
					otel_sdk_processor_span_processed_total{otel_component_type="batching_span_processor"} 82.0
					otel_sdk_processor_span_processed_total{error_type="queue_full"} 8.0
					"""));
		assertThat(hop).isEqualTo(new SpanFlow.Hop("order-service", SpanFlow.Kind.SERVICE, 100, 70, 12, 8, 10));
	}

	@Test
	void collectorCountsWhatItRefusedAndCouldNotHandOn() {
		SpanFlow.Hop hop = SpanFlow.Kind.COLLECTOR.read("collector", Metrics.parse("""
				otelcol_receiver_accepted_spans{receiver="otlp",transport="http"} 500
				otelcol_receiver_accepted_spans{receiver="otlp",transport="grpc"} 1
				otelcol_receiver_refused_spans{receiver="otlp",transport="http"} 20
				otelcol_exporter_sent_spans{exporter="otlp_grpc/jaeger"} 400
				otelcol_exporter_send_failed_spans{exporter="otlp_grpc/jaeger"} 30
				otelcol_exporter_enqueue_failed_spans{exporter="otlp_grpc/jaeger"} 4
				otelcol_exporter_queue_size{data_type="traces",exporter="otlp_grpc/jaeger"} 67
				otelcol_exporter_queue_size{data_type="metrics",exporter="otlp_http/prometheus"} 5
				"""));
		assertThat(hop).isEqualTo(new SpanFlow.Hop("collector", SpanFlow.Kind.COLLECTOR, 501, 400, 30, 24, 67));
	}

	@Test
	void collectorThatSamplesSaysWhatBecameOfTheTraces() {
		assertThat(SpanFlow.Decisions.read(Metrics.parse("""
				otelcol_processor_tail_sampling_global_count_traces_sampled{decision="sampled",sampled="true"} 12
				otelcol_processor_tail_sampling_global_count_traces_sampled{decision="not_sampled",sampled="false"} 230
				otelcol_processor_tail_sampling_global_count_traces_sampled{decision="dropped",sampled="false"} 8
				otelcol_processor_tail_sampling_sampling_traces_on_memory 31
				otelcol_processor_tail_sampling_sampling_trace_dropped_too_early 5
				"""))).isEqualTo(new SpanFlow.Decisions(12, 238, 31, 5));
		assertThat(SpanFlow.Decisions.read(Metrics.parse("otelcol_receiver_accepted_spans 1\n")))
			.isEqualTo(SpanFlow.Decisions.NONE);
	}

	@Test
	void jaegersCountersMayEndInTotal() {
		SpanFlow.Hop hop = SpanFlow.Kind.JAEGER.read("jaeger",
				Metrics.parse("otelcol_receiver_accepted_spans_total{receiver=\"otlp\"} 400\n"));
		assertThat(hop.in()).isEqualTo(400);
	}

	@Test
	void embeddedStoreCountsWhatItDropped() {
		SpanFlow.Hop hop = SpanFlow.Kind.STORE.read("traces", Metrics.parse("""
				tracestore_spans_received_total 30
				tracestore_spans_dropped_total{reason="late"} 2
				tracestore_spans_dropped_total{reason="evicted"} 3
				tracestore_spans 25
				"""));
		assertThat(hop).isEqualTo(new SpanFlow.Hop("traces", SpanFlow.Kind.STORE, 30, 25, 0, 5, 0));
	}

	@Test
	void whatCameToTheEmbeddedStoreTwiceIsStoredOnceAndNotLost() {
		SpanFlow.Hop hop = SpanFlow.Kind.STORE.read("traces", Metrics.parse("""
				tracestore_spans_received_total 30
				tracestore_spans_dropped_total{reason="duplicate"} 10
				tracestore_spans_dropped_total{reason="evicted"} 3
				tracestore_spans 17
				"""));
		assertThat(hop).isEqualTo(new SpanFlow.Hop("traces", SpanFlow.Kind.STORE, 20, 17, 0, 3, 0));
	}

	@Test
	void whatTheStoreTookAndCountsAsLostIsNotReadable() {
		SpanFlow flow = new SpanFlow(
				List.of(new SpanFlow.Hop("order-service", SpanFlow.Kind.SERVICE, 40, 40, 0, 0, 0),
						new SpanFlow.Hop("collector", SpanFlow.Kind.COLLECTOR, 40, 30, 10, 0, 0),
						new SpanFlow.Hop("traces", SpanFlow.Kind.STORE, 30, 25, 0, 5, 0)),
				SpanFlow.Decisions.NONE, List.of());
		assertThat(flow.stored()).isEqualTo(30);
		assertThat(flow.readable()).isEqualTo(25);
	}

	@Test
	void partThatDoesNotAnswerIsAProblemAndHidesNoOther() {
		StubServer gone = new StubServer((request) -> StubServer.Reply.of(200, ""));
		URI nobody = URI.create(gone.url());
		gone.close();
		try (StubServer store = new StubServer(
				(request) -> StubServer.Reply.of(200, "tracestore_spans_received_total 7"))) {
			SpanFlow flow = SpanFlow.of(Map.of("order-service", new SpanFlow.Source(SpanFlow.Kind.SERVICE, nobody),
					"traces", new SpanFlow.Source(SpanFlow.Kind.STORE, URI.create(store.url()))));
			assertThat(flow.stored()).isEqualTo(7);
			assertThat(flow.problems()).singleElement()
				.asString()
				.startsWith("Spans of order-service: No order-service at");
		}
	}

}
