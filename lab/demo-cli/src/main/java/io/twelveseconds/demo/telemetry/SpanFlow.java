package io.twelveseconds.demo.telemetry;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The spans on their way from the services to the store, as each hop counts them itself
 * since it was started. Wherever a span can be lost there is a figure here.
 */
public record SpanFlow(List<Hop> hops, Decisions decisions, List<String> problems) {

	/**
	 * @param in spans that began here (a service) or were taken in
	 * @param out spans that were handed on, or are stored
	 * @param failed spans given up because the next hop did not take them
	 * @param dropped spans for which there was no room
	 * @param waiting spans that are neither, yet
	 */
	public record Hop(String name, Kind kind, long in, long out, long failed, long dropped, long waiting) {
	}

	/**
	 * What a Collector that samples has decided, in traces. It counts no spans.
	 *
	 * @param kept traces that it handed on
	 * @param leftOut traces that its policies did not want
	 * @param undecided traces whose end it still waits for
	 * @param lost traces that it had no room for until then, wanted or not
	 */
	public record Decisions(long kept, long leftOut, long undecided, long lost) {

		public static final Decisions NONE = new Decisions(0, 0, 0, 0);

		static Decisions read(Metrics collector) {
			Predicate<String> sampled = (labels) -> labels.contains("sampled=\"true\"");
			String decided = "otelcol_processor_tail_sampling_global_count_traces_sampled";
			return new Decisions(collector.sum(decided, sampled), collector.sum(decided, sampled.negate()),
					collector.sum("otelcol_processor_tail_sampling_sampling_traces_on_memory"),
					collector.sum("otelcol_processor_tail_sampling_sampling_trace_dropped_too_early"));
		}

		Decisions plus(Decisions other) {
			return new Decisions(this.kept + other.kept, this.leftOut + other.leftOut, this.undecided + other.undecided,
					this.lost + other.lost);
		}

	}

	public enum Kind {

		/** The agent in a service: its self-metrics, by OpenTelemetry's conventions. */
		SERVICE {
			@Override
			Hop read(String name, Metrics metrics) {
				Predicate<String> sampled = (labels) -> !labels.contains("sampling_result=\"DROP\"");
				Predicate<String> error = (labels) -> labels.contains("error_type=");
				long in = metrics.sum("otel_sdk_span_started", sampled);
				long out = metrics.sum("otel_sdk_exporter_span_exported", error.negate());
				long failed = metrics.sum("otel_sdk_exporter_span_exported", error);
				long dropped = metrics.sum("otel_sdk_processor_span_processed",
						(labels) -> labels.contains("error_type=\"queue_full\""));
				return new Hop(name, this, in, out, failed, dropped, in - out - failed - dropped);
			}
		},
		COLLECTOR {
			@Override
			Hop read(String name, Metrics metrics) {
				return new Hop(name, this, metrics.sum("otelcol_receiver_accepted_spans"),
						metrics.sum("otelcol_exporter_sent_spans", (labels) -> !labels.contains("span_metrics")),
						metrics.sum("otelcol_exporter_send_failed_spans"),
						metrics.sum("otelcol_receiver_refused_spans")
								+ metrics.sum("otelcol_exporter_enqueue_failed_spans"),
						metrics.sum("otelcol_exporter_queue_size",
								(labels) -> labels.contains("data_type=\"traces\"")));
			}
		},
		JAEGER {
			@Override
			Hop read(String name, Metrics metrics) {
				long in = metrics.sum("otelcol_receiver_accepted_spans");
				long failed = metrics.sum("otelcol_exporter_send_failed_spans");
				return new Hop(name, this, in, in - failed, failed, metrics.sum("otelcol_receiver_refused_spans"), 0);
			}
		},
		STORE {
			@Override
			Hop read(String name, Metrics metrics) {
				// A batch that is sent again was not answered the first time, and is
				// held once.
				Predicate<String> duplicate = (labels) -> labels.contains("reason=\"duplicate\"");
				long in = metrics.sum("tracestore_spans_received") - metrics.sum("tracestore_spans_dropped", duplicate);
				long dropped = metrics.sum("tracestore_spans_dropped", duplicate.negate());
				return new Hop(name, this, in, in - dropped, 0, dropped, 0);
			}
		};

		abstract Hop read(String name, Metrics metrics);

	}

	/** Where a hop publishes its figures. */
	public record Source(Kind kind, URI address) {
	}

	public static SpanFlow of(Map<String, Source> sources) {
		List<Hop> hops = new ArrayList<>();
		List<String> problems = new ArrayList<>();
		Decisions decisions = Decisions.NONE;
		for (Map.Entry<String, Source> part : sources.entrySet()) {
			Source source = part.getValue();
			try {
				Metrics metrics = Metrics.of(part.getKey(), source.address());
				hops.add(source.kind().read(part.getKey(), metrics));
				decisions = (source.kind() == Kind.COLLECTOR) ? decisions.plus(Decisions.read(metrics)) : decisions;
			}
			catch (IOException ex) {
				problems.add("Spans of %s: %s".formatted(part.getKey(), ex.getMessage()));
			}
		}
		hops.sort((one, other) -> one.kind().compareTo(other.kind()));
		return new SpanFlow(hops, decisions, problems);
	}

	/** Spans that the services began and that nobody decided to leave out. */
	public long made() {
		return this.hops.stream().filter((hop) -> hop.kind() == Kind.SERVICE).mapToLong(Hop::in).sum();
	}

	/** Spans that the store took. */
	public long stored() {
		return stores().mapToLong(Hop::in).sum();
	}

	/** Spans that the store took and does not count as lost. */
	public long readable() {
		return stores().mapToLong(Hop::out).sum();
	}

	private Stream<Hop> stores() {
		return this.hops.stream().filter((hop) -> hop.kind() == Kind.JAEGER || hop.kind() == Kind.STORE);
	}

	/** Spans that some hop gave up or had no room for. */
	public long lost() {
		return this.hops.stream().mapToLong((hop) -> hop.failed() + hop.dropped()).sum();
	}

	public long waiting() {
		return this.hops.stream().mapToLong(Hop::waiting).sum();
	}

}
