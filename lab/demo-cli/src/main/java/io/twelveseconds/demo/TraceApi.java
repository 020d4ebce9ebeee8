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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

import io.twelveseconds.trace.MalformedTraceException;
import io.twelveseconds.trace.Trace;
import io.twelveseconds.trace.TraceReader;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads traces through Jaeger's {@code /api/v3}, from Jaeger itself or the embedded
 * store.
 */
final class TraceApi {

	private static final String CHECKOUT = "POST /api/orders";

	/** About 15 MB of JSON. */
	private static final int PAGE = 400;

	private final Http http;

	TraceApi(URI base) {
		this.http = new Http("trace store", base, Duration.ofSeconds(10));
	}

	/**
	 * The page on which a person can look at the trace. A browser may have to go another
	 * way than we do.
	 */
	URI page(String traceId) {
		String pages = Environment.setting("DEMO_TRACE_PAGES");
		return (pages != null) ? URI.create(pages + "/trace/" + traceId) : this.http.at("/trace/" + traceId);
	}

	Optional<Stored> trace(String traceId) throws IOException {
		Optional<String> json = get("/api/v3/traces/" + traceId);
		return json.isEmpty() ? Optional.empty() : read(json.get(), traceId);
	}

	/** The newest checkout of the last hour, else whatever the gateway did last. */
	Optional<String> newest(Clock clock) throws IOException {
		List<Trace> traces = recent("api-gateway", Duration.ofHours(1), 50, clock);
		return traces.stream()
			.filter((trace) -> trace.root().name().equals(CHECKOUT))
			.findFirst()
			.or(() -> traces.stream().findFirst())
			.map(Trace::id);
	}

	/**
	 * Reads every trace of the time back and counts its spans, each once.
	 * @param progress is told how many there are so far
	 */
	long countSpans(Instant from, Instant to, LongConsumer progress) throws IOException {
		Set<String> spans = new HashSet<>();
		Optional<String> json = get("/api/v3/services");
		for (JsonNode service : json(json.orElse("{}")).path("services").values()) {
			collect(service.asString(), from, to, spans, progress);
		}
		return spans.size();
	}

	/**
	 * A store answers with so many traces at most: where there may be more, the time is
	 * halved.
	 */
	private void collect(String service, Instant from, Instant to, Set<String> spans, LongConsumer progress)
			throws IOException {
		List<Trace> traces = query(service, from, to, PAGE);
		Duration half = Duration.between(from, to).dividedBy(2);
		if (traces.size() >= PAGE && half.toMillis() > 0) {
			collect(service, from, from.plus(half), spans, progress);
			collect(service, from.plus(half), to, spans, progress);
			return;
		}
		traces.forEach((trace) -> trace.spans().forEach((span) -> spans.add(trace.id() + span.id())));
		progress.accept(spans.size());
	}

	private JsonNode json(String text) throws IOException {
		try {
			return JsonMapper.shared().readTree(text);
		}
		catch (JacksonException ex) {
			throw new IOException(
					"What answers at %s is no trace store: %s".formatted(this.http.at(""), ex.getMessage()), ex);
		}
	}

	/** The newest traces that this service takes part in. */
	List<Trace> recent(String service, Duration since, int atMost, Clock clock) throws IOException {
		Instant now = clock.instant();
		return query(service, now.minus(since), now.plusSeconds(60), atMost);
	}

	private List<Trace> query(String service, Instant from, Instant to, int atMost) throws IOException {
		Optional<String> json = get(
				"/api/v3/traces?query.service_name=%s&query.num_traces=%d&query.start_time_min=%s&query.start_time_max=%s"
					.formatted(URLEncoder.encode(service, StandardCharsets.UTF_8), atMost, encoded(from), encoded(to)));
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
