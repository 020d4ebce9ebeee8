package io.twelveseconds.inventory;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.twelveseconds.inventory.Reservation.Line;
import io.twelveseconds.inventory.Reservation.Outcome;
import io.twelveseconds.inventory.Reservation.Reply;
import io.twelveseconds.teststack.RealPostgres;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole service with a real PostgreSQL.
 */
@RealPostgres("inventory")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class InventoryServiceIT {

	@Autowired
	private Reservations reservations;

	@Autowired
	private JdbcClient jdbc;

	private RestTestClient client;

	@BeforeEach
	void fullShelves(@LocalServerPort int port) {
		this.client = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
		this.jdbc.sql("UPDATE stock SET available = 10").update();
	}

	@Test
	void takesAllLinesInTheirOrder() {
		Reply reply = this.reservations.reserve(UUID.randomUUID(),
				List.of(new Line("sku-07", 1), new Line("sku-01", 2)));
		assertThat(reply.outcome()).isEqualTo(Outcome.RESERVED);
		assertThat(reply.lines()).extracting(Reservation.PricedLine::sku).containsExactly("sku-07", "sku-01");
		assertThat(available("sku-01")).isEqualTo(8);
	}

	@Test
	void takesNothingIfOneLineIsSoldOut() {
		Reply reply = this.reservations.reserve(UUID.randomUUID(),
				List.of(new Line("sku-01", 1), new Line("sku-02", 11)));
		assertThat(reply).isEqualTo(Reply.refused(Outcome.SOLD_OUT, "sku-02"));
		assertThat(available("sku-01")).isEqualTo(10);
	}

	@Test
	void unknownProductIsAnAnswer() {
		assertThat(this.reservations.reserve(UUID.randomUUID(), List.of(new Line("sku-99", 1))))
			.isEqualTo(Reply.refused(Outcome.UNKNOWN_SKU, "sku-99"));
	}

	@Test
	void sameOrderAgainGetsTheSameAnswerAndTakesNothingMore() {
		UUID order = UUID.randomUUID();
		// All there is: a second try would find nothing left.
		Reply first = this.reservations.reserve(order, List.of(new Line("sku-03", 10)));
		assertThat(this.reservations.reserve(order, List.of(new Line("sku-03", 10)))).isEqualTo(first);
		assertThat(available("sku-03")).isZero();
	}

	@Test
	void sameOrderAtTheSameTimeIsReservedOnce() {
		UUID order = UUID.randomUUID();
		List<Reply> replies = atOnce(20, () -> this.reservations.reserve(order, List.of(new Line("sku-04", 1))));
		assertThat(replies).extracting(Reply::outcome).containsOnly(Outcome.RESERVED);
		assertThat(available("sku-04")).isEqualTo(9);
	}

	@Test
	void hundredOrdersForTenUnitsGetTen() {
		List<Reply> replies = atOnce(100,
				() -> this.reservations.reserve(UUID.randomUUID(), List.of(new Line("sku-05", 1))));
		assertThat(replies).filteredOn((reply) -> reply.outcome() == Outcome.RESERVED).hasSize(10);
		assertThat(replies).filteredOn((reply) -> reply.outcome() == Outcome.SOLD_OUT).hasSize(90);
		assertThat(available("sku-05")).isZero();
	}

	@Test
	void ordersThatWantTheSameProductsInAnotherOrderDoNotDeadlock() {
		this.jdbc.sql("UPDATE stock SET available = 1000").update();
		List<Reply> replies = atOnce(50, () -> {
			boolean turned = Math.random() < 0.5;
			Line one = new Line(turned ? "sku-06" : "sku-08", 1);
			Line other = new Line(turned ? "sku-08" : "sku-06", 1);
			return this.reservations.reserve(UUID.randomUUID(), List.of(one, other));
		});
		assertThat(replies).extracting(Reply::outcome).containsOnly(Outcome.RESERVED);
	}

	@Test
	void releasePutsBackOnce() {
		UUID order = UUID.randomUUID();
		this.reservations.reserve(order, List.of(new Line("sku-09", 4)));
		atOnce(5, () -> {
			this.reservations.release(order);
			return order;
		});
		assertThat(available("sku-09")).isEqualTo(10);
	}

	@Test
	void reservationAfterItsReleaseGetsNothing() {
		UUID order = UUID.randomUUID();
		this.reservations.release(order);
		assertThat(this.reservations.reserve(order, List.of(new Line("sku-10", 1))).outcome())
			.isEqualTo(Outcome.RELEASED);
		assertThat(available("sku-10")).isEqualTo(10);
	}

	@Test
	void listsFiftyProducts() {
		this.client.get()
			.uri("/products")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.products.length()")
			.isEqualTo(50);
	}

	@Test
	void releaseHasNoBody() {
		this.client.delete().uri("/reservations/" + UUID.randomUUID()).exchange().expectStatus().isNoContent();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "{}", "{\"orderId\": \"42\", \"lines\": []}",
			"{\"orderId\": \"6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d\", \"lines\": [{\"sku\": \"sku-01\", \"quantity\": 0}]}" })
	void badRequestsAreProblems(String body) {
		this.client.post()
			.uri("/reservations")
			.contentType(MediaType.APPLICATION_JSON)
			.body(body)
			.exchange()
			.expectStatus()
			.isBadRequest()
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON);
	}

	private int available(String sku) {
		return this.jdbc.sql("SELECT available FROM stock WHERE sku = :sku")
			.param("sku", sku)
			.query(Integer.class)
			.single();
	}

	private static <T> List<T> atOnce(int times, Supplier<T> work) {
		ExecutorService pool = Executors.newFixedThreadPool(times);
		try {
			return IntStream.range(0, times)
				.mapToObj((n) -> CompletableFuture.supplyAsync(work, pool))
				.toList()
				.stream()
				.map(CompletableFuture::join)
				.toList();
		}
		finally {
			pool.shutdownNow();
		}
	}

}
