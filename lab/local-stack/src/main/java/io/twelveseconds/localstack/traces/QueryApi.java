package io.twelveseconds.localstack.traces;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.opentelemetry.proto.trace.v1.Span;
import io.twelveseconds.localstack.Http;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * What is asked for: Jaeger's {@code /api/v3} with its paths, parameters, answers and
 * errors (as of Jaeger 2.13), the page for people, and figures about the store itself.
 */
final class QueryApi implements HttpHandler {

	private static final String TRACES = "/api/v3/traces";

	private static final String JSON = "application/json";

	private static final Map<String, String> ASSETS = Map.of("/assets/app.js", "text/javascript; charset=utf-8",
			"/assets/style.css", "text/css; charset=utf-8");

	private record Operation(String name, String kind) {
	}

	private final Traces traces;

	QueryApi(Traces traces) {
		this.traces = traces;
	}

	@Override
	public void handle(HttpExchange exchange) throws IOException {
		String path = exchange.getRequestURI().getPath();
		try {
			if (!exchange.getRequestMethod().equals("GET")) {
				exchange.getResponseHeaders().set("Allow", "GET");
				throw new Http.Refusal(405, "only GET is answered here");
			}
			answer(exchange, path);
		}
		catch (Http.Refusal ex) {
			if (path.startsWith("/api/")) {
				send(exchange, ex.status(),
						(json) -> json.writeStartObject()
							.writeObjectPropertyStart("error")
							.writeNumberProperty("httpCode", ex.status())
							.writeStringProperty("message", ex.getMessage())
							.writeEndObject()
							.writeEndObject());
			}
			else {
				Http.text(exchange, ex.status(), ex.getMessage());
			}
		}
	}

