package io.twelveseconds.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.twelveseconds.trace.Edge;
import io.twelveseconds.trace.Span;
import io.twelveseconds.trace.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * One checkout is one trace: through seven services, over HTTP, the outbox and Kafka.
 */
@ExtendWith(RunningShop.class)
class CheckoutTraceIT {

	private static final Set<Edge> EDGES = Set.of(edge("api-gateway", "order-service", Edge.Kind.HTTP),
			edge("order-service", "inventory-service", Edge.Kind.HTTP),
			edge("order-service", "payment-service", Edge.Kind.HTTP),
			edge("order-service", "loyalty-service", Edge.Kind.HTTP),
			edge("order-service", "analytics-service", Edge.Kind.HTTP),
			edge("order-service", "notification-service", Edge.Kind.KAFKA),
			edge("order-service", "analytics-service", Edge.Kind.KAFKA));

	@Test
	void callersTraceGoesThroughAllSevenServices(RunningShop shop) {
		String traceId = RunningShop.newTraceId();
		String caller = traceId.substring(16);
		Shop.Answer answer = shop.customer()
			.order("cust-01", "sku-01", 1, Map.of("traceparent", "00-" + traceId + "-" + caller + "-01"));
		assertThat(answer.status()).isEqualTo(201);
		assertThat(answer.traceId()).isEqualTo(traceId);
		Trace trace = shop.wholeTrace(traceId);
		assertThat(trace.edges()).isEqualTo(EDGES);
		assertThat(trace.roots()).isEmpty();
		assertThat(trace.orphans()).as("only the gateway's span has its parent outside")
			.singleElement()
			.satisfies((span) -> assertThat(span.service()).isEqualTo("api-gateway"))
			.satisfies((span) -> assertThat(span.parentId()).isEqualTo(caller));
	}

	@Test
	void pointsOfAPremiumCustomerNeedOneLookAtTheProducts(RunningShop shop) {
		Trace trace = shop.wholeTrace(shop.customer().order("cust-03", "sku-01", 1).traceId());
		Set<Edge> premium = new HashSet<>(EDGES);
		premium.add(edge("loyalty-service", "inventory-service", Edge.Kind.HTTP));
		assertThat(trace.edges()).isEqualTo(premium);
		assertThat(trace.spans())
			.filteredOn(
					(span) -> span.service().equals("loyalty-service") && span.text("url.full").contains("/products"))
			.hasSize(1);
	}

	@Test
	void checkoutOfOneLineIsOneTreeOfAtMostThirtySpans(RunningShop shop) {
		Trace trace = shop.wholeTrace(placed(shop, Map.of("Idempotency-Key", RunningShop.newTraceId())));
		assertThat(trace.roots()).hasSize(1);
		assertThat(trace.orphans()).isEmpty();
		assertThat(trace.spans()).hasSizeLessThanOrEqualTo(30);
		assertThat(trace.spans()).noneMatch(Span::failed);
	}

	/**
	 * Written down once, compared on every stack: so it is the same on all of them,
	 * whoever takes, guards and keeps the spans.
	 */
	@Test
	void checkoutHasTheSameSpansOnEveryStack(RunningShop shop) throws IOException {
		Trace trace = shop.wholeTrace(placed(shop, Map.of("Idempotency-Key", RunningShop.newTraceId())));
		List<String> spans = trace.spans()
			.stream()
			.map((span) -> "%s | %s | %s | %s | %s".formatted(span.service(), span.name(), span.kind(),
					trace.parent(span).map((parent) -> parent.service() + " " + parent.name()).orElse("-"),
					span.status()))
			.sorted()
			.toList();
		assertThat(spans).isEqualTo(Files.readAllLines(Path.of("src", "test", "resources", "checkout-spans.txt")));
	}

	@Test
	void consumersWorkIsPartOfTheOrdersTrace(RunningShop shop) {
		Trace trace = shop.wholeTrace(placed(shop, Map.of()));
		assertThat(trace.spans()).filteredOn((span) -> span.kind() == Span.Kind.CONSUMER)
			.extracting(Span::service, Span::name)
			.containsExactlyInAnyOrder(tuple("notification-service", "orders.events process"),
					tuple("analytics-service", "orders.events process"));
	}

	@Test
	void spanNamesHoldNoIds(RunningShop shop) {
		String order = shop.customer().order("cust-01", "sku-01", 1).text("/id");
		String traceId = shop.customer().get("/api/orders/" + order).traceId();
		Set<String> names = shop.traceWith(traceId, Set.of("api-gateway", "order-service"))
			.spans()
			.stream()
			.map(Span::name)
			.collect(Collectors.toSet());
		assertThat(names).contains("GET /api/orders/{id}", "GET /orders/{id}")
			.noneMatch((name) -> name.contains(order) || name.matches(".*\\d{3}.*"));
	}

	@Test
	void noPersonalDatumIsInASpanOrALog(RunningShop shop) {
		Trace trace = shop.wholeTrace(placed(shop, Map.of()));
		String spans = trace.spans().toString();
		List<String> personal = shop.personalData();
		assertThat(personal).hasSizeGreaterThanOrEqualTo(40);
		assertThat(personal).noneMatch(spans::contains);
		assertThat(shop.logs()).hasSizeGreaterThanOrEqualTo(7)
			.allSatisfy((service, log) -> assertThat(personal).as(service).noneMatch(log::contains));
	}

	@Test
	void logsCarryTheTraceAndSpanIds(RunningShop shop) {
		String traceId = placed(shop, Map.of());
		shop.wholeTrace(traceId);
		assertThat(shop.logs().get("order-service")).containsPattern("\\[" + traceId + " [0-9a-f]{16}]");
		assertThat(shop.logs().get("notification-service")).containsPattern("\\[" + traceId + " [0-9a-f]{16}]");
	}

	@Test
	void pollingHealthAndMigrationsAreNotTraced(RunningShop shop) {
		placed(shop, Map.of());
		assertThat(shop.recentTraces()).isNotEmpty()
			.allSatisfy((trace) -> assertThat(trace.spans()).as(trace.id())
				.anyMatch((span) -> span.kind() == Span.Kind.SERVER || span.kind() == Span.Kind.CONSUMER
						|| span.name().equals("stocktake"))
				.noneSatisfy((span) -> assertThat(span.text("url.path")).startsWith("/actuator")));
	}

	private static String placed(RunningShop shop, Map<String, String> headers) {
		Shop.Answer answer = shop.customer().order("cust-01", "sku-01", 1, headers);
		assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
		return answer.traceId();
	}

	private static Edge edge(String from, String to, Edge.Kind kind) {
		return new Edge(from, to, kind);
	}

}
