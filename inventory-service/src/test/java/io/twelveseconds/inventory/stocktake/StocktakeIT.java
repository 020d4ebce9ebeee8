package io.twelveseconds.inventory.stocktake;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import io.twelveseconds.inventory.stocktake.Stocktake.Count;
import io.twelveseconds.teststack.RealPostgres;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Both ways to count, with reservations beside them. Fast hands: a shelf takes 400 ms.
 */
@RealPostgres("inventory")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "inventory.stocktake.cron=-", "inventory.stocktake.dwell=400ms" })
class StocktakeIT {

	private static final Duration DWELL = Duration.ofMillis(400);

	@Autowired
	private Stocktake stocktake;

	@Autowired
	private NaiveStocktake naive;

	@Autowired
	private TransactionTemplate transaction;

	@Autowired
	private JdbcClient jdbc;

	private RestTestClient client;

	@BeforeEach
	void fullShelves(@LocalServerPort int port) {
		this.client = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
		this.jdbc.sql("UPDATE stock SET available = 10").update();
	}

	@Test
	void snapshotIsWhatRuns() {
		assertThat(this.stocktake).isInstanceOf(SnapshotStocktake.class);
	}

	@Test
	void snapshotWaitsForNobody() {
		Count count = this.transaction.execute((status) -> {
			this.jdbc.sql("UPDATE stock SET available = 0").update();
			CompletableFuture<Count> counting = CompletableFuture.supplyAsync(this.stocktake::count);
			assertThat(counting).as("while every row is locked").succeedsWithin(Duration.ofSeconds(2));
			return counting.join();
		});
		assertThat(count).isEqualTo(new Count(6, 60));
	}

	@Test
	void nobodyWaitsForTheSnapshot() {
		this.transaction.executeWithoutResult((status) -> {
			assertThat(this.stocktake.count()).isEqualTo(new Count(6, 60));
			assertThat(reserveSixLines()).as("while its transaction goes on").succeedsWithin(Duration.ofSeconds(2));
		});
	}

	@Test
	void reservationFollowsTheNaiveOneFromRowToRow() {
		CompletableFuture<Count> counting = CompletableFuture.supplyAsync(this.naive::count);
		awaitLocked("sku-01");
		CompletableFuture<Duration> reserving = reserveSixLines();
		for (String sku : new String[] { "sku-02", "sku-03", "sku-04", "sku-05", "sku-06" }) {
			awaitLocked(sku);
			assertThat(reserving).as("when the stocktake is at " + sku).isNotDone();
			await("a reservation that waits").pollInterval(Duration.ofMillis(10)).until(() -> waitingForALock() == 1);
		}
		assertThat(reserving).succeedsWithin(Duration.ofSeconds(5));
		assertThat(reserving.join()).isGreaterThan(DWELL.multipliedBy(5));
		assertThat(counting).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(new Count(6, 60));
	}

	@Test
	@DirtiesContext
	void naiveOneEndsWithTheServiceAndLetsGo() {
		CompletableFuture<Count> counting = CompletableFuture.supplyAsync(this.naive::count);
		awaitLocked("sku-02");
		this.naive.close();
		assertThat(counting).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(new Count(2, 20));
		assertThat(reserveSixLines()).succeedsWithin(Duration.ofSeconds(2));
	}

	private CompletableFuture<Duration> reserveSixLines() {
		return CompletableFuture.supplyAsync(() -> {
			long start = System.nanoTime();
			this.client.post().uri("/reservations").contentType(MediaType.APPLICATION_JSON).body("""
					{"orderId": "%s", "lines": [{"sku": "sku-01", "quantity": 1}, {"sku": "sku-02", "quantity": 1},
					{"sku": "sku-03", "quantity": 1}, {"sku": "sku-04", "quantity": 1},
					{"sku": "sku-05", "quantity": 1}, {"sku": "sku-06", "quantity": 1}]}
					""".formatted(UUID.randomUUID())).exchange().expectStatus().isOk();
			return Duration.ofNanos(System.nanoTime() - start);
		});
	}

	private void awaitLocked(String sku) {
		await("a lock on " + sku).pollInterval(Duration.ofMillis(10))
			.until(() -> this.jdbc.sql("SELECT sku FROM stock WHERE sku = :sku FOR UPDATE SKIP LOCKED")
				.param("sku", sku)
				.query(String.class)
				.optional()
				.isEmpty());
	}

	/** Reservations that wait in PostgreSQL at this moment, as it says itself. */
	private int waitingForALock() {
		return this.jdbc.sql("""
				SELECT count(*) FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'UPDATE stock%'
				""").query(Integer.class).single();
	}

}
