package io.twelveseconds.order;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.matching.RequestPatternBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.twelveseconds.teststack.KafkaProbe;
import io.twelveseconds.teststack.RealKafka;
import io.twelveseconds.teststack.RealPostgres;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.transaction.support.TransactionTemplate;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/**
 * The whole service with a real PostgreSQL and a real Kafka; the neighbours are stubs on
 * the wire. The topic is not made at start-up, as if Kafka had been away then.
 */
@RealPostgres("orders")
@RealKafka
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "order.recovery.every=100ms", "order.recovery.patience=2s", "order.recovery.backoff=200ms",
				"order.tracking.every=50ms", "order.tracking.backoff=100ms", "order.tracking.max-backoff=200ms",
				"spring.http.serviceclient.inventory.read-timeout=1s",
				"spring.http.serviceclient.payment.read-timeout=1s",
				"resilience4j.circuitbreaker.instances.payment.wait-duration-in-open-state=2s",
				"spring.kafka.admin.auto-create=false", "demo.faults.allowed=true", "demo.faults.poll=50ms" })
class OrderServiceIT {

	private static final WireMockServer neighbours = new WireMockServer(options().dynamicPort());

	private static final String TWO_LINES = """
			{"customer": "cust-01", "lines": [{"sku": "sku-01", "quantity": 2}, {"sku": "sku-07", "quantity": 1}]}""";

	private static final String RESERVED = """
			{"outcome": "RESERVED", "lines": [
			  {"sku": "sku-01", "quantity": 2, "unitPrice": {"amount": "12.50", "currency": "EUR"}},
			  {"sku": "sku-07", "quantity": 1, "unitPrice": {"amount": "7.00", "currency": "EUR"}}]}""";

	private final JsonMapper json = JsonMapper.shared();

	@TempDir
	private static Path directory;

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private IdempotentOrders idempotentOrders;

	@Autowired
	private TransactionTemplate transaction;

	@Autowired
	private CircuitBreakerRegistry breakers;

	@Autowired
	private OrderSettings settings;

	private RestTestClient client;

	@DynamicPropertySource
	static void stubNeighbours(DynamicPropertyRegistry registry) throws IOException {
		switchFlag("naive-payment", "off");
		registry.add("demo.faults.file", () -> directory.resolve("flags.json").toString());
		neighbours.start();
		for (String group : List.of("inventory", "payment", "loyalty", "analytics")) {
			registry.add("spring.http.serviceclient." + group + ".base-url", neighbours::baseUrl);
		}
	}

	@AfterAll
	static void stopNeighbours() {
		neighbours.stop();
	}

	@BeforeEach
	void everyNeighbourIsWell(@LocalServerPort int port) {
		// The usual one would try again by itself whatever has a Retry-After.
		this.client = RestTestClient.bindToServer(new JdkClientHttpRequestFactory())
			.baseUrl("http://127.0.0.1:" + port)
			.build();
		// What an earlier test has left is not this test's to recover.
		this.jdbc.sql("UPDATE orders SET due_at = NULL").update();
		this.jdbc.sql("DELETE FROM untracked").update();
		neighbours.resetAll();
		breaker().reset();
		answer(post("/reservations"), RESERVED);
		answer(post("/charges"), "{\"outcome\": \"CAPTURED\"}");
		answer(post("/refunds"), "{\"outcome\": \"REFUNDED\"}");
		answer(post("/awards"), "{\"points\": 32}");
		answer(post("/checkouts"), "{}");
		neighbours.stubFor(delete(urlPathMatching("/reservations/.*")).willReturn(aResponse().withStatus(204)));
	}

	@Test
	void confirmsAnOrder() {
		JsonNode order = body(place(TWO_LINES).expectStatus().isCreated());
		String id = order.at("/id").asString();
		assertThat(order.at("/status").asString()).isEqualTo("CONFIRMED");
		assertThat(order.at("/total/amount").asString()).isEqualTo("32.00");
		assertThat(history(body(this.client.get().uri("/orders/" + id).exchange()))).containsExactly("PENDING",
				"RESERVED", "PAID", "CONFIRMED");
		awaitTracked(id, "CONFIRMED");
		neighbours.verify(1, tracked(id));
	}

	@Test
	void tellsOfAConfirmedOrderOnce() {
		String id = body(place(TWO_LINES)).at("/id").asString();
		ConsumerRecord<String, String> event = await("an event of order " + id).atMost(Duration.ofSeconds(20))
			.until(() -> event(id), Objects::nonNull);
		assertThat(this.json.readTree(event.value()).at("/type").asString()).isEqualTo("OrderConfirmed");
		await("the outbox is empty").untilAsserted(() -> assertThat(count("outbox", id)).isZero());
	}

