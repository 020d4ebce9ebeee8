package io.twelveseconds.demo.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.shop.Gateway;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Decides what is asked for next; the plan's seed decides it the same way each time. */
public final class LoadMix {

	public static final String CHECKOUT = "POST /api/orders";

	private final LoadPlan plan;

	private final List<String> catalogue;

	private final Random random;

	/** The shelf at which the next order of neighbours begins. */
	private int next;

	private LoadMix(LoadPlan plan, List<String> catalogue) {
		this.plan = plan;
		this.catalogue = catalogue;
		this.random = new Random(plan.seed());
	}

	/** Reads the shop's catalogue if random products are wanted. */
	public static LoadMix of(LoadPlan plan) throws IOException {
		boolean orders = plan.also().values().stream().mapToDouble(Double::doubleValue).sum() < 1 - 1e-9;
		boolean fixed = !plan.items().isEmpty();
		return new LoadMix(plan, (orders && !fixed) ? catalogue(plan) : List.of());
	}

	/**
	 * Only products of which there is one for each arrival: a load is no sale of the last
	 * ten.
	 */
	private static List<String> catalogue(LoadPlan plan) throws IOException {
		Gateway.Answer answer = new Gateway(plan.gateway(), plan.timeout()).products();
		if (!answer.accepted()) {
			throw new IOException("The gateway does not say which products there are (%d %s). Name some: --items sku-01"
				.formatted(answer.status(), answer.field("title")));
		}
		List<String> skus = new ArrayList<>();
		for (JsonNode product : answer.body().path("products")) {
			if (product.path("inStock").asLong(0) >= plan.arrivals()) {
				skus.add(product.path("sku").asString());
			}
		}
		if (skus.size() < plan.lines()) {
			throw new IOException(
					"Of %d products there are %d left, but an order is to have %d. Ask for less, or: %s, which fills the shelves"
						.formatted(skus.size(), plan.arrivals(), plan.lines(),
								Environment.isCompose() ? "docker compose down -v && docker compose up --wait"
										: "./demo down --wipe && ./demo up"));
		}
		return skus;
	}

	/** The name under which a request is counted, and the request itself. */
	Asked next() {
		double dice = this.random.nextDouble();
		for (Map.Entry<String, Double> other : this.plan.also().entrySet()) {
			dice -= other.getValue();
			if (dice < 0) {
				return new Asked(page(other.getKey()), request(other.getKey()).GET());
			}
		}
		List<String> customers = this.plan.customers();
		Gateway.Order order = new Gateway.Order(customers.get(this.random.nextInt(customers.size())), lines());
		return new Asked(CHECKOUT, request("/api/orders").header("Content-Type", "application/json")
			// Not from the seed: a key that came before would be answered without
			// any work.
			.header("Idempotency-Key", UUID.randomUUID().toString())
			.POST(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(order))));
	}

	private List<Gateway.Line> lines() {
		if (this.catalogue.isEmpty()) {
			return this.plan.items();
		}
		if (this.plan.areNeighbours()) {
			return neighbours();
		}
		List<String> shuffled = new ArrayList<>(this.catalogue);
		Collections.shuffle(shuffled, this.random);
		return shuffled.subList(0, this.plan.lines()).stream().map((sku) -> new Gateway.Line(sku, 1)).toList();
	}

	/** The catalogue is sorted; what is left at its end is too little for an order. */
	private List<Gateway.Line> neighbours() {
		if (this.next + this.plan.lines() > this.catalogue.size()) {
			this.next = 0;
		}
		int first = this.next;
		this.next += this.plan.lines();
		return this.catalogue.subList(first, this.next).stream().map((sku) -> new Gateway.Line(sku, 1)).toList();
	}

	private HttpRequest.Builder request(String path) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.plan.gateway() + path))
			.header("Accept", "application/json, application/problem+json");
		this.plan.headers().forEach(request::header);
		return request;
	}

	/** Everything that will be counted, even if nothing of it comes. */
	List<String> names() {
		Stream<String> others = this.plan.also().keySet().stream().map(LoadMix::page);
		return Stream.concat(Stream.of(CHECKOUT), others).toList();
	}

	/** What a page is counted as. */
	public static String page(String path) {
		return "GET " + path;
	}

	record Asked(String name, HttpRequest.Builder request) {
	}

}
