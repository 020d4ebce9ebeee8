package io.twelveseconds.system;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.twelveseconds.trace.Span;
import io.twelveseconds.trace.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@code telemetry/attributes.yaml} lists what is ours, and all of it.
 */
@ExtendWith(RunningShop.class)
class TelemetryRegistryIT {

	@Test
	void everyAttributeAndSpanOfOursIsListedAndEveryListedOneIsEmitted(RunningShop shop) throws IOException {
		JsonNode registry = new YAMLMapper()
			.readTree(Files.readString(shop.root().resolve("telemetry/attributes.yaml")));
		List<Trace> traces = new ArrayList<>(whilePaymentServiceHangs(shop));
		traces.addAll(whileReservationsAreLocked(shop));
		traces.add(shop.wholeTrace(shop.customer().order("cust-03", "sku-02", 1).traceId()));
		traces.addAll(whileNothingCanBeReserved(shop));
		traces.add(stocktake(shop));

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

	/** One begins each quarter of a minute. */
	private static Trace stocktake(RunningShop shop) {
		await("a stocktake").atMost(Duration.ofSeconds(40)).until(() -> stocktakes(shop).findAny().isPresent());
		Trace trace = stocktakes(shop).findAny().orElseThrow();
		assertThat(trace.services()).containsExactly("inventory-service");
		assertThat(trace.spans()).filteredOn((span) -> trace.parent(span).isPresent())
			.as("the statements of the agent")
			.isNotEmpty();
		return trace;
	}

	private static Stream<Trace> stocktakes(RunningShop shop) {
		return shop.recentTraces().stream().filter((trace) -> trace.root().name().equals("stocktake"));
	}

	/**
	 * More customers at once than may wait for payment-service, and one more who comes
	 * when nobody is allowed to ask it any more; for his order recovery tries at least
	 * once.
	 */
	private static List<Trace> whilePaymentServiceHangs(RunningShop shop) {
		List<String> ids = shop.whileFrozen("payment-service", () -> {
			List<Shop.Answer> crowd = shop.atOnce(32, (n) -> shop.customer().order("cust-03", "sku-02", 1));
			Shop.Answer late = await("an order for which nobody asks payment-service").atMost(Duration.ofSeconds(60))
				.until(() -> order(shop, Duration.ofSeconds(2)), Optional::isPresent)
				.orElseThrow();
			UUID order = UUID.fromString(late.text("/id"));
			await("a second attempt at order " + order).atMost(Duration.ofSeconds(60))
				.until(() -> shop.databases().number("orders", "SELECT attempts FROM orders WHERE id = ?", order) > 1);
			return Stream.concat(crowd.stream(), Stream.of(late)).map(Shop.Answer::traceId).toList();
		});
		shop.awaitBalancedBooks();
		shop.wholeTrace(ids.get(ids.size() - 1));
		return ids.stream().map(shop::traceNow).toList();
	}

	/**
	 * A charge is waited for three seconds: who has his answer before was not waited for.
	 * The breaker opens only when most calls of the last ten seconds have failed.
	 */
	private static Optional<Shop.Answer> order(RunningShop shop, Duration limit) {
		Instant start = Instant.now();
		Shop.Answer answer = shop.customer().order("cust-03", "sku-02", 1);
		return Optional.of(answer).filter((any) -> Instant.now().isBefore(start.plus(limit)));
	}

	/**
	 * More customers than there are retries saved up. Not by baggage, which an order
	 * keeps: it could never be settled.
	 */
	private static List<Trace> whileNothingCanBeReserved(RunningShop shop) {
		shop.deployment().demo("fault", "on", "stock-read-only");
		List<String> ids = IntStream.range(0, 12)
			.mapToObj((n) -> shop.customer().order("cust-03", "sku-02", 1).traceId())
			.toList();
		shop.deployment().demo("fault", "off", "stock-read-only");
		shop.awaitBalancedBooks();
		return ids.stream().map(shop::traceNow).toList();
	}

	/**
	 * More customers at once than inventory-service has connections: some wait for one.
	 */
	private static List<Trace> whileReservationsAreLocked(RunningShop shop) {
		CompletableFuture<Void> lock = CompletableFuture.runAsync(() -> shop.databases()
			.change("inventory",
					"DO $$ BEGIN LOCK TABLE reservations IN ACCESS EXCLUSIVE MODE; PERFORM pg_sleep(1.5); END $$"));
		List<String> ids = shop.atOnce(32, (n) -> shop.customer().order("cust-03", "sku-02", 1))
			.stream()
			.map(Shop.Answer::traceId)
			.toList();
		lock.join();
		shop.awaitBalancedBooks();
		shop.wholeTrace(ids.get(ids.size() - 1));
		return ids.stream().map(shop::traceNow).toList();
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
