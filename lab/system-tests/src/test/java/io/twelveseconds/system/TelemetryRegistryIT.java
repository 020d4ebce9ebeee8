package io.twelveseconds.system;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.twelveseconds.trace.Trace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@code telemetry/registry} lists every span that the shop makes, and nothing else. All
 * that makes spans of its own is done here once: what only a failure or a naive variant
 * makes, too.
 */
@ExtendWith(RunningShop.class)
class TelemetryRegistryIT {

	@AfterEach
	void calm(RunningShop shop) {
		shop.deployment().demo("fault", "off", "--all");
	}

	@Test
	void registryListsWhatIsRecordedAndNothingElse(RunningShop shop) throws IOException {
		Instant start = Instant.now();
		shop.deployment().demo("fault", "on", "naive-stocktake");
		whilePaymentServiceHangs(shop);
		shop.deployment().demo("fault", "off", "naive-stocktake");
		whileReservationsAreLocked(shop);
		whileNothingCanBeReserved(shop);
		unusualOrders(shop);
		everyPage(shop);
		eventThatNobodyCanRead(shop);
		processThatDied(shop);
		shop.awaitBalancedBooks();
		shop.wholeTrace(shop.customer().order("cust-03", "sku-08", 1).traceId());
		List<Trace> recording = shop.tracesSince(start);

		assertThat(TelemetryRegistry.of(shop.root()).differences(recording)).isEmpty();
		assertThat(recording).allSatisfy(
				(trace) -> assertThat(trace.spans()).allSatisfy((span) -> assertThat(span.resource()).as(span.service())
					.containsEntry("service.version", shop.version())
					.containsEntry("deployment.environment.name", "demo")));
	}

	/**
	 * More customers at once than may wait for payment-service, one whose card will be
	 * declined, and one more who comes when nobody is allowed to ask it any more; then
	 * recovery is not either, which tries one order in each round.
	 */
	private static void whilePaymentServiceHangs(RunningShop shop) {
		shop.whileFrozen("payment-service", () -> {
			shop.atOnce(32, (n) -> shop.customer().order((n == 0) ? "cust-20" : "cust-03", "sku-08", 1));
			Shop.Answer late = await("an order for which nobody asks payment-service").atMost(Duration.ofSeconds(60))
				.until(() -> order(shop, Duration.ofSeconds(2)), Optional::isPresent)
				.orElseThrow();
			long tried = triedByRecovery(shop);
			await("two more orders that recovery tries").atMost(Duration.ofSeconds(60))
				.until(() -> triedByRecovery(shop) > tried + 1);
			return late;
		});
		shop.awaitBalancedBooks();
	}

	/** How often, for all orders together; the last one may be under way still. */
	private static long triedByRecovery(RunningShop shop) {
		return shop.databases().number("orders", "SELECT sum(attempts) FROM orders");
	}

	/**
	 * A charge is waited for three seconds: who has his answer before was not waited for.
	 * The breaker opens only when most calls of the last ten seconds have failed.
	 */
	private static Optional<Shop.Answer> order(RunningShop shop, Duration limit) {
		Instant start = Instant.now();
		Shop.Answer answer = shop.customer().order("cust-03", "sku-08", 1);
		return Optional.of(answer).filter((any) -> Instant.now().isBefore(start.plus(limit)));
	}

	/** More customers than there are retries saved up. */
	private static void whileNothingCanBeReserved(RunningShop shop) {
		shop.deployment().demo("fault", "on", "stock-read-only");
		IntStream.range(0, 12).forEach((n) -> shop.customer().order("cust-03", "sku-08", 1));
		shop.deployment().demo("fault", "off", "stock-read-only");
		shop.awaitBalancedBooks();
	}

