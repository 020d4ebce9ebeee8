package io.twelveseconds.system;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.twelveseconds.trace.Span;
import io.twelveseconds.trace.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code telemetry/attributes.yaml} lists what is ours, and all of it.
 */
@ExtendWith(RunningShop.class)
class TelemetryRegistryIT {

	@Test
	void everyAttributeAndSpanOfOursIsListedAndEveryListedOneIsEmitted(RunningShop shop) throws IOException {
		JsonNode registry = new YAMLMapper()
			.readTree(Files.readString(shop.root().resolve("telemetry/attributes.yaml")));
		List<Trace> traces = List.of(shop.wholeTrace(shop.customer().order("cust-03", "sku-02", 1).traceId()),
				shop.wholeTrace(shop.whileFrozen("payment-service",
						() -> shop.customer().order("cust-03", "sku-02", 1).traceId())));

		Set<String> attributes = new TreeSet<>();
		Set<String> spans = new TreeSet<>();
		for (Span span : traces.stream().flatMap((trace) -> trace.spans().stream()).toList()) {
			span.attributes()
				.keySet()
				.stream()
				.filter((name) -> name.startsWith("demo."))
				.forEach((name) -> attributes.add(name + " on " + span.service() + " " + span.name()));
			if (!span.scope().startsWith("io.opentelemetry.")) {
				spans.add(span.kind() + " " + span.service() + " " + span.name());
			}
		}

		assertThat(attributes).isEqualTo(listedAttributes(registry));
		assertThat(spans).isEqualTo(listedSpans(registry));
	}

	private static Set<String> listedAttributes(JsonNode registry) {
		Set<String> listed = new TreeSet<>();
		registry.at("/attributes")
			.forEach((attribute) -> attribute.at("/spans")
				.forEach((span) -> listed.add(attribute.at("/name").asString() + " on "
						+ attribute.at("/service").asString() + " " + span.asString())));
		return listed;
	}

	private static Set<String> listedSpans(JsonNode registry) {
		Set<String> listed = new TreeSet<>();
		registry.at("/spans")
			.forEach((span) -> listed.add(span.at("/kind").asString() + " " + span.at("/service").asString() + " "
					+ span.at("/name").asString()));
		return listed;
	}

}
