package io.twelveseconds.localstack.traces;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.twelveseconds.localstack.Http;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A search, as Jaeger understands it: a trace is found if one of its spans meets every
 * condition. An empty name, and a duration of zero, is no condition.
 */
record TraceQuery(String service, String operation, Instant startMin, Instant startMax, Duration durationMin,
		Duration durationMax, Map<String, String> attributes, int numTraces) {

	private static final String ERROR = "error";

	private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");

	private static final Map<String, Double> NANOS = Map.of("ns", 1.0, "us", 1e3, "µs", 1e3, "μs", 1e3, "ms", 1e6, "s",
			1e9, "m", 60e9, "h", 3600e9);

	/** Jaeger 2.13 knows all of these but {@code query.attributes}, which it ignores. */
	static TraceQuery of(Map<String, String> parameters, int maxTraces) {
		if (!parameters.containsKey("query.start_time_min") || !parameters.containsKey("query.start_time_max")) {
			throw new Http.Refusal(400, "query.start_time_min and query.start_time_max are required");
		}
		TraceQuery query = new TraceQuery(parameters.getOrDefault("query.service_name", ""),
				parameters.getOrDefault("query.operation_name", ""),
				parameter(parameters, "query.start_time_min", "", TraceQuery::time),
				parameter(parameters, "query.start_time_max", "", TraceQuery::time),
				parameter(parameters, "query.duration_min", "0", TraceQuery::duration),
				parameter(parameters, "query.duration_max", "0", TraceQuery::duration),
				parameter(parameters, "query.attributes", "{}", TraceQuery::attributes),
				parameter(parameters, "query.num_traces", "0", Integer::valueOf));
		// No default, because Jaeger's memory store has none (there it is a 500).
		if (query.numTraces <= 0 || query.numTraces > maxTraces) {
			throw new Http.Refusal(400, "query.num_traces must be greater than 0 and at most " + maxTraces);
		}
		return query;
	}

	static <T> T parameter(Map<String, String> parameters, String name, String otherwise, Function<String, T> reader) {
		try {
			return reader.apply(parameters.getOrDefault(name, otherwise));
		}
		catch (IllegalArgumentException | DateTimeParseException | JacksonException ex) {
			throw new Http.Refusal(400, "malformed parameter %s: %s".formatted(name, ex.getMessage()));
		}
	}

	static Instant time(String text) {
		return OffsetDateTime.parse(text).toInstant();
	}

	/** Go's notation, such as {@code 1m30s} or {@code 1.5ms}. */
	private static Duration duration(String text) {
		double nanos = 0;
		int end = 0;
		Matcher part = DURATION.matcher(text);
		while (part.find() && part.start() == end) {
			nanos += Double.parseDouble(part.group(1)) * NANOS.getOrDefault(part.group(2), 0.0);
			end = part.end();
		}
		if (end != text.length() && !text.equals("0")) {
			throw new IllegalArgumentException("invalid duration \"%s\"".formatted(text));
		}
		return Duration.ofNanos((long) nanos);
	}

	/** A JSON object, such as {@code {"error":"true","http.route":"/api/orders"}}. */
	private static Map<String, String> attributes(String text) {
		Map<String, String> attributes = new HashMap<>();
		try (JsonParser json = OtlpJson.parser(text.getBytes(StandardCharsets.UTF_8))) {
			boolean isObject = json.nextToken() == JsonToken.START_OBJECT;
			while (isObject && json.nextToken() != JsonToken.END_OBJECT) {
				String name = json.currentName();
				if (!json.nextToken().isScalarValue()) {
					throw new IllegalArgumentException("the value of \"%s\" is not a string".formatted(name));
				}
				attributes.put(name, json.getString());
			}
			if (!isObject || json.nextToken() != null) {
				throw new IllegalArgumentException("not a JSON object");
			}
		}
		return attributes;
	}

	boolean matches(Trace trace) {
		return trace.spans(this::isService)
			.entrySet()
			.stream()
			.anyMatch((ofOrigin) -> ofOrigin.getValue()
				.anyMatch((span) -> matches(span) && attributesMatch(span, ofOrigin.getKey())));
	}

	private boolean isService(Origin origin) {
		return this.service.isEmpty() || this.service.equals(origin.service());
	}

	private boolean matches(Span span) {
		Instant start = instant(span.getStartTimeUnixNano());
		Duration duration = Duration.between(start, instant(span.getEndTimeUnixNano()));
		return (this.operation.isEmpty() || this.operation.equals(span.getName())) && !start.isBefore(this.startMin)
				&& !start.isAfter(this.startMax) && duration.compareTo(this.durationMin) >= 0
				&& (this.durationMax.isZero() || duration.compareTo(this.durationMax) <= 0);
	}

	private static Instant instant(long unsignedNanos) {
		return Instant.ofEpochSecond(Long.divideUnsigned(unsignedNanos, 1_000_000_000L),
				Long.remainderUnsigned(unsignedNanos, 1_000_000_000L));
	}

	private boolean attributesMatch(Span span, Origin origin) {
		return this.attributes.entrySet().stream().allMatch((wanted) -> {
			if (wanted.getKey().equals(ERROR)) {
				boolean failed = span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR;
				return failed == Boolean.parseBoolean(wanted.getValue());
			}
			return contains(span.getAttributesList(), wanted) || contains(origin.scope().getAttributesList(), wanted)
					|| contains(origin.resource().getAttributesList(), wanted)
					|| span.getEventsList().stream().anyMatch((event) -> contains(event.getAttributesList(), wanted));
		});
	}

	private static boolean contains(List<KeyValue> attributes, Map.Entry<String, String> wanted) {
		return attributes.stream()
			.anyMatch((attribute) -> attribute.getKey().equals(wanted.getKey())
					&& text(attribute.getValue()).equals(wanted.getValue()));
	}

	private static String text(AnyValue value) {
		return switch (value.getValueCase()) {
			case BOOL_VALUE -> String.valueOf(value.getBoolValue());
			case INT_VALUE -> String.valueOf(value.getIntValue());
			case DOUBLE_VALUE -> String.valueOf(value.getDoubleValue()).replaceFirst("\\.0$", "");
			default -> value.getStringValue();
		};
	}

}
