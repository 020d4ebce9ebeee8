package io.twelveseconds.system;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.twelveseconds.demo.load.Load;
import io.twelveseconds.demo.load.LoadPlan;
import io.twelveseconds.demo.load.LoadResult;
import io.twelveseconds.trace.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The real Collector between the services and the real Jaeger: what it hides, what it
 * holds, and what is lost without it.
 */
@ExtendWith(RunningShop.class)
@DisabledIf(value = "isEmbedded", disabledReason = "the embedded stack has no Collector")
class CollectorIT {

	private static final Duration OUTAGE = Duration.ofSeconds(30);

	/**
	 * Orders a second: far below what two cores can do, so that waiting means trouble.
	 */
	private static final double RATE = 5;

	private static final Pattern READ_BACK = Pattern.compile("Read back from the store: (\\d+) spans");

	static boolean isEmbedded() {
		return Deployment.name().equals("embedded");
	}

	@Test
	void cardNumberAndMailAddressDoNotReachJaeger(RunningShop shop) {
		String traceId = RunningShop.newTraceId();
		String card = "4111111111111111";
		String spaced = "5500 0000 0000 0004";
		String mail = "jane.doe@example.com";
		long now = System.currentTimeMillis() * 1_000_000;
		RunningShop.export("""
				{"resourceSpans": [{
				  "resource": {"attributes": [
				    {"key": "service.name", "value": {"stringValue": "leaky"}},
				    {"key": "owner", "value": {"stringValue": "%3$s"}}]},
				  "scopeSpans": [{"spans": [{
				    "traceId": "%4$s", "spanId": "00000000000000a1", "kind": 2, "name": "pay %1$s for %3$s",
				    "startTimeUnixNano": "%5$d", "endTimeUnixNano": "%6$d",
				    "attributes": [
				      {"key": "card", "value": {"stringValue": "%1$s"}},
				      {"key": "text", "value": {"stringValue": "card %2$s of %3$s, please"}},
				      {"key": "number", "value": {"intValue": "%1$s"}},
				      {"key": "list", "value": {"arrayValue": {"values": [{"stringValue": "%3$s"}]}}},
				      {"key": "order", "value": {"stringValue": "31234567-8901-4345-8678-901234567890"}}],
				    "events": [{"name": "mail to %3$s", "timeUnixNano": "%5$d", "attributes": [
				      {"key": "exception.message", "value": {"stringValue": "no such card: %1$s"}}]}],
				    "status": {"code": 2, "message": "%3$s has no card %2$s"}}]}]}]}
				""".formatted(card, spaced, mail, traceId, now, now + 1000));

		Span span = shop.traceWith(traceId, Set.of("leaky")).spans().get(0);
		assertThat(span.toString()).doesNotContain(card, spaced, mail).contains("****");
		assertThat(span.text("order")).as("an order id is nobody's card")
			.isEqualTo("31234567-8901-4345-8678-901234567890");
		assertThat(span.text("text")).startsWith("card **** of").endsWith("please");
	}

	@Test
	void servicesStayFastWithoutTheCollectorAndCountWhatTheyLose(RunningShop shop) throws Exception {
		Instant start = Instant.now();
		Duration before = load(Duration.ofSeconds(20)).total().latency().p95();
		JsonNode atFirst = onceNothingIsOnItsWay(shop);
		shop.awaitWholeTraces(start);

		shop.deployment().stop("collector");
		LoadResult without = loadAndStart(shop, "collector");

		assertThat(without.total().succeeded()).isEqualTo(without.arrivals());
		// Half as much again is the promise; a few milliseconds more are this machine's.
		assertThat(without.total().latency().p95()).isLessThan(before.multipliedBy(3).dividedBy(2).plusMillis(20));
		JsonNode inTheEnd = onceNothingIsOnItsWay(shop);
		long made = services(inTheEnd, "in") - services(atFirst, "in");
		long lost = services(inTheEnd, "failed") + services(inTheEnd, "dropped") - services(atFirst, "failed")
				- services(atFirst, "dropped");
		long arrived = hop(inTheEnd, "jaeger", "in") - hop(atFirst, "jaeger", "in");
		assertThat(lost).as("spans given up in 30 s").isPositive();
		assertThat(arrived).as("all that is not counted as lost").isEqualTo(made - lost);
		shop.awaitBalancedBooks();
	}

	@Test
	void collectorHoldsWhatJaegerDoesNotTake(RunningShop shop) throws Exception {
		long before = services(onceNothingIsOnItsWay(shop), "in");

		// Its memory goes as well: what is there afterwards has come through the queue.
		shop.deployment().kill("jaeger");
		Instant start = Instant.now();
		LoadResult without = loadAndStart(shop, "jaeger");

		assertThat(without.total().succeeded()).isEqualTo(without.arrivals());
		await("spans made while Jaeger was gone are read back").atMost(Duration.ofSeconds(120)).untilAsserted(() -> {
			long made = services(onceNothingIsOnItsWay(shop), "in") - before;
			assertThat(made).isGreaterThan(20 * without.arrivals());
			// It takes a while, in which a stocktake may come.
			assertThat(readBack(shop)).isBetween(made, services(spans(shop), "in") - before);
		});
		shop.awaitWholeTraces(start);
	}

	private static LoadResult loadAndStart(RunningShop shop, String missing) throws IOException {
		try {
			return load(OUTAGE);
		}
		finally {
			shop.deployment().start(missing);
		}
	}

	private static LoadResult load(Duration time) throws IOException {
		return new Load(new LoadPlan(RunningShop.at(8080), RATE, time).item("sku-02", 1)).run();
	}

	/** How many spans there are in Jaeger, as {@code ./demo} reads and counts them. */
	private static long readBack(RunningShop shop) {
		Matcher count = READ_BACK.matcher(shop.deployment().demo("status", "--telemetry", "--count"));
		assertThat(count.find()).isTrue();
		return Long.parseLong(count.group(1));
	}

	/** What the parts say of their spans, when twice in a row they say the same. */
	private static JsonNode onceNothingIsOnItsWay(RunningShop shop) {
		shop.awaitBalancedBooks();
		AtomicReference<JsonNode> last = new AtomicReference<>();
		await("no span waits anywhere").atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofSeconds(2)).until(() -> {
			JsonNode now = spans(shop);
			JsonNode before = last.getAndSet(now);
			return now.equals(before) && waiting(now) == 0;
		});
		return last.get();
	}

	/** What {@code ./demo status} knows of the spans. */
	private static JsonNode spans(RunningShop shop) {
		return JsonMapper.shared().readTree(shop.deployment().demo("status", "--json")).at("/spans/hops");
	}

	private static long waiting(JsonNode hops) {
		return hops.values().stream().mapToLong((hop) -> hop.at("/waiting").asLong()).sum();
	}

	private static long services(JsonNode hops, String figure) {
		return hops.values()
			.stream()
			.filter((hop) -> hop.at("/kind").asString().equals("SERVICE"))
			.mapToLong((hop) -> hop.at("/" + figure).asLong())
			.sum();
	}

	private static long hop(JsonNode hops, String name, String figure) {
		return hops.values()
			.stream()
			.filter((hop) -> hop.at("/name").asString().equals(name))
			.mapToLong((hop) -> hop.at("/" + figure).asLong())
			.sum();
	}

}