	@Test
	void tellsAgainOfAnOrderThatHasEndedAsItDidAtFirst() throws InterruptedException {
		String id = body(place(TWO_LINES)).at("/id").asString();
		tellAgain(id).expectStatus().isAccepted();
		await("two events of order " + id).atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(events(id)).hasSize(2));
		List<ObjectNode> events = events(id);
		assertThat(events).extracting((event) -> event.get("id").asString()).doesNotHaveDuplicates();
		assertThat(events).extracting((event) -> event.deepCopy().without(List.of("id", "time")))
			.containsOnly(events.get(0).deepCopy().without(List.of("id", "time")));
		assertThat(Duration.between(Instant.parse(events.get(0).get("time").asString()),
				Instant.parse(events.get(1).get("time").asString())))
			.isLessThan(Duration.ofSeconds(1));
	}

	@Test
	void tellsNothingOfAnOrderThatIsOpenOrUnknown() {
		neighbours.stubFor(post("/charges").willReturn(serverError()));
		String id = body(place(TWO_LINES).expectStatus().isAccepted()).at("/id").asString();
		assertThat(body(tellAgain(id).expectStatus().isEqualTo(409)).at("/type").asString())
			.isEqualTo("urn:problem:order:still-open");
		tellAgain(UUID.randomUUID().toString()).expectStatus().isNotFound();
	}

	@Test
	void soldOutChargesNothing() {
		answer(post("/reservations"), "{\"outcome\": \"SOLD_OUT\", \"sku\": \"sku-07\"}");
		JsonNode problem = body(place(TWO_LINES).expectStatus().isEqualTo(409));
		assertThat(problem.at("/type").asString()).isEqualTo("urn:problem:order:sold-out");
		assertThat(problem.at("/detail").asString()).contains("sku-07");
		assertThat(status(problem.at("/orderId").asString())).isEqualTo("REJECTED");
		neighbours.verify(0, postRequestedFor(urlEqualTo("/charges")));
	}

	@Test
	void declinedChargeReleasesTheStock() {
		answer(post("/charges"), "{\"outcome\": \"DECLINED\", \"reason\": \"LIMIT_EXCEEDED\"}");
		JsonNode problem = body(place(TWO_LINES).expectStatus().isEqualTo(402));
		String id = problem.at("/orderId").asString();
		assertThat(problem.at("/type").asString()).isEqualTo("urn:problem:order:payment-declined");
		assertThat(status(id)).isEqualTo("REJECTED");
		neighbours.verify(1, deleteRequestedFor(urlEqualTo("/reservations/" + id)));
	}

	@Test
	void unansweredChargeIsSettledLater() {
		neighbours.stubFor(post("/charges").willReturn(okJson("{}").withFixedDelay(3000)));
		JsonNode order = body(place(TWO_LINES).expectStatus().isAccepted());
		assertThat(order.at("/status").asString()).isEqualTo("PAYMENT_UNKNOWN");
		answer(post("/charges"), "{\"outcome\": \"CAPTURED\"}");
		awaitStatus(order.at("/id").asString(), "CONFIRMED");
	}

	/** An empty 200 and one that does not say what happened: it may have been charged. */
	@ParameterizedTest
	@ValueSource(strings = { "", "{}" })
	void answerThatSaysNothingOfTheChargeIsSettledLater(String nothing) {
		answer(post("/charges"), nothing);
		JsonNode order = body(place(TWO_LINES).expectStatus().isAccepted());
		assertThat(order.at("/status").asString()).isEqualTo("PAYMENT_UNKNOWN");
		answer(post("/charges"), "{\"outcome\": \"CAPTURED\"}");
		awaitStatus(order.at("/id").asString(), "CONFIRMED");
	}

	@Test
	void openBreakerRefusesAtOnceAndLetsPaymentServiceBackInByItself() {
		neighbours.stubFor(post("/charges").willReturn(serverError()));
		Set<String> accepted = new HashSet<>();
		await("the breaker opens").until(() -> {
			accepted.add(body(place(TWO_LINES).expectStatus().isAccepted()).at("/id").asString());
			return breaker().getState() == CircuitBreaker.State.OPEN;
		});
		String refused = body(place(TWO_LINES).expectStatus().isAccepted()).at("/id").asString();
		assertThat(status(refused)).isEqualTo("PAYMENT_UNKNOWN");
		neighbours.verify(0, postRequestedFor(urlEqualTo("/charges")).withRequestBody(containing(refused)));
		assertThat(metric("resilience4j.circuitbreaker.not.permitted.calls")).isPositive();

		answer(post("/charges"), "{\"outcome\": \"CAPTURED\"}");
		accepted.add(refused);
		accepted.forEach((id) -> awaitStatus(id, "CONFIRMED"));
		await("closed").until(() -> breaker().getState() == CircuitBreaker.State.CLOSED);
	}

	@Test
	void naivePaymentWaitsLongerThanTheGuardedOne() throws IOException {
		neighbours.stubFor(post("/charges").willReturn(okJson("{\"outcome\": \"CAPTURED\"}").withFixedDelay(1500)));
		place(TWO_LINES).expectStatus().isAccepted();
		switchFlag("naive-payment", "on");
		try {
			await("the other variant").untilAsserted(() -> place(TWO_LINES).expectStatus().isCreated());
		}
		finally {
			switchFlag("naive-payment", "off");
		}
		await("the good variant again").untilAsserted(() -> place(TWO_LINES).expectStatus().isAccepted());
	}

	@Test
	void chargeUnansweredForTooLongIsRefundedAndReleased() {
		neighbours.stubFor(post("/charges").willReturn(serverError()));
		String id = body(place(TWO_LINES).expectStatus().isAccepted()).at("/id").asString();
		this.jdbc.sql("UPDATE orders SET placed_at = placed_at - interval '1 hour' WHERE id = :id")
			.param("id", UUID.fromString(id))
			.update();
		awaitStatus(id, "CANCELLED");
		neighbours.verify(postRequestedFor(urlEqualTo("/refunds")).withRequestBody(containing(id)));
		neighbours.verify(1, deleteRequestedFor(urlEqualTo("/reservations/" + id)));
	}

	@Test
	void declineAfterSilenceCancels() {
		neighbours.stubFor(post("/charges").willReturn(serverError()));
		String id = body(place(TWO_LINES).expectStatus().isAccepted()).at("/id").asString();
		answer(post("/charges"), "{\"outcome\": \"DECLINED\"}");
		awaitStatus(id, "CANCELLED");
	}

	@Test
	void loyaltyFailingCostsNoOrderAndIsCaughtUp() {
		neighbours.stubFor(post("/awards").willReturn(serverError()));
		String id = body(place(TWO_LINES).expectStatus().isCreated()).at("/id").asString();
		answer(post("/awards"), "{\"points\": 32}");
		await("points caught up").untilAsserted(
				() -> assertThat(this.jdbc.sql("SELECT due_at IS NULL AND NOT loyalty_due FROM orders WHERE id = :id")
					.param("id", UUID.fromString(id))
					.query(Boolean.class)
					.single()).isTrue());
	}

	@Test
	void checkoutThatCouldNotBeTrackedIsToldOfWhenAnalyticsServiceIsBack() {
		neighbours.stubFor(post("/charges").willReturn(serverError()));
		neighbours.stubFor(post("/checkouts").willReturn(serverError()));
		double failures = metric("tracking.failures");
		JsonNode order = body(place(TWO_LINES).expectStatus().isAccepted());
		String id = order.at("/id").asString();
		await("told of as waiting").untilAsserted(() -> {
			JsonNode health = health("/tracking");
			assertThat(health.at("/status").asString()).isEqualTo("DEGRADED");
			assertThat(health.at("/details/waiting").asInt()).isOne();
			assertThat(Instant.parse(health.at("/details/since").asString()))
				.isCloseTo(order.at("/placedAt").asString(), within(1, ChronoUnit.MILLIS));
			assertThat(metric("tracking.failures")).isGreaterThan(failures + 1);
		});
		assertThat(health("").at("/status").asString()).as("order-service is not to blame").isEqualTo("UP");

		answer(post("/charges"), "{\"outcome\": \"CAPTURED\"}");
		awaitStatus(id, "CONFIRMED");
		answer(post("/checkouts"), "{}");
		awaitTracked(id, "PAYMENT_UNKNOWN");
		assertThat(health("/tracking").at("/status").asString()).isEqualTo("UP");
	}

	@Test
	void checkoutThatCannotBeTrackedForADayIsGivenUpAndCounted() {
		neighbours.stubFor(post("/checkouts").willReturn(serverError()));
		double givenUp = metric("tracking.given.up");
		String id = body(place(TWO_LINES).expectStatus().isCreated()).at("/id").asString();
		assertThat(count("untracked", id)).isOne();
		this.jdbc.sql("UPDATE orders SET placed_at = placed_at - interval '2 days' WHERE id = :id")
			.param("id", UUID.fromString(id))
			.update();
		await("given up").untilAsserted(() -> assertThat(count("untracked", id)).isZero());
		assertThat(metric("tracking.given.up")).isEqualTo(givenUp + 1);
	}

	@Test
	void naiveTrackingForgetsWhatCouldNotBeTracked() throws IOException {
		neighbours.stubFor(post("/checkouts").willReturn(serverError()));
		switchFlag("naive-tracking", "on");
		try {
			await("the other variant").untilAsserted(() -> {
				this.jdbc.sql("DELETE FROM untracked").update();
				double before = metric("tracking.failures");
				String id = body(place(TWO_LINES).expectStatus().isCreated()).at("/id").asString();
				await().untilAsserted(() -> neighbours.verify(1, tracked(id)));
				await().untilAsserted(() -> assertThat(count("untracked", id)).isZero());
				assertThat(metric("tracking.failures")).as("told to nobody").isEqualTo(before);
			});
		}
		finally {
			switchFlag("naive-tracking", "off");
		}
	}

	@Test
	void silentInventoryIsAnOutageAndWhatItMayHaveReservedIsReleased() {
		neighbours.stubFor(post("/reservations").willReturn(okJson(RESERVED).withFixedDelay(3000)));
		JsonNode problem = body(place(TWO_LINES).expectStatus().isEqualTo(503).expectHeader().exists("Retry-After"));
		assertThat(problem.at("/type").asString()).isEqualTo("urn:problem:order:not-reserved");
		awaitStatus(problem.at("/orderId").asString(), "REJECTED");
		neighbours.verify(1, deleteRequestedFor(urlEqualTo("/reservations/" + problem.at("/orderId").asString())));
	}

	@ParameterizedTest
	@ValueSource(strings = { "PENDING", "RESERVED", "PAID" })
	void orderLeftByACrashIsTakenUpAgain(String left) {
		String id = leftByACrash(left, "0 s");
		awaitStatus(id, "CONFIRMED");
		awaitTracked(id, "CONFIRMED");
	}

	/** Each of twenty would wait for it until the timeout, a second. */
	@Test
	void silentInventoryDoesNotHoldUpThoseThatWaitForTheirPayment() {
		neighbours.stubFor(delete(urlPathMatching("/reservations/.*"))
			.willReturn(aResponse().withStatus(204).withFixedDelay(3000)));
		List<String> unknown = new ArrayList<>();
		for (int n = 0; n < 20; n++) {
			leftByACrash("RELEASING", "0 s");
			unknown.add(leftByACrash("PAYMENT_UNKNOWN", "0 s"));
		}
		await("all are confirmed").atMost(Duration.ofSeconds(8))
			.untilAsserted(() -> assertThat(unknown).extracting(this::status).containsOnly("CONFIRMED"));
	}

	/** It may have been charged, and nobody waits for it any more. */
	@Test
	void orderLeftInItsChargeTooLongAgoIsRefunded() {
		String id = leftByACrash("RESERVED", "1 h");
		awaitStatus(id, "CANCELLED");
		neighbours.verify(0, postRequestedFor(urlEqualTo("/charges")).withRequestBody(containing(id)));
		neighbours.verify(postRequestedFor(urlEqualTo("/refunds")).withRequestBody(containing(id)));
	}

	/** This recovery is an hour ahead: the service's own finds nothing due yet. */
	@Test
	void recoveryPassesOverWhatAnotherHasClaimed() {
		Orders ahead = new Orders(this.jdbc, this.json, Clock.offset(Clock.systemUTC(), Duration.ofHours(1)),
				this.settings);
		String first = leftByACrash("PAID", "0 s", "30 min");
		String second = leftByACrash("PAID", "0 s", "31 min");
		this.transaction.executeWithoutResult((status) -> {
			assertThat(claimed(ahead)).isEqualTo(first);
			assertThat(CompletableFuture.supplyAsync(() -> claimed(ahead))).as("while the first is locked")
				.succeedsWithin(Duration.ofSeconds(5))
				.isEqualTo(second);
		});
	}

	private String claimed(Orders orders) {
		return orders.claimDue(OrderStatus.PAID, this.settings.recovery()).orElseThrow().id().toString();
	}

	private String leftByACrash(String status, String ago) {
		return leftByACrash(status, ago, "0 s");
	}

	private String leftByACrash(String status, String ago, String dueIn) {
		UUID id = UUID.randomUUID();
		this.jdbc
			.sql("""
					INSERT INTO orders (id, customer, status, lines, total, currency, trace_context, placed_at, changed_at, due_at)
					VALUES (:id, 'cust-01', :status, :lines::jsonb, 32.00, 'EUR', '{}', now() - :ago::interval, now(),
					    now() + :dueIn::interval)
					""")
			.param("id", id)
			.param("status", status)
			.param("lines", this.json.readTree(RESERVED).at("/lines").toString())
			.param("ago", ago)
			.param("dueIn", dueIn)
			.update();
		return id.toString();
	}

	/**
	 * The checkout is slower than its patience, so recovery takes the same step, and all
	 * that follow, as another instance would.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "/charges", "/awards" })
	void orderThatIsMovedDuringAStepEndsOnce(String step) throws Exception {
		JsonNode order = await("recovery takes the step while it is under way").pollInSameThread()
			.atMost(Duration.ofSeconds(30))
			.until(() -> checkoutWithRecovery(step), Objects::nonNull);
		assertThat(order.at("/status").asString()).isEqualTo("CONFIRMED");
		String id = order.at("/id").asString();
		assertThat(history(body(this.client.get().uri("/orders/" + id).exchange()))).containsExactly("PENDING",
				"RESERVED", "PAID", "CONFIRMED");
		awaitAllTold(id, "OrderConfirmed");
	}

	/** Null if recovery came too late for it. */
	private JsonNode checkoutWithRecovery(String step) {
		neighbours.resetRequests();
		neighbours.resetScenarios();
		answerTheFirstLate(step, "{\"outcome\": \"CAPTURED\"}");
		CompletableFuture<JsonNode> checkout = CompletableFuture
			.supplyAsync(() -> body(place(TWO_LINES).expectStatus().isCreated()));
		await("the step is under way").pollInterval(Duration.ofMillis(10))
			.untilAsserted(() -> neighbours.verify(1, postRequestedFor(urlEqualTo(step))));
		this.jdbc.sql("UPDATE orders SET due_at = now() WHERE due_at IS NOT NULL").update();
		assertThat(checkout).succeedsWithin(Duration.ofSeconds(10));
		JsonNode order = checkout.join();
		RequestPatternBuilder ofThis = postRequestedFor(urlEqualTo(step))
			.withRequestBody(containing(order.at("/id").asString()));
		return (neighbours.findAll(ofThis).size() == 2) ? order : null;
	}

	/** Those after it get the usual answer at once. */
	private static void answerTheFirstLate(String path, String reply) {
		neighbours.stubFor(post(path).inScenario("late")
			.whenScenarioStateIs(Scenario.STARTED)
			.willSetStateTo("over")
			.willReturn(okJson(reply).withFixedDelay(900)));
	}

	/** Whoever sends the event of the other order has seen the younger one as well. */
	@Test
	void youngerEventOfAnOrderWaitsWhileAnotherRelayHoldsTheOlder() throws Exception {
		UUID other = UUID.randomUUID();
		UUID order = this.transaction.execute((status) -> {
			UUID held = await("an event that the service's own relay does not get first").pollInSameThread()
				.until(this::holdOlder, Objects::nonNull);
			writeEvent(held, "Younger");
			writeEvent(other, "Other");
			await("the other order's event is sent").atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(count("outbox", other.toString())).isZero());
			assertThat(count("outbox", held.toString())).as("the older and the younger").isEqualTo(2);
			return held;
		});
		awaitAllTold(order.toString(), "Older", "Younger");
	}

	/** A new order whose event this transaction holds; null if the relay was quicker. */
	private UUID holdOlder() {
		UUID order = UUID.randomUUID();
		writeEvent(order, "Older");
		return this.jdbc.sql("SELECT order_id FROM outbox WHERE order_id = :id FOR UPDATE SKIP LOCKED")
			.param("id", order)
			.query(UUID.class)
			.optional()
			.orElse(null);
	}

	/** On another thread, so not in the current transaction. */
	private void writeEvent(UUID order, String type) {
		CompletableFuture
			.runAsync(() -> this.jdbc
				.sql("INSERT INTO outbox (order_id, payload, trace_context) VALUES (:order, :payload, '{}')")
				.param("order", order)
				.param("payload", payload(type))
				.update())
			.join();
	}

	@Test
	void sameKeyAndRequestGetTheFirstAnswerAgain() {
		String key = UUID.randomUUID().toString();
		JsonNode first = body(place(TWO_LINES, key).expectStatus().isCreated());
		JsonNode again = body(place(TWO_LINES, key).expectStatus()
			.isCreated()
			.expectHeader()
			.valueEquals("Idempotent-Replayed", "true")
			.expectHeader()
			.valueEquals(HttpHeaders.LOCATION, "/orders/" + first.at("/id").asString()));
		assertThat(again).isEqualTo(first);
		neighbours.verify(1, postRequestedFor(urlEqualTo("/charges")));
	}

	@Test
	void refusalsAreReplayedToo() {
		String key = UUID.randomUUID().toString();
		answer(post("/charges"), "{\"outcome\": \"DECLINED\"}");
		JsonNode first = body(place(TWO_LINES, key).expectStatus().isEqualTo(402));
		answer(post("/charges"), "{\"outcome\": \"CAPTURED\"}");
		assertThat(body(place(TWO_LINES, key).expectStatus().isEqualTo(402))).isEqualTo(first);
	}

	@Test
	void nobodyIsAskedToWaitForAnAnswerThatWillStayTheSame() {
		String key = UUID.randomUUID().toString();
		neighbours.stubFor(post("/reservations").willReturn(serverError()));
		place(TWO_LINES, key).expectStatus().isEqualTo(503).expectHeader().valueEquals(HttpHeaders.RETRY_AFTER, "5");
		place(TWO_LINES, key).expectStatus().isEqualTo(503).expectHeader().doesNotExist(HttpHeaders.RETRY_AFTER);
	}

	@Test
	void answerThatComesSecondDoesNotReplaceTheFirst() {
		String key = UUID.randomUUID().toString();
		String id = body(place(TWO_LINES, key)).at("/id").asString();
		IdempotentOrders.Answer second = new IdempotentOrders.Answer(UUID.fromString(id), 202, "second");
		assertThat(this.idempotentOrders.complete(key, second).status()).isEqualTo(201);
		place(TWO_LINES, key).expectStatus().isCreated();
	}

	/** As if it had been claimed between the two looks of the one that forgets. */
	@Test
	void keyThatIsClaimedAnewIsNotForgotten() {
		String key = UUID.randomUUID().toString();
		place(TWO_LINES, key).expectStatus().isCreated();
		this.jdbc.sql("UPDATE idempotency_keys SET expires_at = now() WHERE key = :key").param("key", key).update();
		CompletableFuture<Void> forgetting = this.transaction.execute((status) -> {
			this.jdbc.sql("UPDATE idempotency_keys SET expires_at = now() + interval '1 day' WHERE key = :key")
				.param("key", key)
				.update();
			CompletableFuture<Void> waits = CompletableFuture.runAsync(this.idempotentOrders::forgetExpired);
			await("it waits for the row").untilAsserted(() -> assertThat(this.jdbc.sql("""
					SELECT count(*) FROM pg_stat_activity
					WHERE wait_event_type = 'Lock' AND query LIKE 'DELETE FROM idempotency_keys%'
					""").query(Integer.class).single()).isOne());
			return waits;
		});
		assertThat(forgetting).succeedsWithin(Duration.ofSeconds(5));
		place(TWO_LINES, key).expectStatus().isCreated().expectHeader().valueEquals("Idempotent-Replayed", "true");
	}

	@Test
	void sameKeyWithAnotherRequestIsRefused() {
		String key = UUID.randomUUID().toString();
		place(TWO_LINES, key).expectStatus().isCreated();
		JsonNode problem = body(place(TWO_LINES.replace("cust-01", "cust-02"), key).expectStatus().isEqualTo(422));
		assertThat(problem.at("/type").asString()).isEqualTo("urn:problem:order:idempotency-key-reused");
	}

	@Test
	void sameKeyAtTheSameTimeMakesOneOrder() throws Exception {
		String key = UUID.randomUUID().toString();
		neighbours.stubFor(post("/reservations").willReturn(okJson(RESERVED).withFixedDelay(300)));
		ExecutorService pool = Executors.newFixedThreadPool(20);
		try {
			List<Callable<Integer>> tries = IntStream.range(0, 20)
				.<Callable<Integer>>mapToObj(
						(n) -> () -> place(TWO_LINES, key).returnResult(String.class).getStatus().value())
				.toList();
			Set<Integer> statuses = pool.invokeAll(tries).stream().map(OrderServiceIT::get).collect(Collectors.toSet());
			assertThat(statuses).contains(201).isSubsetOf(201, 409);
		}
		finally {
			pool.shutdownNow();
		}
		neighbours.verify(1, postRequestedFor(urlEqualTo("/charges")));
	}

	@Test
	void expiredKeyIsFreeAgain() {
		String key = UUID.randomUUID().toString();
		String first = body(place(TWO_LINES, key)).at("/id").asString();
		this.jdbc.sql("UPDATE idempotency_keys SET expires_at = now() WHERE key = :key").param("key", key).update();
		assertThat(body(place(TWO_LINES, key).expectStatus().isCreated()).at("/id").asString()).isNotEqualTo(first);
	}

	@Test
	void keyWhoseProcessDiedIsAnsweredFromTheOrder() {
		String key = UUID.randomUUID().toString();
		String id = body(place(TWO_LINES, key)).at("/id").asString();
		this.jdbc.sql("UPDATE idempotency_keys SET answer_status = NULL, answer_body = NULL WHERE key = :key")
			.param("key", key)
			.update();
		this.jdbc.sql("UPDATE orders SET status = 'PAYMENT_UNKNOWN' WHERE id = :id")
			.param("id", UUID.fromString(id))
			.update();
		JsonNode answer = body(place(TWO_LINES, key).expectStatus().isAccepted());
		assertThat(answer.at("/id").asString()).isEqualTo(id);
		this.jdbc.sql("UPDATE orders SET status = 'CONFIRMED' WHERE id = :id")
			.param("id", UUID.fromString(id))
			.update();
		assertThat(body(place(TWO_LINES, key).expectStatus().isAccepted())).isEqualTo(answer);
	}

	@Test
	void keyWhoseRequestIsStillAtWorkIsAskedToWait() {
		String key = UUID.randomUUID().toString();
		String id = body(place(TWO_LINES, key)).at("/id").asString();
		this.jdbc.sql("UPDATE idempotency_keys SET answer_status = NULL, answer_body = NULL WHERE key = :key")
			.param("key", key)
			.update();
		this.jdbc.sql("UPDATE orders SET status = 'PAID' WHERE id = :id").param("id", UUID.fromString(id)).update();
		JsonNode problem = body(place(TWO_LINES, key).expectStatus()
			.isEqualTo(409)
			.expectHeader()
			.valueEquals(HttpHeaders.RETRY_AFTER, "1"));
		assertThat(problem.at("/type").asString()).isEqualTo("urn:problem:order:idempotency-in-progress");
	}

	@Test
	void unknownCustomerLeavesNothingBehind() {
		String key = UUID.randomUUID().toString();
		JsonNode problem = body(place(TWO_LINES.replace("cust-01", "cust-99"), key).expectStatus().isEqualTo(422));
		assertThat(problem.at("/type").asString()).isEqualTo("urn:problem:order:unknown-customer");
		place(TWO_LINES, key).expectStatus().isCreated();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "{}", "{\"customer\": \"cust-01\", \"lines\": []}",
			"{\"customer\": \"cust-01\", \"lines\": [null]}",
			"{\"customer\": \"cust-01\", \"lines\": [{\"sku\": \"sku-01\", \"quantity\": 0}]}",
			"{\"customer\": \"cust-01\", \"lines\": [{\"sku\": \"sku-01\", \"quantity\": 1.9}]}",
			"{\"customer\": \"cust-01\", \"lines\": [{\"sku\": \"sku-01\", \"quantity\": 1}, {\"sku\": \"sku-01\", \"quantity\": 1}]}",
			"{\"customer\": \"' OR 1=1\", \"lines\": [{\"sku\": \"sku-01\", \"quantity\": 1}]}" })
	void badRequestsAreProblems(String request) {
		place(request).expectStatus().isBadRequest().expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON);
	}

	@Test
	void listsTheOrdersOfACustomerNewestFirst() {
		String request = TWO_LINES.replace("cust-01", "cust-17");
		List<String> placed = IntStream.range(0, 3).mapToObj((n) -> body(place(request)).at("/id").asString()).toList();
		JsonNode page = body(this.client.get().uri("/orders?customer=cust-17&size=2").exchange());
		assertThat(page.at("/total").asInt()).isEqualTo(3);
		assertThat(page.at("/orders").valueStream().map((order) -> order.at("/id").asString()))
			.containsExactly(placed.get(2), placed.get(1));
	}

	@Test
	void unknownOrderIsAProblem() {
		JsonNode problem = body(
				this.client.get().uri("/orders/" + UUID.randomUUID()).exchange().expectStatus().isNotFound());
		assertThat(problem.at("/type").asString()).isEqualTo("urn:problem:order:not-found");
		this.client.get().uri("/orders/42").exchange().expectStatus().isBadRequest();
	}

	@Test
	void impossibleCustomerIsABadRequest() {
		this.client.get().uri("/orders?customer=%00").exchange().expectStatus().isBadRequest();
	}

	/** In nanoseconds it would be another time once it comes from the database. */
	@Test
	void orderIsPlacedAtOneTime() {
		JsonNode placed = body(place(TWO_LINES));
		JsonNode found = body(this.client.get().uri("/orders/" + placed.at("/id").asString()).exchange());
		assertThat(found.at("/placedAt")).isEqualTo(placed.at("/placedAt"));
	}

	private RestTestClient.ResponseSpec place(String request) {
		return place(request, null);
	}

	private RestTestClient.ResponseSpec place(String request, String key) {
		return this.client.post()
			.uri("/orders")
			.headers((headers) -> headers.setAll((key != null) ? Map.of("Idempotency-Key", key) : Map.of()))
			.contentType(MediaType.APPLICATION_JSON)
			.body(request)
			.exchange();
	}

	private JsonNode body(RestTestClient.ResponseSpec response) {
		return this.json.readTree(response.returnResult(String.class).getResponseBody());
	}

	private List<String> history(JsonNode order) {
		return order.at("/history").valueStream().map((step) -> step.at("/status").asString()).toList();
	}

	private static ConsumerRecord<String, String> event(String orderId) throws InterruptedException {
		try (KafkaProbe probe = new KafkaProbe()) {
			return probe.awaitRecords("orders.events", 1, Duration.ofSeconds(10))
				.stream()
				.filter((record) -> orderId.equals(record.key()))
				.findFirst()
				.orElse(null);
		}
	}

	private RestTestClient.ResponseSpec tellAgain(String id) {
		return this.client.post().uri("/orders/" + id + "/events").exchange();
	}

	private List<ObjectNode> events(String orderId) throws InterruptedException {
		try (KafkaProbe probe = new KafkaProbe()) {
			return probe.awaitRecords("orders.events", 1, Duration.ofSeconds(10))
				.stream()
				.filter((record) -> orderId.equals(record.key()))
				.map((record) -> (ObjectNode) this.json.readTree(record.value()))
				.toList();
		}
	}

	/**
	 * The last event is our own. The events of an order keep their order, so none is
	 * still to come before it.
	 */
	private void awaitAllTold(String orderId, String... types) throws Exception {
		await("the outbox is empty").atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(count("outbox", orderId)).isZero());
		try (KafkaProbe probe = new KafkaProbe()) {
			probe.send("orders.events", orderId, payload("Last"), Map.of());
		}
		List<String> all = Stream.concat(Stream.of(types), Stream.of("Last")).toList();
		await("all events of order " + orderId).untilAsserted(
				() -> assertThat(events(orderId)).extracting((event) -> event.get("type").asString()).isEqualTo(all));
	}

	private static String payload(String type) {
		return "{\"type\": \"%s\"}".formatted(type);
	}

	private void awaitStatus(String id, String status) {
		await("order " + id + " is " + status).atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(status(id)).isEqualTo(status));
	}

	private void awaitTracked(String id, String outcome) {
		await("order " + id + " is tracked").untilAsserted(() -> assertThat(count("untracked", id)).isZero());
		neighbours.verify(tracked(id).withRequestBody(containing(outcome)));
	}

	private static RequestPatternBuilder tracked(String id) {
		return postRequestedFor(urlEqualTo("/checkouts")).withRequestBody(containing(id));
	}

	private JsonNode health(String path) {
		return body(this.client.get().uri("/actuator/health" + path).exchange().expectStatus().isOk());
	}

	private String status(String id) {
		return body(this.client.get().uri("/orders/" + id).exchange()).at("/status").asString();
	}

	private long count(String table, String orderId) {
		return this.jdbc.sql("SELECT count(*) FROM " + table + " WHERE order_id = :id")
			.param("id", UUID.fromString(orderId))
			.query(Long.class)
			.single();
	}

	private CircuitBreaker breaker() {
		return this.breakers.circuitBreaker("payment");
	}

	private double metric(String name) {
		return body(this.client.get().uri("/actuator/metrics/" + name).exchange().expectStatus().isOk())
			.at("/measurements/0/value")
			.asDouble();
	}

	/** As {@code ./demo fault} does it. */
	private static void switchFlag(String flag, String variant) throws IOException {
		ObjectNode flags;
		try (InputStream builtIn = OrderServiceIT.class.getResourceAsStream("/faults.json")) {
			flags = (ObjectNode) JsonMapper.shared().readTree(builtIn);
		}
		((ObjectNode) flags.at("/flags/" + flag)).put("defaultVariant", variant);
		Path fresh = Files.writeString(directory.resolve("flags.new"), flags.toString());
		Files.move(fresh, directory.resolve("flags.json"), StandardCopyOption.REPLACE_EXISTING,
				StandardCopyOption.ATOMIC_MOVE);
	}

	private static void answer(MappingBuilder request, String reply) {
		neighbours.stubFor(request.willReturn(okJson(reply)));
	}

	private static <T> T get(Future<T> future) {
		try {
			return future.get();
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

}
