package io.twelveseconds.demo.status;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.twelveseconds.demo.shop.Http;
import io.twelveseconds.demo.stack.Site;
import io.twelveseconds.demo.telemetry.SpanFlow;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is amiss in services that run and serve all the same, in the words of their own
 * health indicators: their state alone does not show it.
 */
final class Complaints {

	private static final Set<String> FINE = Set.of("UP", "UNKNOWN");

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private Complaints() {
	}

	static List<String> of(Site site) {
		return site.telemetry()
			.entrySet()
			.parallelStream()
			.filter((part) -> part.getValue().kind() == SpanFlow.Kind.SERVICE)
			.flatMap((part) -> of(part.getKey(), site.service(part.getKey())))
			.toList();
	}

	private static Stream<String> of(String service, Optional<URI> where) {
		return where.stream().flatMap((address) -> {
			String health = health(service, address);
			return (health != null) ? in(service, health) : Stream.of();
		});
	}

	/** Null if it does not answer; its own line says so, with its state. */
	private static @Nullable String health(String service, URI where) {
		try {
			return new Http(service, where, TIMEOUT).send("/actuator/health", HttpRequest.newBuilder().GET()).body();
		}
		catch (IOException ex) {
			return null;
		}
	}

	/** Of an answer of {@code /actuator/health}, all that is not as it should be. */
	static Stream<String> in(String service, String health) {
		try {
			return JsonMapper.shared()
				.readTree(health)
				.path("components")
				.propertyStream()
				.filter((indicator) -> !FINE.contains(status(indicator.getValue())))
				.map((indicator) -> "%s says: %s is %s%s".formatted(service, indicator.getKey(),
						status(indicator.getValue()), details(indicator.getValue().path("details"))));
		}
		catch (JacksonException ex) {
			return Stream.of("%s says nothing readable of its health".formatted(service));
		}
	}

	private static String text(JsonNode detail) {
		return detail.isString() ? detail.asString() : detail.toString();
	}

	private static String status(JsonNode indicator) {
		return indicator.path("status").asString("UNKNOWN");
	}

	private static String details(JsonNode details) {
		return details.isEmpty() ? ""
				: details.propertyStream()
					.map((detail) -> detail.getKey() + " " + text(detail.getValue()))
					.collect(Collectors.joining(", ", ": ", ""));
	}

}
