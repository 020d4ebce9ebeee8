package io.twelveseconds.demo.load;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.twelveseconds.demo.RawServer;
import io.twelveseconds.demo.StubServer;
import io.twelveseconds.demo.StubServer.Reply;
import io.twelveseconds.demo.StubServer.Request;
import io.twelveseconds.demo.Until;
import io.twelveseconds.demo.load.LoadResult.Failure;
import io.twelveseconds.demo.load.LoadResult.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class LoadTests {

	private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

	private static final Reply CREATED = new Reply(201, "{}",
			Map.of("traceresponse", "00-" + TRACE_ID + "-00f067aa0ba902b7-01", "Location", "/api/orders/1"));

	/**
	 * Only two requests meet the second in which nothing is answered, which is less than
	 * one in a hundred; but a third of all customers arrived in it, and waited.
	 */
	@Test
	void countsTheWaitOfThoseWhoArrivedWhileTheServerStoodStill() throws IOException {
		AtomicInteger number = new AtomicInteger();
		try (StubServer shop = new StubServer((request) -> {
			if (number.incrementAndGet() == 50) {
				pass(Duration.ofSeconds(1));
			}
			return CREATED;
		})) {
			LoadResult result = new Load(plan(shop, 100, Duration.ofSeconds(3)).inFlight(2)).run();
			assertThat(result.total().statuses()).isEqualTo(Map.of(201, 300L));
			assertThat(result.total().latency().p99()).isBetween(Duration.ofMillis(800), Duration.ofSeconds(2));
			assertThat(result.total().latency().p90()).isGreaterThan(Duration.ofMillis(400));
			assertThat(result.total().latency().p50()).isLessThan(Duration.ofMillis(200));
			assertThat(result.waited()).isBetween(80L, 250L);
			assertThat(result.total().failures()).isEmpty();
		}
	}

	@Test
	void goesOnArrivingWhenNothingIsAnswered() throws IOException {
		try (RawServer silent = new RawServer("", false)) {
			LoadResult result = new Load(
					plan(silent.url(), 100, Duration.ofSeconds(1)).inFlight(10).timeout(Duration.ofMillis(500)))
				.run();
			assertThat(result.arrivals()).isEqualTo(100);
			assertThat(result.unfinished()).isZero();
			assertThat(result.total().answered()).isZero();
			assertThat(result.waited()).isGreaterThan(50);
			assertThat(result.total().failed(Failure.TIMED_OUT)).isPositive();
			assertThat(result.total().failed(Failure.NO_SLOT)).isPositive();
			assertThat(result.total().ended()).isEqualTo(100);
			// Giving up is waiting, too.
			assertThat(result.total().latency().p50()).isBetween(Duration.ofMillis(499), Duration.ofMillis(1100));
			assertThat(result.elapsed()).isLessThan(Duration.ofSeconds(5));
		}
	}

	@Test
	void keepsItsScheduleAndItsBound() throws IOException {
		try (StubServer shop = new StubServer((request) -> CREATED)) {
			LoadResult result = new Load(plan(shop, 40, Duration.ofSeconds(1))).run();
			assertThat(result.arrivals()).isEqualTo(40);
			assertThat(result.elapsed()).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1500));
			assertThat(result.achievedRate()).isBetween(26.0, 40.1);
			assertThat(new Load(plan(shop, 40, Duration.ofSeconds(1)).max(7)).run().arrivals()).isEqualTo(7);
			assertThat(shop.requests()).hasSize(47);
		}
	}

	@Test
	void countsAnswersByStatusAndByWhatWasAsked() throws IOException {
		AtomicInteger number = new AtomicInteger();
		try (StubServer shop = new StubServer((request) -> request.method().equals("GET") ? Reply.of(200, "{}")
				: (number.incrementAndGet() % 4 == 0) ? Reply.of(503, "{}") : CREATED)) {
			LoadResult result = new Load(plan(shop, 200, Duration.ofSeconds(1)).also("/api/products?page=0", 0.3))
				.run();
			assertThat(result.requests()).containsOnlyKeys("POST /api/orders", "GET /api/products?page=0");
			LoadResult.Figures orders = result.requests().get("POST /api/orders");
			assertThat(orders.statuses()).containsOnlyKeys(201, 503);
			assertThat(orders.statuses().get(503)).isEqualTo(orders.answered() / 4);
			assertThat(orders.succeeded()).isEqualTo(orders.answered() - orders.answered() / 4);
			LoadResult.Figures others = result.requests().get("GET /api/products?page=0");
			assertThat(others.answered()).isBetween(40L, 80L);
			assertThat(others.answered() + orders.answered()).isEqualTo(result.total().answered()).isEqualTo(200);
			assertThat(result.seconds()).hasSize(1);
		}
	}

	@Test
	void tellsAClosedPortFromABrokenConnectionAndAnEndlessBody() throws IOException {
		StubServer gone = new StubServer((request) -> CREATED);
		gone.close();
		LoadResult refused = new Load(plan(gone, 20, Duration.ofMillis(500))).run();
		assertThat(refused.total().failures()).isEqualTo(Map.of(Failure.NOT_CONNECTED, 10L));
		assertThat(refused.total().latency().max()).isZero();

		try (RawServer broken = new RawServer("HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\nabc", true)) {
			LoadResult result = new Load(plan(broken.url(), 20, Duration.ofMillis(500))).run();
			assertThat(result.total().failures()).isEqualTo(Map.of(Failure.BROKEN_OFF, 10L));
		}
		try (RawServer endless = new RawServer("HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\nabc", false)) {
			LoadResult result = new Load(
					plan(endless.url(), 20, Duration.ofMillis(500)).timeout(Duration.ofMillis(400)))
				.run();
			assertThat(result.total().failures()).isEqualTo(Map.of(Failure.TIMED_OUT, 10L));
		}
	}

	@Test
	void sameSeedAsksForTheSame() throws IOException {
		String catalogue = """
				{"products": [{"sku": "sku-01", "inStock": 900}, {"sku": "sku-02", "inStock": 900},
				  {"sku": "sku-03", "inStock": 900}, {"sku": "sku-04", "inStock": 900}, {"sku": "sku-50", "inStock": 10}]}""";
		try (StubServer shop = new StubServer(
				(request) -> request.method().equals("GET") ? Reply.of(200, catalogue) : CREATED)) {
			List<String> first = bodies(shop, 1);
			assertThat(first).hasSize(50)
				.allSatisfy((body) -> assertThat(body).containsPattern(
						"\\{\"customer\":\"cust-(0\\d|1\\d)\",\"lines\":\\[(\\{\"sku\":\"sku-0[1-4]\",\"quantity\":1},?){2}]}"))
				.noneMatch((body) -> body.contains("sku-50") || body.contains("cust-20"));
			assertThat(bodies(shop, 1)).containsExactlyInAnyOrderElementsOf(first);
			assertThat(bodies(shop, 2)).isNotEqualTo(first);
			assertThat(shop.requests()).filteredOn((request) -> request.method().equals("POST"))
				.extracting((request) -> request.headers().getFirst("Idempotency-Key"))
				.doesNotHaveDuplicates();
		}
	}

	@Test
	void ordersOfNeighboursFollowEachOther() throws IOException {
		String products = IntStream.rangeClosed(1, 7)
			.mapToObj("{\"sku\": \"sku-0%d\", \"inStock\": 100}"::formatted)
			.collect(Collectors.joining(",", "{\"products\": [", "]}"));
		try (StubServer shop = new StubServer(
				(request) -> request.method().equals("GET") ? Reply.of(200, products) : CREATED)) {
			new Load(new LoadPlan(URI.create(shop.url()), 20, Duration.ofMillis(200)).lines(3).neighbours()).run();
			assertThat(shop.requests()).filteredOn((request) -> request.method().equals("POST"))
				.extracting((request) -> request.body().replaceAll("sku-0(\\d)|.", "$1"))
				.containsExactly("123", "456", "123", "456");
		}
	}

	private static List<String> bodies(StubServer shop, long seed) throws IOException {
		int before = shop.requests().size();
		new Load(new LoadPlan(URI.create(shop.url()), 500, Duration.ofMillis(100)).lines(2).seed(seed)).run();
		return shop.requests()
			.subList(before, shop.requests().size())
			.stream()
			.map(Request::body)
			.filter((body) -> !body.isEmpty())
			.toList();
	}

	@Test
	void doesNotBeginWithoutProducts() {
		try (StubServer shop = new StubServer((request) -> Reply.of(200, "{\"products\": []}"))) {
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> new Load(new LoadPlan(URI.create(shop.url()), 10, Duration.ofSeconds(1))).run())
				.withMessageContaining("Of 0 products there are 10 left");
		}
	}

	@Test
	void stoppedLoadTellsWhatItDidSoFar() throws IOException {
		try (RawServer silent = new RawServer("", false)) {
			Load load = new Load(plan(silent.url(), 100, Duration.ofSeconds(60)).inFlight(10));
			Thread stopping = new Thread(() -> {
				Until.holds("customers wait", () -> load.soFar().waited() > 5);
				load.stop();
			});
			stopping.start();
			LoadResult result = load.run();
			assertThat(result.unfinished()).isEqualTo(result.arrivals()).isGreaterThan(15);
			assertThat(result.elapsed()).isLessThan(Duration.ofSeconds(20));
		}
	}

	@Test
	void waitsForNobodyWhenTheTimeIsOver() throws IOException {
		try (RawServer silent = new RawServer("", false)) {
			LoadResult result = new Load(plan(silent.url(), 100, Duration.ofSeconds(1)).inFlight(10)).runInTime();
			assertThat(result.unfinished()).isEqualTo(result.arrivals()).isGreaterThan(15);
			assertThat(result.succeededRate()).isZero();
			assertThat(result.elapsed()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(10));
		}
	}

	@Test
	void timeBeginsOnceTheShopHasSaidWhatItSells() throws IOException {
		try (StubServer shop = new StubServer((request) -> {
			if (request.method().equals("GET")) {
				pass(Duration.ofMillis(700));
				return Reply.of(200, "{\"products\": [{\"sku\": \"sku-01\", \"inStock\": 900}]}");
			}
			return CREATED;
		})) {
			LoadResult result = new Load(new LoadPlan(URI.create(shop.url()), 100, Duration.ofMillis(500))).runInTime();
			assertThat(result.arrivals()).isGreaterThan(15);
			assertThat(result.succeededRate()).isPositive();
		}
	}

	@Test
	void tellsOfEachAsItEnds() throws IOException {
		List<Outcome> outcomes = new CopyOnWriteArrayList<>();
		try (StubServer shop = new StubServer((request) -> CREATED)) {
			LoadResult result = new Load(plan(shop, 50, Duration.ofMillis(500)).header("baggage", "a=b"), outcomes::add)
				.run();
			assertThat(outcomes).hasSize(25).allSatisfy((outcome) -> {
				assertThat(outcome.traceId()).contains(TRACE_ID);
				assertThat(outcome.location()).contains("/api/orders/1");
			});
			assertThat(result.slowest()).hasSize(10).isSubsetOf(outcomes);
			assertThat(shop.requests()).allMatch((request) -> "a=b".equals(request.headers().getFirst("baggage")));
		}
	}

	@Test
	void brokenListenerEndsTheLoadInsteadOfHangingIt() {
		try (StubServer shop = new StubServer((request) -> CREATED)) {
			assertThatIllegalStateException()
				.isThrownBy(() -> new Load(plan(shop, 10, Duration.ofSeconds(60)), (outcome) -> {
					throw new IllegalStateException("broken");
				}).run())
				.withMessage("broken");
		}
	}

	@ParameterizedTest
	@MethodSource
	void refusesWhatWouldBeTooMuch(Function<URI, LoadPlan> plan) {
		assertThatIllegalArgumentException().isThrownBy(() -> plan.apply(URI.create("http://127.0.0.1:1")));
	}

	static Stream<Function<URI, LoadPlan>> refusesWhatWouldBeTooMuch() {
		Duration second = Duration.ofSeconds(1);
		return Stream.of((uri) -> new LoadPlan(uri, 501, second), (uri) -> new LoadPlan(uri, 0, second),
				(uri) -> new LoadPlan(uri, Double.NaN, second),
				(uri) -> new LoadPlan(uri, 1, Duration.ofMinutes(10).plusMillis(1)),
				(uri) -> new LoadPlan(uri, 1, Duration.ZERO), (uri) -> new LoadPlan(uri, 1, second).inFlight(301),
				(uri) -> new LoadPlan(uri, 1, second).timeout(Duration.ofMinutes(3)),
				(uri) -> new LoadPlan(uri, 1, second).also("/a", 0.6).also("/b", 0.5),
				(uri) -> new LoadPlan(uri, 1, second).also("products", 0.5),
				(uri) -> new LoadPlan(uri, 1, second).also("/api/orders?customer=cust 01", 0.5),
				(uri) -> new LoadPlan(uri, 1, second).lines(101), (uri) -> new LoadPlan(uri, 1, second).max(0));
	}

	private static LoadPlan plan(StubServer shop, double rate, Duration duration) {
		return plan(shop.url(), rate, duration);
	}

	private static LoadPlan plan(String url, double rate, Duration duration) {
		return new LoadPlan(URI.create(url), rate, duration).item("sku-01", 1);
	}

	/** The stub answers one at a time: while it waits here, it answers nobody. */
	private static void pass(Duration time) {
		try {
			new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
