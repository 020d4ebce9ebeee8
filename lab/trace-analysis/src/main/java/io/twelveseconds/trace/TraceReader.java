package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads OTLP JSON, bare, in the {@code result} that Jaeger's {@code /api/v3} puts around
 * it, or line by line as the Collector's file exporter writes it; and the JSON of
 * Jaeger's user interface. Stores differ in small things, and all of these are
 * understood: ids in hex (OTLP), base64 (plain protobuf) or made up by hand, kinds and
 * codes as numbers or names, 64-bit numbers as text or numbers, and everything that has
 * its default value left out.
 */
public final class TraceReader {

	private TraceReader() {
	}

	/**
	 * The one trace in this text.
	 * @throws MalformedTraceException if there is none or more than one, or it cannot be
	 * read
	 */
	public static Trace read(String json) {
		List<Trace> traces = readAll(json);
		if (traces.size() != 1) {
			throw new MalformedTraceException(
					"Expected the spans of one trace, found those of %d traces".formatted(traces.size()));
		}
		return traces.get(0);
	}

	/**
	 * Each trace in this text, the newest first; none if it holds no spans.
	 * @throws MalformedTraceException if it cannot be read
	 */
	public static List<Trace> readAll(String json) {
		return readAll((mapper) -> mapper.createParser(json));
	}

	/**
	 * Likewise, of a file as it is: in UTF-8, UTF-16 or UTF-32, with a byte order mark or
	 * without.
	 */
	public static List<Trace> readAll(byte[] json) {
		return readAll((mapper) -> mapper.createParser(json));
	}

	private static List<Trace> readAll(Function<JsonMapper, JsonParser> text) {
		Map<String, List<Span>> spans = new LinkedHashMap<>();
		for (JsonNode document : parse(text)) {
			for (Span span : spans(document)) {
				spans.computeIfAbsent(span.traceId(), (any) -> new ArrayList<>()).add(span);
			}
		}
		return spans.values()
			.stream()
			.map(Kinds::told)
			.map(Trace::new)
			.sorted(Comparator.comparing(Trace::start).reversed())
			.toList();
	}

	/** One document, or several behind each other: JSON Lines. */
	private static List<JsonNode> parse(Function<JsonMapper, JsonParser> text) {
		JsonMapper mapper = JsonMapper.shared();
		ObjectReader reader = mapper.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
		List<JsonNode> documents = new ArrayList<>();
		try (JsonParser parser = text.apply(mapper)) {
			while (parser.nextToken() != null) {
				documents.add(reader.readTree(parser));
			}
		}
		catch (JacksonException ex) {
			throw new MalformedTraceException("Not JSON: " + ex.getOriginalMessage(), ex);
		}
		if (documents.isEmpty()) {
			throw new MalformedTraceException("Not JSON: the text is empty");
		}
		return documents;
	}

	private static List<Span> spans(JsonNode document) {
		if (document.isArray() && !document.isEmpty()) {
			return document.values().stream().flatMap((part) -> spansOf(part).stream()).toList();
		}
		return spansOf(document);
	}

	private static List<Span> spansOf(JsonNode document) {
		if (JaegerJson.is(document)) {
			return JaegerJson.spans(document);
		}
		JsonNode list = first(document.path("result"), "resourceSpans");
		list = list.isMissingNode() ? first(document.path("trace"), "resourceSpans") : list;
		list = list.isMissingNode() ? first(document, "resourceSpans", "batches") : list;
		// Without this check an error page in JSON would pass as a trace without spans.
		if (!list.isArray() && !document.path("result").isObject()) {
			throw new MalformedTraceException(
					"Neither OTLP JSON, which has a list \"resourceSpans\", nor Jaeger's, which has a list \"data\"");
		}
		List<Span> spans = new ArrayList<>();
		for (JsonNode ofResource : list.values()) {
			Map<String, Object> resource = resource(ofResource.path("resource"));
			for (JsonNode ofScope : first(ofResource, "scopeSpans", "instrumentationLibrarySpans").values()) {
				String scope = first(ofScope, "scope", "instrumentationLibrary").path("name").asString("");
				for (JsonNode node : ofScope.path("spans").values()) {
					spans.add(span(node, resource, scope));
				}
			}
		}
		return spans;
	}

	private static Map<String, Object> resource(JsonNode resource) {
		try {
			return attributes(resource);
		}
		catch (IllegalArgumentException ex) {
			throw new MalformedTraceException("Resource: " + ex.getMessage(), ex);
		}
	}

