package io.twelveseconds.demo.scenario;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

import io.twelveseconds.demo.deadletters.DeadLetters;
import io.twelveseconds.demo.deadletters.Kafka;
import io.twelveseconds.demo.load.LoadResult.Outcome;
import io.twelveseconds.demo.shop.Gateway;
import io.twelveseconds.demo.shop.Http;
import io.twelveseconds.demo.stack.Site;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * What became of some checkouts after their customers had an answer, as the shop itself
 * tells it: through its door, and by what its services say of themselves.
 */
public final class ShopFacts {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final Site site;

	private final Http gateway;

	/** What had been counted when we began: the shop may have been used before. */
	private final Counts start;

	/** What services had counted themselves, by service and metric. */
	private final Map<String, Double> counted = new HashMap<>();

	/**
	 * Counts at once what will be compared with later, and nothing else: who is broken
	 * may not answer.
	 */
	public ShopFacts(Site site, URI gateway, Expected.Shop compared, List<Expected.Said> says) throws IOException {
		this.site = site;
		this.gateway = new Http("gateway", gateway, TIMEOUT);
		boolean books = compared.chargedNotOnce() != null;
		this.start = new Counts((compared.figuresMissing() != null) ? tracked() : 0, books ? confirmed() : 0,
				books ? charged() : 0, compared.deadLetters().isEmpty() ? Map.of() : letters());
		for (Expected.Said said : says) {
			if (said.metric() != null) {
				JsonNode measured = measurement(said.service(), said.metric());
				boolean counts = measured.path("statistic").asString("").equals("COUNT");
				this.counted.put(said.service() + " " + said.metric(), counts ? measured.path("value").asDouble(0) : 0);
			}
		}
	}

	/** Orders that were accepted and are neither confirmed nor given up. */
	long unsettled(List<Outcome> checkouts) throws IOException {
		long unsettled = 0;
		for (String order : accepted(checkouts)) {
			if (!Gateway.isSettled(status(order))) {
				unsettled++;
			}
		}
		return unsettled;
	}

	/** Confirmed orders whose customer has not been told. */
	long mailsMissing(List<Outcome> checkouts) throws IOException {
		long missing = 0;
		for (String order : accepted(checkouts)) {
			if (status(order).equals("CONFIRMED")
					&& ask("/api/notifications?order=" + order).path("notifications").isEmpty()) {
				missing++;
			}
		}
		return missing;
	}

	/** Checkouts that were answered well since we began and are not in the figures. */
	long figuresMissing(List<Outcome> checkouts) throws IOException {
		return accepted(checkouts).size() - (tracked() - this.start.tracked());
	}

	/**
	 * By how many the charges that the card provider has made since we began differ from
	 * the orders that were confirmed since then, whoever ordered.
	 */
	long chargedNotOnce() throws IOException {
		return Math.abs((charged() - this.start.charged()) - (confirmed() - this.start.confirmed()));
	}

	/** Records that this consumer has set aside since we began, and that are open. */
	long deadLetters(String consumer) throws IOException {
		String topic = "orders.events." + consumer + ".dlt";
		Set<Long> letters = letters().get(topic);
		if (letters == null) {
			throw new IOException("There is no topic " + topic);
		}
		return newlyOpen(letters, this.start.letters().getOrDefault(topic, Set.of()));
	}

	/** One by one: of those that were open before, some may have been redriven since. */
	static long newlyOpen(Set<Long> open, Set<Long> before) {
		return open.stream().filter((letter) -> !before.contains(letter)).count();
	}

	/** Records that a consumer group has still to read. */
	long lag(String group) throws IOException {
		try {
			return Kafka.lag(this.site.broker(), group, TIMEOUT);
		}
		catch (ExecutionException ex) {
			throw new IOException("Kafka does not say how far %s is: %s".formatted(group, ex.getCause()), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted", ex);
		}
	}

	/** The status of one of a service's own health indicators. */
	String health(String service, String indicator) throws IOException {
		HttpResponse<String> response = actuator(service, "/actuator/health/" + indicator);
		// An indicator that is down says so with 503.
		return (response.statusCode() == 404) ? "UNKNOWN" : json(response.body()).path("status").asString("UNKNOWN");
	}

	/**
	 * The sum over all tags; 0 of what has not been counted yet. What a service counts is
	 * counted since we began, if we knew of it then.
	 */
	public double metric(String service, String name) throws IOException {
		return measurement(service, name).path("value").asDouble(0)
				- this.counted.getOrDefault(service + " " + name, 0.0);
	}

	private JsonNode measurement(String service, String name) throws IOException {
		HttpResponse<String> response = actuator(service, "/actuator/metrics/" + name);
		return ((response.statusCode() == 404) ? MissingNode.getInstance() : json(response.body())).path("measurements")
			.path(0);
	}

	private HttpResponse<String> actuator(String service, String path) throws IOException {
		URI where = this.site.service(service).orElseThrow(() -> new IOException(service + " does not run"));
		return new Http(service, where, TIMEOUT).send(path, HttpRequest.newBuilder().GET());
	}

	private long tracked() throws IOException {
		return ask("/api/analytics/summary").path("checkouts")
			.valueStream()
			.mapToLong((outcome) -> outcome.asLong(0))
			.sum();
	}

	private long confirmed() throws IOException {
		return ask("/api/analytics/summary").path("orders").asLong(0);
	}

	private long charged() throws IOException {
		return Math.round(metric("payment-service", "card.provider.charges"));
	}

	/** Those that are open, by topic. */
	private Map<String, Set<Long>> letters() throws IOException {
		try {
			return DeadLetters.openOffsets(this.site.broker(), TIMEOUT);
		}
		catch (ExecutionException ex) {
			throw new IOException("Kafka does not say what has been set aside: " + ex.getCause(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted", ex);
		}
	}

	private String status(String order) throws IOException {
		return ask("/api/orders/" + order).path("status").asString("");
	}

	private static List<String> accepted(List<Outcome> checkouts) {
		List<String> orders = new ArrayList<>();
		for (Outcome checkout : checkouts) {
			Optional<String> location = checkout.location().filter((any) -> Observation.succeeded(checkout));
			location.ifPresent((path) -> orders.add(path.substring(path.lastIndexOf('/') + 1)));
		}
		return orders;
	}

	private JsonNode ask(String path) throws IOException {
		HttpResponse<String> response = this.gateway.send(path, HttpRequest.newBuilder().GET());
		if (response.statusCode() != 200) {
			throw new IOException(
					"The gateway answered %d to %s".formatted(response.statusCode(), this.gateway.at(path)));
		}
		return json(response.body());
	}

	private static JsonNode json(String text) throws IOException {
		try {
			return JsonMapper.shared().readTree(text);
		}
		catch (JacksonException ex) {
			throw new IOException("What the shop answered is no JSON: " + ex.getMessage(), ex);
		}
	}

	private record Counts(long tracked, long confirmed, long charged, Map<String, Set<Long>> letters) {
	}

}
