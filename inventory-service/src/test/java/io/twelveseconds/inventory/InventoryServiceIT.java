package io.twelveseconds.inventory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import io.twelveseconds.inventory.Reservation.Line;
import io.twelveseconds.inventory.Reservation.Outcome;
import io.twelveseconds.inventory.Reservation.Reply;
import io.twelveseconds.teststack.RealPostgres;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.startsWith;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * The whole service with a real PostgreSQL.
 */
@RealPostgres("inventory")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "inventory.stocktake.cron=-")
class InventoryServiceIT {

	@Autowired
	private Reservations reservations;

	@Autowired
	private NaiveReservations naive;

	@Autowired
	private TransactionTemplate transaction;

	/** A spy only to count the statements: each one is a span in the checkout's trace. */
	@MockitoSpyBean
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
	void answersWithTheSampleOfTheContract() throws IOException {
		Path samples = Path.of("..", "contracts", "http", "inventory-service");
		this.client.post()
			.uri("/reservations")
			.contentType(MediaType.APPLICATION_JSON)
			.body(Files.readString(samples.resolve("reserve.request.json")))
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.json(Files.readString(samples.resolve("reserve.reply.json")), JsonCompareMode.STRICT);
	}

	@Test
	void oneStatementForTheOrderAndOneForEachLine() {
		clearInvocations(this.jdbc);
		this.reservations.reserve(UUID.randomUUID(),
				List.of(new Line("sku-07", 1), new Line("sku-01", 2), new Line("sku-02", 1)));
		verify(this.jdbc, times(1 + 3)).sql(anyString());
	}

	@Test
	void twoLinesOfOneProductTakeBoth() {
		UUID order = UUID.randomUUID();
		List<Line> lines = List.of(new Line("sku-11", 2), new Line("sku-12", 1), new Line("sku-11", 3));
		Reply reply = this.reservations.reserve(order, lines);
		assertThat(reply.lines()).extracting((line) -> new Line(line.sku(), line.quantity())).isEqualTo(lines);
		assertThat(this.reservations.reserve(order, lines)).isEqualTo(reply);
		assertThat(available("sku-11")).isEqualTo(5);
		this.reservations.release(order);
		assertThat(available("sku-11")).isEqualTo(10);
	}

	@Test
	void refusalStaysOneWhenAskedAgain() {
		UUID order = UUID.randomUUID();
		List<Line> lines = List.of(new Line("sku-13", 11));
		assertThat(this.reservations.reserve(order, lines)).isEqualTo(Reply.refused(Outcome.SOLD_OUT, "sku-13"));
		this.jdbc.sql("UPDATE stock SET available = 11 WHERE sku = 'sku-13'").update();
		assertThat(this.reservations.reserve(order, lines)).isEqualTo(Reply.refused(Outcome.SOLD_OUT, "sku-13"));
		this.reservations.release(order);
		assertThat(available("sku-13")).isEqualTo(11);
		assertThat(this.reservations.reserve(UUID.randomUUID(), lines).outcome()).isEqualTo(Outcome.RESERVED);
	}

