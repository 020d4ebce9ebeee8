package io.twelveseconds.demo;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.twelveseconds.trace.MalformedTraceException;
import io.twelveseconds.trace.Trace;
import io.twelveseconds.trace.TraceReader;

/**
 * Reads traces through Jaeger's {@code /api/v3}, from Jaeger itself or the embedded
 * store.
 */
final class TraceApi {

	private static final String CHECKOUT = "POST /api/orders";

	private final Http http;

	TraceApi(URI base) {
		this.http = new Http("trace store", base, Duration.ofSeconds(10));
	}

	/** The page on which a person can look at the trace. */
	URI page(String traceId) {
		return this.http.at("/trace/" + traceId);
	}

	Optional<Stored> trace(String traceId) throws IOException {
		Optional<String> json = get("/api/v3/traces/" + traceId);
		return json.isEmpty() ? Optional.empty() : read(json.get(), traceId);
	}

	/** The newest checkout of the last hour, else whatever the gateway did last. */
	Optional<String> newest(Clock clock) throws IOException {
		Instant now = clock.instant();
		Optional<String> json = get(
				"/api/v3/traces?query.service_name=api-gateway&query.num_traces=50&query.start_time_min=%s&query.start_time_max=%s"
					.formatted(encoded(now.minus(Duration.ofHours(1))), encoded(now.plusSeconds(60))));
		List<Trace> traces = json.isEmpty() ? List.of() : readAll(json.get());
		return traces.stream()
			.filter((trace) -> trace.root().name().equals(CHECKOUT))
			.findFirst()
			.or(() -> traces.stream().findFirst())
			.map(Trace::id);
	}

	/** The newest traces that this service takes part in. */
	List<Trace> recent(String service, Duration since, int atMost, Clock clock) throws IOException {
		Instant now = clock.instant();
		Optional<String> json = get(
				"/api/v3/traces?query.service_name=%s&query.num_traces=%d&query.start_time_min=%s&query.start_time_max=%s"
					.formatted(URLEncoder.encode(service, StandardCharsets.UTF_8), atMost, encoded(now.minus(since)),
							encoded(now.plusSeconds(60))));
		return json.isEmpty() ? List.of() : readAll(json.get());
	}

	private Optional<String> get(String path) throws IOException {
		HttpResponse<String> response = this.http.send(path,
				HttpRequest.newBuilder().header("Accept", "application/json").GET());
		if (response.statusCode() == 404) {
			return Optional.empty();
		}
		if (response.statusCode() != 200) {
			throw new IOException("The trace store answered %d to %s: %s".formatted(response.statusCode(),
					this.http.at(path), response.body().strip()));
		}
		return Optional.of(response.body());
	}

	private Optional<Stored> read(String json, String traceId) throws IOException {
		return readAll(json).stream()
			.filter((trace) -> trace.id().equals(traceId))
			.findFirst()
			.map((trace) -> new Stored(json, trace));
	}

	private List<Trace> readAll(String json) throws IOException {
		try {
			return TraceReader.readAll(json);
		}
		catch (MalformedTraceException ex) {
			throw new IOException(
					"What answers at %s is no trace store: %s".formatted(this.http.at(""), ex.getMessage()), ex);
		}
	}

	private static String encoded(Instant instant) {
		return URLEncoder.encode(instant.toString(), StandardCharsets.UTF_8);
	}

	/** A trace and the text that it was read from. */
	record Stored(String json, Trace trace) {
	}

}
