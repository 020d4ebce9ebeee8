package io.twelveseconds.system;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.twelveseconds.trace.Trace;
import io.twelveseconds.trace.TraceReader;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever a recording has too much or too little is told. */
class TelemetryRegistryTests {

	private static final TelemetryRegistry REGISTRY = TelemetryRegistry.parse("""
			groups:
			  - id: entity.service
			    type: entity
			    attributes:
			      - { ref: service.name, requirement_level: required }
			      - { ref: service.version, requirement_level: required }
			  - id: span.call
			    type: span
			    span_kind: client
			    attributes:
			      - { ref: http.request.method, requirement_level: required }
			      - ref: error.type
			        requirement_level: { conditionally_required: it failed }
			      - ref: url.query
			        requirement_level: { recommended: it has one }
			    annotations:
			      spans:
			        shop: [GET]
			      calls:
			        shop: [stock]
			      by: HTTP
			  - id: span.answer
			    type: span
			    extends: span.call
			    span_kind: server
			    annotations:
			      spans:
			        stock: [GET /left]
			""");

	private static final String SHOP = "'service.name': 'shop', 'service.version': '1'";

	private static final String STOCK = "'service.name': 'stock', 'service.version': '1'";

	private static final String CALL = "'http.request.method': 'GET', 'error.type': '500'";

	@Test
	void sameOnBothSidesIsNoDifference() {
		assertThat(REGISTRY.differences(List.of(trace(span(1, 0, 3, "GET", SHOP, CALL), //
				span(2, 1, 2, "GET /left", STOCK, CALL)))))
			.isEmpty();
	}

	@Test
	void whatIsNotListedIsTold() {
		assertThat(REGISTRY
			.differences(List.of(trace(span(1, 0, 3, "GET", SHOP + ", 'host.name': 'a'", CALL + ", 'url.path': '/'"),
					span(2, 1, 2, "GET /left", STOCK, CALL), span(3, 2, 3, "POST", STOCK, CALL),
					span(4, 3, 2, "GET", SHOP, CALL)))))
			.containsExactlyInAnyOrder("span.call has url.path, which is not listed",
					"The resource of shop has host.name, which is not listed", "stock CLIENT POST is not listed",
					"shop SERVER GET is not listed", "stock > shop (HTTP) is not listed");
	}

	@Test
	void whatWasNotRecordedIsTold() {
		assertThat(REGISTRY.differences(List.of(trace(span(1, 0, 3, "GET", "'service.name': 'shop'", "")))))
			.containsExactlyInAnyOrder("The resource of shop lacks service.version somewhere",
					"span.call lacks http.request.method somewhere", "span.call has error.type nowhere",
					"span.answer has error.type nowhere", "stock SERVER GET /left is listed, but was not recorded",
					"shop > stock (HTTP) is listed, but was not recorded");
	}

	@Test
	void everyAttributeOfOursIsDefinedAndUsed() throws IOException {
		TelemetryRegistry registry = TelemetryRegistry.of(Path.of("..", ".."));
		Set<String> used = registry.types()
			.stream()
			.flatMap((type) -> type.attributes().keySet().stream())
			.filter((name) -> name.startsWith("demo."))
			.collect(Collectors.toSet());
		assertThat(registry.definitions()).containsOnlyKeys(used);
	}

	private static Trace trace(String... spans) {
		return TraceReader.read("{'resourceSpans': [%s]}".formatted(String.join(",", spans)).replace('\'', '"'));
	}

	private static String span(int id, int parent, int kind, String name, String resource, String attributes) {
		return """
				{'resource': {'attributes': [%s]}, 'scopeSpans': [{'spans': [{'traceId': '%032x', 'spanId': '%016x',
				'parentSpanId': '%s', 'name': '%s', 'kind': %d, 'startTimeUnixNano': '1', 'endTimeUnixNano': '2',
				'attributes': [%s]}]}]}""".formatted(otlp(resource), 1, id,
				(parent != 0) ? "%016x".formatted(parent) : "", name, kind, otlp(attributes));
	}

	private static String otlp(String attributes) {
		return attributes.replaceAll("('[^']+'): ('[^']+')", "{'key': $1, 'value': {'stringValue': $2}}");
	}

}
