package io.twelveseconds.demo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.twelveseconds.trace.Trace;
import io.twelveseconds.trace.TraceReader;

/**
 * Builds the OTLP JSON of a trace, span by span; ids are single hex digits, times
 * milliseconds.
 */
public final class Spans {

	public static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

	private final List<String> spans = new ArrayList<>();

	private final String traceId;

	private final long epochMillis;

	private Spans(String traceId, Instant epoch) {
		this.traceId = traceId;
		this.epochMillis = epoch.toEpochMilli();
	}

	public static Spans longAgo() {
		return longAgo(TRACE_ID);
	}

	public static Spans longAgo(String traceId) {
		return new Spans(traceId, Instant.parse("2024-03-01T12:00:00Z"));
	}

	public static Spans justNow() {
		return new Spans(TRACE_ID, Instant.now());
	}

	/** The whole chain that an order takes, but only with its ends. */
	public Spans checkout() {
		return add("api-gateway", "a", "", "SERVER", "POST /api/orders", 0, 20)
			.add("order-service", "b", "a", "SERVER", "POST /orders", 2, 18)
			.add("order-service", "c", "b", "PRODUCER", "orders.events publish", 16, 24,
					"messaging.system=kafka, messaging.destination.name=orders.events");
	}

	public Spans consumer(String service, String id) {
		return add(service, id, "c", "CONSUMER", "orders.events process", 26, 40);
	}

	public Spans add(String service, String id, String parentId, String kind, String name, double start, double end) {
		return add(service, id, parentId, kind, name, start, end, "");
	}

	public Spans add(String service, String id, String parentId, String kind, String name, double start, double end,
			String attributes) {
		this.spans
			.add("""
					{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "%s"}}]}, "scopeSpans": [{
					  "spans": [{"traceId": "%s", "spanId": "%s", "parentSpanId": "%s", "kind": "SPAN_KIND_%s", "name": "%s",
					  "startTimeUnixNano": "%s", "endTimeUnixNano": "%s", "attributes": [%s], "status": %s}]}]}"""
				.formatted(service, this.traceId, padded(id), parentId.isEmpty() ? "" : padded(parentId), kind, name,
						nanos(start), nanos(end), attributes(attributes),
						attributes.contains("error.type") ? "{\"code\": 2}" : "{}"));
		return this;
	}

	public String json() {
		return "{\"result\": {\"resourceSpans\": [%s]}}".formatted(String.join(",", this.spans));
	}

	public Trace trace() {
		return TraceReader.read(json());
	}

	private static String padded(String id) {
		return id.repeat(16);
	}

	private long nanos(double millis) {
		return this.epochMillis * 1_000_000 + (long) (millis * 1e6);
	}

	private static String attributes(String text) {
		List<String> attributes = new ArrayList<>();
		for (String pair : text.isEmpty() ? new String[0] : text.split(", ")) {
			attributes.add(
					"{\"key\": \"%s\", \"value\": {\"stringValue\": \"%s\"}}".formatted((Object[]) pair.split("=", 2)));
		}
		return String.join(",", attributes);
	}

}
