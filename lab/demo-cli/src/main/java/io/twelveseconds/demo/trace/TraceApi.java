package io.twelveseconds.demo.trace;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.shop.Http;
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
public final class TraceApi {

	private static final String GATEWAY = "api-gateway";

	private static final String CHECKOUT = "POST /api/orders";

	/** About 4 MB of JSON; of a storm of retries, four times as much. */
	private static final int PAGE = 100;

	private final Http http;

	public TraceApi(URI base) {
		this.http = new Http("trace store", base, Duration.ofSeconds(10));
	}

	/**
	 * The page on which a person can look at the trace. A browser may have to go another
	 * way than we do.
	 */
	public URI page(String traceId) {
		String pages = Environment.setting("DEMO_TRACE_PAGES");
		return (pages != null) ? URI.create(pages + "/trace/" + traceId) : this.http.at("/trace/" + traceId);
	}

	public Optional<Stored> trace(String traceId) throws IOException {
		Optional<String> json = get("/api/v3/traces/" + traceId);
		return json.isEmpty() ? Optional.empty() : read(json.get(), traceId);
	}

	/** The newest checkout of the last hour, else whatever the gateway did last. */
	Optional<String> newest(Clock clock) throws IOException {
		Duration hour = Duration.ofHours(1);
		List<Trace> checkouts = with(GATEWAY, CHECKOUT, clock.instant().minus(hour), 1, clock);
		List<Trace> traces = checkouts.isEmpty() ? recent(GATEWAY, hour, 1, clock) : checkouts;
		return traces.stream().findFirst().map(Trace::id);
	}

	/**
	 * Reads every trace of the time back, once, and counts its spans. Traces begin with a
	 * customer at the gateway, or with work of a service's own, which has a span of kind
	 * internal.
	 * @param progress is told how many spans there are so far
	 */
	public long countSpans(Instant from, Instant to, LongConsumer progress) throws IOException {
		Map<String, Integer> spans = new HashMap<>();
		Consumer<List<Trace>> count = (traces) -> {
			traces.forEach((trace) -> spans.put(trace.id(), trace.spans().size()));
			progress.accept(spans.values().stream().mapToLong(Integer::longValue).sum());
		};
		inSlices(GATEWAY, "", from, to, count);
		for (JsonNode service : ask("/api/v3/services").path("services").values()) {
			String name = service.asString();
			if (!name.equals(GATEWAY)) {
				JsonNode operations = ask("/api/v3/operations?service=" + encoded(name));
				for (JsonNode operation : operations.path("operations").values()) {
					if (operation.path("spanKind").asString("").equalsIgnoreCase("internal")) {
						inSlices(name, operation.path("name").asString(), from, to, count);
					}
				}
			}
		}
		return spans.values().stream().mapToLong(Integer::longValue).sum();
	}

	/**
	 * A store answers with so many traces at most: where there may be more, the slice of
	 * time was too long, and where there are few, the next one may be longer.
	 */
	private void inSlices(String service, String operation, Instant from, Instant to, Consumer<List<Trace>> found)
			throws IOException {
		Duration slice = Duration.ofSeconds(10);
		Instant start = from;
		while (start.isBefore(to)) {
			Instant end = start.plus(slice).isBefore(to) ? start.plus(slice) : to;
			List<Trace> traces = query(service, operation, start, end, PAGE);
			if (traces.size() >= PAGE && slice.toMillis() > 1) {
				slice = slice.dividedBy(4);
				continue;
			}
			found.accept(traces);
			start = end;
			if (traces.size() < PAGE / 4) {
				slice = slice.multipliedBy(2);
			}
		}
	}

	private JsonNode ask(String path) throws IOException {
		return json(get(path).orElse("{}"));
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
	public List<Trace> recent(String service, Duration since, int atMost, Clock clock) throws IOException {
		Instant now = clock.instant();
		return query(service, "", now.minus(since), now.plusSeconds(60), atMost);
	}

	/** The newest traces with such a span, begun since then. */
	public List<Trace> with(String service, String span, Instant since, int atMost, Clock clock) throws IOException {
		return query(service, span, since, clock.instant().plusSeconds(60), atMost);
	}

	/**
	 * What else the services of this trace did up to its answer: among it are pieces that
	 * it may have lost. A store answers with the newest, so those of that very moment are
	 * among them.
	 */
	public Collection<Trace> around(Trace trace) throws IOException {
		// Services take part in the same traces.
		Map<String, Trace> others = new LinkedHashMap<>();
		Instant answered = trace.root().end();
		for (String service : trace.services()) {
			query(service, "", trace.start().minusSeconds(30), answered.plusMillis(100), PAGE)
				.forEach((other) -> others.put(other.id(), other));
		}
		return others.values();
	}

	/**
	 * @param operation the name of a span that they have; any if it is empty
	 */
	private List<Trace> query(String service, String operation, Instant from, Instant to, int atMost)
			throws IOException {
		String wanted = operation.isEmpty() ? "" : "&query.operation_name=" + encoded(operation);
		Optional<String> json = get(
				"/api/v3/traces?query.service_name=%s&query.num_traces=%d&query.start_time_min=%s&query.start_time_max=%s%s"
					.formatted(encoded(service), atMost, encoded(from.toString()), encoded(to.toString()), wanted));
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

	private static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	/** A trace and the text that it was read from. */
	public record Stored(String json, Trace trace) {
	}

}