	/** The first of these fields that there is: some were renamed, some stores differ. */
	private static JsonNode first(JsonNode owner, String... fields) {
		for (String field : fields) {
			if (owner.has(field)) {
				return owner.path(field);
			}
		}
		return MissingNode.getInstance();
	}

	/** Of a span that does not say when it began, nobody knows how long it took. */
	private static Span span(JsonNode node, Map<String, Object> resource, String scope) {
		String name = node.path("name").asString("");
		try {
			long start = number(node.path("startTimeUnixNano"));
			long end = number(node.path("endTimeUnixNano"));
			return new Span(Ids.required(node, "traceId", Ids.TRACE), Ids.required(node, "spanId", Ids.SPAN),
					Ids.read(node.path("parentSpanId"), Ids.SPAN), name,
					constant(Span.Kind.values(), node.path("kind"), "SPAN_KIND_"), (start != 0) ? start : end, end,
					constant(Span.Status.values(), node.path("status").path("code"), "STATUS_CODE_"),
					node.path("status").path("message").asString(""), attributes(node), events(node), links(node),
					resource, scope);
		}
		catch (IllegalArgumentException ex) {
			throw new MalformedTraceException("Span \"%s\": %s".formatted(name, ex.getMessage()), ex);
		}
	}

	private static List<Span.Event> events(JsonNode span) {
		return span.path("events")
			.values()
			.stream()
			.map((event) -> new Span.Event(event.path("name").asString(""), number(event.path("timeUnixNano")),
					attributes(event)))
			.toList();
	}

	/** A link that leads nowhere says nothing. */
	private static List<Span.Link> links(JsonNode span) {
		List<Span.Link> links = new ArrayList<>();
		for (JsonNode link : span.path("links").values()) {
			String traceId = Ids.read(link.path("traceId"), Ids.TRACE);
			String spanId = Ids.read(link.path("spanId"), Ids.SPAN);
			if (traceId != null && spanId != null) {
				links.add(new Span.Link(traceId, spanId));
			}
		}
		return links;
	}

	private static Map<String, Object> attributes(JsonNode owner) {
		Map<String, Object> attributes = new LinkedHashMap<>();
		for (JsonNode attribute : owner.path("attributes").values()) {
			Object value = value(attribute.path("value"));
			if (value != null) {
				attributes.put(attribute.path("key").asString(""), value);
			}
		}
		return attributes;
	}

	private static @Nullable Object value(JsonNode anyValue) {
		for (Map.Entry<String, JsonNode> field : anyValue.properties()) {
			JsonNode value = field.getValue();
			return switch (field.getKey()) {
				case "boolValue" -> value.asBoolean(false);
				case "intValue" -> number(value);
				case "doubleValue" -> decimal(value);
				case "arrayValue" -> value.path("values").values().stream().map(TraceReader::value).toList();
				// Maps and bytes are rare: their JSON says enough.
				default -> value.isString() ? value.stringValue() : value.toString();
			};
		}
		return null;
	}

	/**
	 * NaN and the infinities come as text. Where a language has but one sort of numbers,
	 * a whole one comes like this as well.
	 */
	private static Object decimal(JsonNode node) {
		try {
			double value = Double.parseDouble(node.asString("NaN"));
			return (value == Math.rint(value) && Math.abs(value) < 1L << 53) ? (Object) (long) value : value;
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("%s is not a number".formatted(node), ex);
		}
	}

	/** Zero if it is left out; 1234.0 is a whole number, too. */
	static long number(JsonNode node) {
		if (node.isMissingNode() || node.isNull()) {
			return 0;
		}
		try {
			return node.isNumber() ? node.decimalValue().longValueExact() : Long.parseLong(node.asString(""));
		}
		catch (ArithmeticException | NumberFormatException ex) {
			throw new IllegalArgumentException("%s is not a whole number".formatted(node), ex);
		}
	}

	private static <E extends Enum<E>> E constant(E[] constants, JsonNode node, String prefix) {
		String text = node.asString("0").toUpperCase(Locale.ROOT).replace(prefix, "");
		for (E constant : constants) {
			if (text.equals(constant.name()) || text.equals(String.valueOf(constant.ordinal()))) {
				return constant;
			}
		}
		// OTLP: receivers treat what they do not know (yet) as not specified.
		return constants[0];
	}

}