	@Test
	void naiveOneTriesATransactionThreeTimesAndTakesNothing() {
		UUID order = UUID.randomUUID();
		List<Line> lines = List.of(new Line("sku-16", 1), new Line("sku-17", 1));
		this.jdbc.sql("ALTER TABLE stock ADD CONSTRAINT broken CHECK (sku <> 'sku-17' OR available = 10)").update();
		try {
			clearInvocations(this.jdbc);
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.naive.reserve(order, lines));
			verify(this.jdbc, times(3)).sql(startsWith("INSERT INTO reservations"));
		}
		finally {
			this.jdbc.sql("ALTER TABLE stock DROP CONSTRAINT broken").update();
		}
		assertThat(available("sku-16")).isEqualTo(10);
		assertThat(this.naive.reserve(order, lines).outcome()).isEqualTo(Outcome.RESERVED);
		assertThat(available("sku-16")).isEqualTo(9);
	}

	@Test
	void naiveOneIsContentWithARefusal() {
		List<Line> lines = List.of(new Line("sku-18", 1), new Line("sku-19", 11));
		clearInvocations(this.jdbc);
		assertThat(this.naive.reserve(UUID.randomUUID(), lines)).isEqualTo(Reply.refused(Outcome.SOLD_OUT, "sku-19"));
		verify(this.jdbc, times(1)).sql(startsWith("INSERT INTO reservations"));
		assertThat(available("sku-18")).isEqualTo(10);
	}

	@Test
	void waitsTwoSecondsForARowAndThenGetsIt() {
		CompletableFuture<Reply> waiting = this.transaction.execute((status) -> {
			this.jdbc.sql("UPDATE stock SET available = available WHERE sku = 'sku-14'").update();
			CompletableFuture<Reply> reply = CompletableFuture
				.supplyAsync(() -> this.reservations.reserve(UUID.randomUUID(), List.of(new Line("sku-14", 1))));
			this.jdbc.sql("SELECT 1 FROM (SELECT pg_sleep(2.5)) AS stocktake").query(Integer.class).single();
			assertThat(reply).isNotDone();
			return reply;
		});
		assertThat(waiting).succeedsWithin(Duration.ofSeconds(5))
			.extracting(Reply::outcome)
			.isEqualTo(Outcome.RESERVED);
	}

	@Test
	void reservationAndReleaseAtOnceTakeNothingInTheEnd() {
		for (int round = 0; round < 20; round++) {
			UUID contested = UUID.randomUUID();
			atOnce(6, (n) -> {
				if (n % 2 == 0) {
					return this.reservations.reserve(contested, List.of(new Line("sku-15", 3))).outcome();
				}
				this.reservations.release(contested);
				return Outcome.RELEASED;
			});
			assertThat(this.reservations.reserve(contested, List.of(new Line("sku-15", 3))).outcome())
				.isEqualTo(Outcome.RELEASED);
			assertThat(available("sku-15")).isEqualTo(10);
		}
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
		List<Reply> replies = atOnce(20, (n) -> this.reservations.reserve(order, List.of(new Line("sku-04", 1))));
		assertThat(replies).extracting(Reply::outcome).containsOnly(Outcome.RESERVED);
		assertThat(available("sku-04")).isEqualTo(9);
	}

	@Test
	void hundredOrdersForTenUnitsGetTen() {
		List<Reply> replies = atOnce(100,
				(n) -> this.reservations.reserve(UUID.randomUUID(), List.of(new Line("sku-05", 1))));
		assertThat(replies).filteredOn((reply) -> reply.outcome() == Outcome.RESERVED).hasSize(10);
		assertThat(replies).filteredOn((reply) -> reply.outcome() == Outcome.SOLD_OUT).hasSize(90);
		assertThat(available("sku-05")).isZero();
	}

	@Test
	void ordersThatWantTheSameProductsInAnotherOrderDoNotDeadlock() {
		this.jdbc.sql("UPDATE stock SET available = 1000").update();
		List<Reply> replies = atOnce(50, (n) -> {
			boolean turned = n % 2 == 0;
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
		atOnce(5, (n) -> {
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
	void wantedProductsComeInOneStatementWithoutThoseThatDoNotExist() {
		clearInvocations(this.jdbc);
		this.client.get()
			.uri("/products?sku=sku-07&sku=sku-99&sku=sku-01")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.json("""
					{ "products": [ { "sku": "sku-01", "category": "clocks" },
					                { "sku": "sku-07", "category": "instruments" } ] }""");
		verify(this.jdbc, times(1)).sql(anyString());
	}

	@Test
	void oneProductIsFoundOrIsAProblem() {
		this.client.get()
			.uri("/products/sku-50")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.category")
			.isEqualTo("timers");
		this.client.get()
			.uri("/products/sku-99")
			.exchange()
			.expectStatus()
			.isNotFound()
			.expectBody()
			.jsonPath("$.type")
			.isEqualTo("urn:problem:inventory:unknown-sku");
	}

	@Test
	void releaseHasNoBody() {
		this.client.delete().uri("/reservations/" + UUID.randomUUID()).exchange().expectStatus().isNoContent();
	}

	private int available(String sku) {
		return this.jdbc.sql("SELECT available FROM stock WHERE sku = :sku")
			.param("sku", sku)
			.query(Integer.class)
			.single();
	}

	/** All start at the same time, as far as the machine can. */
	private static <T> List<T> atOnce(int times, IntFunction<T> work) {
		ExecutorService pool = Executors.newFixedThreadPool(times);
		CyclicBarrier start = new CyclicBarrier(times);
		try {
			return IntStream.range(0, times).mapToObj((n) -> pool.submit(() -> {
				start.await();
				return work.apply(n);
			})).toList().stream().map(InventoryServiceIT::join).toList();
		}
		finally {
			pool.shutdownNow();
		}
	}

	private static <T> T join(Future<T> future) {
		try {
			return future.get(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException | ExecutionException | TimeoutException ex) {
			throw new AssertionError(ex);
		}
	}

}
