package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import tools.jackson.databind.JsonNode;

/**
 * Jaeger's own JSON, which its user interface downloads and its older clients fill: tags
 * instead of attributes, logs instead of events, microseconds instead of nanoseconds.
 */
final class JaegerJson {

	private JaegerJson() {
	}

	/**
	 * With the list around it, or a single trace without; or a single span, as Jaeger
	 * keeps them in Elasticsearch.
	 */
	static boolean is(JsonNode document) {
		return document.path("data").isArray() || (document.has("spans") && document.has("processes"))
				|| isSpan(document);
	}

	private static boolean isSpan(JsonNode document) {
		return document.has("spanID") && document.has("operationName");
	}

	static List<Span> spans(JsonNode document) {
		if (isSpan(document)) {
			return List.of(span(document, resource(document.path("process"))));
		}
		List<Span> spans = new ArrayList<>();
		Iterable<JsonNode> traces = document.path("data").isArray() ? document.path("data").values()
				: List.of(document);
		for (JsonNode trace : traces) {
			JsonNode processes = trace.path("processes");
			Map<String, Map<String, Object>> resources = new LinkedHashMap<>();
			processes.properties().forEach((process) -> resources.put(process.getKey(), resource(process.getValue())));
			for (JsonNode span : trace.path("spans").values()) {
				Map<String, Object> resource = resources.get(span.path("processID").asString(""));
				spans.add(span(span, (resource != null) ? resource : resource(span.path("process"))));
			}
		}
		return spans;
	}

	private static Map<String, Object> resource(JsonNode process) {
		Map<String, Object> resource = tags(process);
		String service = process.path("serviceName").asString("");
		if (!service.isEmpty()) {
			resource.put("service.name", service);
		}
		return resource;
	}

	private static Span span(JsonNode node, Map<String, Object> resource) {
		String name = node.path("operationName").asString("");
		try {
			String traceId = Ids.required(node, "traceID", Ids.TRACE);
			Map<String, Object> tags = tags(node);
			long start = nanos(node.path("startTime"));
			List<Span.Link> links = links(node, traceId);
			String parentId = Ids.read(node.path("parentSpanID"), Ids.SPAN);
			if (parentId == null) {
				parentId = links.stream()
					.filter((link) -> link.traceId().equals(traceId))
					.findFirst()
					.map(Span.Link::spanId)
					.orElse(null);
			}
			return new Span(traceId, Ids.required(node, "spanID", Ids.SPAN), parentId, name, kind(tags), start,
					start + nanos(node.path("duration")), status(tags), text(tags, "otel.status_description"), tags,
					events(node), links, resource, text(tags, "otel.library.name", "otel.scope.name"));
		}
		catch (IllegalArgumentException ex) {
			throw new MalformedTraceException("Span \"%s\": %s".formatted(name, ex.getMessage()), ex);
		}
	}

	/**
	 * The references, those to a parent first: a span that only FOLLOWS_FROM another is
	 * its child all the same, though nobody waited for it.
	 */
	private static List<Span.Link> links(JsonNode span, String ownTrace) {
		List<Span.Link> links = new ArrayList<>();
		int parents = 0;
		for (JsonNode reference : span.path("references").values()) {
			String traceId = Ids.read(reference.path("traceID"), Ids.TRACE);
			String spanId = Ids.read(reference.path("spanID"), Ids.SPAN);
			if (spanId != null) {
				boolean parent = reference.path("refType").asString("").equals("CHILD_OF");
				links.add(parent ? parents++ : links.size(),
						new Span.Link((traceId != null) ? traceId : ownTrace, spanId));
			}
		}
		return links;
	}

	private static List<Span.Event> events(JsonNode span) {
		return span.path("logs").values().stream().map((log) -> {
			Map<String, Object> fields = values(log.path("fields"));
			return new Span.Event(text(fields, "event", "message"), nanos(log.path("timestamp")), fields);
		}).toList();
	}

	/** In Elasticsearch they may be fields, in whose names a dot has a meaning. */
	private static Map<String, Object> tags(JsonNode owner) {
		Map<String, Object> tags = values(owner.path("tags"));
		owner.path("tag")
			.properties()
			.forEach((field) -> tags.put(field.getKey().replace('@', '.'), value(field.getValue())));
		return tags;
	}

	private static Map<String, Object> values(JsonNode tags) {
		Map<String, Object> values = new LinkedHashMap<>();
		tags.values().forEach((tag) -> values.put(tag.path("key").asString(""), value(tag.path("value"))));
		return values;
	}

	private static Object value(JsonNode value) {
		return value.isIntegralNumber() ? (Object) value.asLong(0)
				: value.isNumber() ? (Object) value.asDouble(0) : value.isBoolean() ? (Object) value.asBoolean(false)
						: value.isString() ? value.stringValue() : value.toString();
	}

	private static Span.Kind kind(Map<String, Object> tags) {
		String kind = text(tags, "span.kind").toUpperCase(Locale.ROOT);
		for (Span.Kind known : Span.Kind.values()) {
			if (known.name().equals(kind)) {
				return known;
			}
		}
		return Span.Kind.UNSPECIFIED;
	}

	private static Span.Status status(Map<String, Object> tags) {
		String code = text(tags, "otel.status_code");
		boolean error = code.equalsIgnoreCase("ERROR") || text(tags, "error").equalsIgnoreCase("true");
		return error ? Span.Status.ERROR : code.equalsIgnoreCase("OK") ? Span.Status.OK : Span.Status.UNSET;
	}

	private static String text(Map<String, Object> tags, String... names) {
		for (String name : names) {
			Object value = tags.get(name);
			if (value != null) {
				return value.toString();
			}
		}
		return "";
	}

	private static long nanos(JsonNode micros) {
		long value = micros.isFloatingPointNumber() ? Math.round(micros.asDouble()) : TraceReader.number(micros);
		if (Math.abs(value) > Long.MAX_VALUE / 1000) {
			throw new IllegalArgumentException("%d microseconds are out of range".formatted(value));
		}
		return value * 1000;
	}

}
