package io.twelveseconds.inventory;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.twelveseconds.inventory.Reservation.Line;
import io.twelveseconds.teststack.RealPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Both ways to make the report, with a pool of two connections. A report takes as long as
 * somebody else keeps the table of reservations locked; the list of products needs only a
 * connection.
 */
@RealPostgres("inventory")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "inventory.stocktake.cron=-", "inventory.best-sellers.at-once=1",
				"spring.datasource.hikari.maximum-pool-size=2", "spring.datasource.hikari.connection-timeout=1000" })
class BestSellersIT {

	private final InMemorySpanExporter spans = InMemorySpanExporter.create();

	@Autowired
	private BestSellers bestSellers;

	@Autowired
	private NaiveBestSellers naive;

	@Autowired
	private Reservations reservations;

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private DataSource dataSource;

	private HikariDataSource pool;

	private RestTestClient client;

	@BeforeEach
	void setUp(@LocalServerPort int port) throws SQLException {
		this.client = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
		this.pool = this.dataSource.unwrap(HikariDataSource.class);
		GlobalOpenTelemetry.resetForTest();
		GlobalOpenTelemetry.set(OpenTelemetrySdk.builder()
			.setTracerProvider(
					SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(this.spans)).build())
			.build());
	}

	@AfterEach
	void forget() {
		GlobalOpenTelemetry.resetForTest();
	}

	@Test
	void boundedIsWhatRuns() {
		assertThat(this.bestSellers).isInstanceOf(BoundedBestSellers.class);
	}

	@Test
	void countsWhatIsStillReserved() {
		this.jdbc.sql("TRUNCATE reservations").update();
		this.jdbc.sql("UPDATE stock SET available = 100").update();
		UUID givenBack = UUID.randomUUID();
		this.reservations.reserve(UUID.randomUUID(), List.of(new Line("sku-07", 2), new Line("sku-01", 1)));
		this.reservations.reserve(UUID.randomUUID(), List.of(new Line("sku-07", 3)));
		this.reservations.reserve(givenBack, List.of(new Line("sku-01", 50)));
		this.reservations.release(givenBack);
		this.jdbc.sql("""
				INSERT INTO reservations (order_id, status, lines, at)
				VALUES (:order, 'RESERVED', '[{"sku": "sku-01", "quantity": 9}]', now() - interval '31 days')
				""").param("order", UUID.randomUUID()).update();
		this.client.get()
			.uri("/products/best-sellers")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.json("""
					{ "products": [
					    { "sku": "sku-07", "name": "Metronome", "price": { "amount": "7.00", "currency": "EUR" }, "sold": 5 },
					    { "sku": "sku-01", "sold": 1 } ] }""")
			.jsonPath("$.products.length()")
			.isEqualTo(2);
	}

	@Test
	void reportThatFindsNoPlaceIsRefusedAtOnceAndLeavesConnectionsToOthers() throws SQLException {
		CompletableFuture<?> report;
		try (Connection lock = lockReservations()) {
			report = CompletableFuture.supplyAsync(this.bestSellers::list);
			awaitActive(1);
			this.client.get()
				.uri("/products/best-sellers")
				.exchange()
				.expectStatus()
				.isEqualTo(503)
				.expectHeader()
				.valueEquals("Retry-After", "5")
				.expectBody()
				.jsonPath("$.type")
				.isEqualTo("urn:problem:inventory:busy");
			this.client.get().uri("/products").exchange().expectStatus().isOk();
			assertThat(report).isNotDone();
			lock.rollback();
		}
		assertThat(report).succeedsWithin(Duration.ofSeconds(5));
		assertThat(this.bestSellers.list()).as("with its place free again").isNotNull();
		assertThat(this.spans.getFinishedSpanItems()).as("nobody waited for a connection").isEmpty();
	}

	@Test
	void naiveReportsTakeEveryConnectionAndTheWaitForOneIsASpan() throws SQLException {
		List<CompletableFuture<?>> waiting = new ArrayList<>();
		try (Connection lock = lockReservations()) {
			waiting.add(CompletableFuture.supplyAsync(this.naive::list));
			waiting.add(CompletableFuture.supplyAsync(this.naive::list));
			awaitActive(2);
			waiting.add(CompletableFuture
				.runAsync(() -> this.client.get().uri("/products").exchange().expectStatus().isOk()));
			await("somebody who waits for a connection")
				.until(() -> this.pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
			await("a noticeable wait").pollDelay(Duration.ofMillis(100)).until(() -> true);
			lock.rollback();
		}
		assertThat(waiting).allSatisfy((work) -> assertThat(work).succeedsWithin(Duration.ofSeconds(5)));
		assertThat(this.spans.getFinishedSpanItems()).singleElement().satisfies((wait) -> {
			assertThat(wait.getName()).isEqualTo("wait for connection");
			assertThat(wait.getAttributes().get(AttributeKey.stringKey("db.client.connection.pool.name")))
				.isEqualTo("inventory");
			assertThat(wait.getStatus()).isEqualTo(StatusData.unset());
			assertThat(took(wait)).isBetween(Duration.ofMillis(100), Duration.ofMillis(1000));
		});
	}

	@Test
	void waitInVainIsAFailedSpan() throws SQLException {
		List<CompletableFuture<?>> reports = new ArrayList<>();
		try (Connection lock = lockReservations()) {
			reports.add(CompletableFuture.supplyAsync(this.naive::list));
			reports.add(CompletableFuture.supplyAsync(this.naive::list));
			awaitActive(2);
			this.client.get().uri("/products").exchange().expectStatus().isEqualTo(503);
			lock.rollback();
		}
		assertThat(reports).allSatisfy((report) -> assertThat(report).succeedsWithin(Duration.ofSeconds(5)));
		assertThat(this.spans.getFinishedSpanItems()).singleElement().satisfies((wait) -> {
			assertThat(wait.getStatus().getDescription())
				.startsWith("inventory - Connection is not available, request timed out after")
				.contains("active=2");
			assertThat(took(wait)).isGreaterThanOrEqualTo(Duration.ofMillis(990));
		});
	}

	/** Holds the lock until it is rolled back; the connection is none of the pool. */
	private Connection lockReservations() throws SQLException {
		Connection other = DriverManager.getConnection(this.pool.getJdbcUrl(), this.pool.getUsername(),
				this.pool.getPassword());
		other.setAutoCommit(false);
		try (Statement statement = other.createStatement()) {
			statement.execute("LOCK TABLE reservations IN ACCESS EXCLUSIVE MODE");
		}
		return other;
	}

	private void awaitActive(int connections) {
		await(connections + " connections in use")
			.until(() -> this.pool.getHikariPoolMXBean().getActiveConnections() == connections);
	}

	private static Duration took(SpanData span) {
		return Duration.ofNanos(span.getEndEpochNanos() - span.getStartEpochNanos());
	}

}