	/**
	 * More customers at once than inventory-service has connections: some wait for one.
	 */
	private static void whileReservationsAreLocked(RunningShop shop) {
		CompletableFuture<Void> lock = CompletableFuture.runAsync(() -> shop.databases()
			.change("inventory",
					"DO $$ BEGIN LOCK TABLE reservations IN ACCESS EXCLUSIVE MODE; PERFORM pg_sleep(1.5); END $$"));
		shop.atOnce(32, (n) -> shop.customer().order("cust-03", "sku-08", 1));
		lock.join();
	}

	/** Refused ones, repeated ones, and one for each fault that makes other spans. */
	private static void unusualOrders(RunningShop shop) {
		Shop customer = shop.customer();
		customer.order("cust-01", "sku-50", 11);
		customer.order("cust-01", "sku-99", 1);
		customer.order("cust-20", "sku-08", 1);
		Map<String, String> key = Map.of("Idempotency-Key", RunningShop.newTraceId());
		customer.order("cust-01", "sku-08", 1, key);
		customer.order("cust-01", "sku-08", 1, key);
		for (String faults : List.of("naive-placing:naive-inventory:naive-reservations", "naive-categories",
				"naive-executor", "naive-payment", "naive-tracking", "analytics-refuses", "stock-slow", "stock-locked",
				"mails-late", "inventory-zone-away")) {
			customer.order("cust-03", "sku-08", 1, Map.of("baggage", "demo.fault=" + faults));
		}
	}

	/** Those of the gateway's contract, and two requests that it does not know. */
	private static void everyPage(RunningShop shop) {
		Shop customer = shop.customer();
		String order = customer.order("cust-03", "sku-08", 1).text("/id");
		Map<String, String> values = Map.of("customer", "cust-03", "order", order, "id", order);
		JsonNode contract = new YAMLMapper().readTree(customer.get("/openapi.yaml").response().body());
		contract.at("/paths").properties().forEach((path) -> {
			String uri = path.getKey();
			for (JsonNode parameter : path.getValue().at("/get/parameters")) {
				String name = parameter.at("/name").asString();
				uri = uri.replace("{" + name + "}", values.getOrDefault(name, ""));
				if (parameter.at("/in").asString().equals("query") && values.containsKey(name)) {
					uri += "?" + name + "=" + values.get(name);
				}
			}
			assertThat(customer.get(uri).status()).as(uri).isEqualTo(200);
		});
		assertThat(customer.get("/nothing").status()).isEqualTo(404);
		assertThat(customer.post("/api/products", "{}", Map.of()).status()).isEqualTo(405);
	}

	/** It is set aside by whoever takes it, and said anew. */
	private static void eventThatNobodyCanRead(RunningShop shop) {
		String trace = shop.customer()
			.order("cust-01", "sku-08", 1, Map.of("baggage", "demo.fault=events-malformed"))
			.traceId();
		await("two dead letters").atMost(Duration.ofSeconds(30))
			.ignoreException(AssertionError.class)
			.until(() -> shop.traceNow(trace)
				.spans()
				.stream()
				.filter((span) -> span.name().endsWith("dlt publish"))
				.count() == 2);
		// Each by itself: one who is told of both says the order anew once, after either.
		for (String service : List.of("notification-service", "analytics-service")) {
			shop.deployment().demo("dead-letters", "redrive", "--topic", "orders.events." + service + ".dlt");
		}
	}

	/**
	 * After its last step, but as if it could not write down the first: whoever is asked
	 * again knows the order.
	 */
	private static void processThatDied(RunningShop shop) {
		UUID order = UUID.fromString(shop.customer()
			.order("cust-03", "sku-08", 1, Map.of("baggage", "demo.fault=payment-far-away"))
			.text("/id"));
		shop.databases().change("orders", "UPDATE orders SET status = 'PENDING', due_at = now() WHERE id = ?", order);
		await("order " + order + " is taken up again").atMost(Duration.ofSeconds(30))
			.until(() -> shop.databases()
				.number("orders", "SELECT count(*) FROM orders WHERE id = ? AND status = 'CONFIRMED'", order) == 1);
	}

}