	private void answer(HttpExchange exchange, String path) throws IOException {
		Map<String, String> parameters = parameters(exchange.getRequestURI().getRawQuery());
		if (path.equals("/api/v3/services")) {
			sendServices(exchange);
		}
		else if (path.equals("/api/v3/operations")) {
			sendOperations(exchange, parameters);
		}
		else if (path.equals(TRACES)) {
			TraceQuery query = TraceQuery.of(parameters, this.traces.maxTraces());
			sendTraces(exchange,
					this.traces.newestFirst().stream().filter(query::matches).limit(query.numTraces()).toList());
		}
		else if (path.startsWith(TRACES + "/") && path.length() > TRACES.length() + 1) {
			sendTraces(exchange, trace(path.substring(TRACES.length() + 1), parameters));
		}
		else if (path.equals("/health")) {
			Http.text(exchange, 200, "ok");
		}
		else if (path.equals("/metrics")) {
			Http.send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8",
					metrics(this.traces.stats()).getBytes(StandardCharsets.UTF_8));
		}
		else if (ASSETS.containsKey(path)) {
			sendResource(exchange, path.substring("/assets/".length()), ASSETS.get(path));
		}
		else if (path.equals("/") || path.equals("/search") || path.startsWith("/trace/")) {
			sendResource(exchange, "index.html", "text/html; charset=utf-8");
		}
		else {
			throw new Http.Refusal(404, "nothing here; the API is at /api/v3, the page at /");
		}
	}

	private void sendServices(HttpExchange exchange) throws IOException {
		Set<String> services = new TreeSet<>();
		this.traces.newestFirst()
			.forEach((trace) -> trace.origins().forEach((origin) -> services.add(origin.service())));
		services.remove("");
		send(exchange, 200, (json) -> {
			json.writeStartObject();
			// Jaeger leaves out this list when it is empty.
			if (!services.isEmpty()) {
				json.writeArrayPropertyStart("services");
				services.forEach(json::writeString);
				json.writeEndArray();
			}
			json.writeEndObject();
		});
	}

	private void sendOperations(HttpExchange exchange, Map<String, String> parameters) throws IOException {
		String service = parameters.getOrDefault("service", "");
		String wantedKind = parameters.getOrDefault("span_kind", "");
		Set<Operation> operations = new TreeSet<>(Comparator.comparing(Operation::name).thenComparing(Operation::kind));
		for (Trace trace : this.traces.newestFirst()) {
			trace.spans((origin) -> !service.isEmpty() && origin.service().equals(service))
				.values()
				.forEach((spans) -> spans.forEach((span) -> operations.add(new Operation(span.getName(), kind(span)))));
		}
		operations.removeIf((operation) -> !wantedKind.isEmpty() && !operation.kind().equals(wantedKind));
		send(exchange, 200, (json) -> {
			json.writeStartObject().writeArrayPropertyStart("operations");
			operations.forEach((operation) -> {
				json.writeStartObject().writeStringProperty("name", operation.name());
				if (!operation.kind().isEmpty()) {
					json.writeStringProperty("spanKind", operation.kind());
				}
				json.writeEndObject();
			});
			json.writeEndArray().writeEndObject();
		});
	}

	private static String kind(Span span) {
		return switch (span.getKind()) {
			case SPAN_KIND_UNSPECIFIED, UNRECOGNIZED -> "";
			default -> span.getKind().name().substring("SPAN_KIND_".length()).toLowerCase(Locale.ROOT);
		};
	}

	private List<Trace> trace(String id, Map<String, String> parameters) {
		if (!id.matches("[0-9a-fA-F]{1,32}")) {
			throw new Http.Refusal(400, "malformed parameter trace_id: not 1 to 32 hex digits");
		}
		// A trace is kept as a whole, so the times narrow down nothing; Jaeger checks
		// them too.
		TraceQuery.parameter(parameters, "start_time", "1970-01-01T00:00:00Z", TraceQuery::time);
		TraceQuery.parameter(parameters, "end_time", "1970-01-01T00:00:00Z", TraceQuery::time);
		Trace trace = this.traces.find("0".repeat(32 - id.length()) + id.toLowerCase(Locale.ROOT));
		return (trace != null) ? List.of(trace) : List.of();
	}

	private static void sendTraces(HttpExchange exchange, List<Trace> traces) throws IOException {
		if (traces.isEmpty()) {
			throw new Http.Refusal(404, "No traces found");
		}
		send(exchange, 200, (json) -> {
			json.writeStartObject().writeObjectPropertyStart("result").writeArrayPropertyStart("resourceSpans");
			for (Trace trace : traces) {
				trace.spans((origin) -> true).forEach((origin, spans) -> write(origin, spans, json));
			}
			json.writeEndArray().writeEndObject().writeEndObject();
		});
	}

	private static void write(Origin origin, Stream<Span> spans, JsonGenerator json) {
		json.writeStartObject().writeName("resource");
		OtlpJson.write(origin.resource(), json);
		json.writeArrayPropertyStart("scopeSpans").writeStartObject().writeName("scope");
		OtlpJson.write(origin.scope(), json);
		json.writeArrayPropertyStart("spans");
		spans.forEach((span) -> OtlpJson.write(span, json));
		json.writeEndArray().writeEndObject().writeEndArray().writeEndObject();
	}

	/** In pieces: a search may find more than fits into memory at once. */
	private static void send(HttpExchange exchange, int status, Consumer<JsonGenerator> content) throws IOException {
		exchange.getResponseHeaders().set("Content-Type", JSON);
		exchange.sendResponseHeaders(status, 0);
		try (JsonGenerator json = OtlpJson.generator(new BufferedOutputStream(exchange.getResponseBody(), 65536))) {
			content.accept(json);
		}
	}

	private static void sendResource(HttpExchange exchange, String name, String contentType) throws IOException {
		try (InputStream resource = QueryApi.class.getResourceAsStream(name)) {
			if (resource == null) {
				throw new IllegalStateException(name + " is missing from the jar");
			}
			// Names and attributes come from outside: the page may load and send nothing
			// elsewhere.
			exchange.getResponseHeaders()
				.set("Content-Security-Policy", "default-src 'self'; img-src data:; frame-ancestors 'none'");
			exchange.getResponseHeaders().set("Cache-Control", "no-cache");
			Http.send(exchange, 200, contentType, resource.readAllBytes());
		}
	}

	/**
	 * The first value of each parameter; an empty one is as good as none. The server lets
	 * in no query that cannot be decoded.
	 */
	private static Map<String, String> parameters(@Nullable String query) {
		Map<String, String> parameters = new HashMap<>();
		for (String parameter : (query != null) ? query.split("&") : new String[0]) {
			String[] nameAndValue = parameter.split("=", 2);
			if (nameAndValue.length == 2 && !nameAndValue[1].isEmpty()) {
				parameters.putIfAbsent(URLDecoder.decode(nameAndValue[0], StandardCharsets.UTF_8),
						URLDecoder.decode(nameAndValue[1], StandardCharsets.UTF_8));
			}
		}
		return parameters;
	}

	private static String metrics(Traces.Stats stats) {
		StringBuilder text = new StringBuilder();
		metric(text, "spans_received_total", "counter", stats.spansReceived());
		text.append("# TYPE tracestore_spans_dropped_total counter\n");
		stats.spansDropped()
			.forEach((reason, count) -> text.append("tracestore_spans_dropped_total{reason=\"%s\"} %d\n"
				.formatted(reason.name().toLowerCase(Locale.ROOT), count)));
		metric(text, "traces_evicted_total", "counter", stats.tracesEvicted());
		metric(text, "traces", "gauge", stats.traces());
		metric(text, "spans", "gauge", stats.spans());
		metric(text, "bytes", "gauge", stats.bytes());
		return text.toString();
	}

	private static void metric(StringBuilder text, String name, String type, long value) {
		text.append("# TYPE tracestore_%1$s %2$s\ntracestore_%1$s %3$d\n".formatted(name, type, value));
	}

}
