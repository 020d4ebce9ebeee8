package io.twelveseconds.fault;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.context.Context;
import io.twelveseconds.teststack.RealKafka;
import io.twelveseconds.teststack.RealPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Each fault really happens: on the wire, in PostgreSQL, in Kafka. */
@RealPostgres("shop")
@RealKafka
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.application.name=shop", "demo.faults.allowed=true", "demo.faults.poll=50ms",
				"spring.datasource.username=shop", "spring.datasource.password=shop",
				"spring.kafka.consumer.auto-offset-reset=earliest", "management.endpoints.web.exposure.include=info",
				"logging.level.org.apache.kafka=warn" })
class EdgesIT {

	@TempDir
	private static Path directory;

	private static FlagFile file;

	private final HttpClient http = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private TransactionTemplate transaction;

	@Autowired
	private RestClient neighbour;

	@Autowired
	private KafkaTemplate<String, String> kafka;

	@Autowired
	private ShopApplication.News news;

	@Autowired
	private ShopApplication.Shelf shelf;

	@Autowired
	private Faults faults;

	@DynamicPropertySource
	static void flags(DynamicPropertyRegistry registry) {
		file = new FlagFile(directory);
		registry.add("demo.faults.file", () -> file.path().toString());
	}

	@BeforeEach
	void oneShelf() {
		this.jdbc.sql("DROP TABLE IF EXISTS shelf").update();
		this.jdbc.sql("CREATE TABLE shelf AS SELECT 0 AS taken").update();
		await("flags").until(() -> !this.faults.ours().isEmpty());
	}

	@AfterEach
	void calm() {
		file.allOff();
		file.awaitSeen(() -> this.faults.ours().stream().noneMatch(Flag::isOn));
	}

	@Test
	void answerComesLateButTheWorkIsDone() throws Exception {
		CompletableFuture<HttpResponse<String>> late = CompletableFuture.supplyAsync(() -> work("late"));
		await("the work").until(() -> taken() == 1);
		assertThat(late).isNotDone();
		assertThat(late.get().body()).isEqualTo("left: 1");
		assertThat(took(() -> work("late"))).isBetween(Duration.ofMillis(700), Duration.ofSeconds(5));
		assertThat(took(() -> work(""))).isLessThan(Duration.ofMillis(700));
	}

	@Test
	void everyThirdAnswerIsAnErrorAndNoWork() {
		on("fails");
		List<Integer> statuses = List.of(work("").statusCode(), work("").statusCode(), work("").statusCode(),
				work("").statusCode());
		assertThat(statuses).containsExactly(200, 200, 503, 200);
		assertThat(taken()).isEqualTo(3);
	}

	@Test
	void requestHangsUntilTheCallerGivesUpAndTheOthersDoNot() throws Exception {
		HttpRequest request = request("/work", "hangs").POST(HttpRequest.BodyPublishers.noBody())
			.timeout(Duration.ofSeconds(1))
			.build();
		assertThatExceptionOfType(HttpTimeoutException.class)
			.isThrownBy(() -> this.http.send(request, HttpResponse.BodyHandlers.ofString()));
		assertThat(taken()).isZero();
		assertThat(work("").statusCode()).isEqualTo(200);
	}

	@Test
	void networkIsSlow() {
		try (Neighbour other = new Neighbour()) {
			assertThat(took(() -> withBaggage("far-away", () -> ask(other)))).isBetween(Duration.ofMillis(300),
					Duration.ofSeconds(5));
			assertThat(took(() -> ask(other))).isLessThan(Duration.ofMillis(300));
		}
	}

	@Test
	void connectionIsRefusedAndTheNeighbourHearsNothing() {
		try (Neighbour other = new Neighbour()) {
			assertThat(ask(other)).isEqualTo("here");
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> withBaggage("refuses", () -> ask(other)))
				.withRootCauseInstanceOf(java.nio.channels.ClosedChannelException.class);
			assertThat(other.asked).isEqualTo(1);
		}
	}

	@Test
	void statementSleepsInPostgresql() throws Exception {
		on("slow");
		CompletableFuture<Integer> taking = CompletableFuture.supplyAsync(this.shelf::take);
		await("PostgreSQL sleeps").until(() -> this.jdbc.sql("""
				SELECT count(*) FROM pg_stat_activity
				WHERE datname = 'shop' AND wait_event = 'PgSleep' AND xact_start < query_start
				""").query(Integer.class).single() == 1);
		assertThat(taking.get()).isEqualTo(1);
		assertThat(took(this.shelf::take)).isBetween(Duration.ofMillis(600), Duration.ofSeconds(5));
	}

	@Test
	void statementWaitsForALockThatSomebodyElseHolds() throws Exception {
		CompletableFuture<Integer> taking = CompletableFuture
			.supplyAsync(() -> withBaggage("locked", this.shelf::take));
		await("a statement waits for a lock").until(() -> this.jdbc.sql("""
				SELECT count(*) FROM pg_stat_activity
				WHERE datname = 'shop' AND wait_event_type = 'Lock' AND query LIKE 'UPDATE shelf%'
				""").query(Integer.class).single() == 1);
		assertThat(taking.get()).isEqualTo(1);
	}

	/** Nobody may wait for ever for a lock that waits for him. */
	@Test
	void lockThatWaitsForTheVeryTransactionDoesNotStrike() {
		int taken = Objects.requireNonNull(this.transaction.execute((status) -> {
			this.shelf.take();
			return withBaggage("locked", this.shelf::take);
		}));
		assertThat(taken).isEqualTo(2);
	}

	@Test
	void networkToTheDatabaseIsSlow() {
		assertThat(took(() -> withBaggage("database-away", this.shelf::take))).isBetween(Duration.ofMillis(300),
				Duration.ofSeconds(5));
		assertThat(took(this.shelf::take)).isLessThan(Duration.ofMillis(300));
	}

	@Test
	void statementIsRefusedByPostgresqlAndNothingIsWritten() {
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> withBaggage("read-only", this.shelf::take))
			.withMessageContaining("read-only transaction");
		assertThat(taken()).isZero();
		assertThat(this.shelf.take()).isEqualTo(1);
	}

	@Test
	void listenerIsSlow() {
		on("listener-slow");
		Duration took = took(() -> {
			this.kafka.send("news", "one").join();
			this.kafka.send("news", "two").join();
			return await().until(() -> heard("one") + heard("two"), (heard) -> heard == 2);
		});
		assertThat(took).isGreaterThan(Duration.ofSeconds(1));
	}

	@Test
	void listenerFailsAndIsAskedAgain() {
		on("listener-fails");
		this.kafka.send("news", "three").join();
		await("it fails more than once").until(() -> this.news.failed.get() > 1);
		assertThat(this.news.heard).doesNotContain("three");
		file.allOff();
		await("it is heard in the end").untilAsserted(() -> assertThat(heard("three")).isEqualTo(1));
	}

	@Test
	void recordIsCutOffOnItsWayToKafka() {
		withBaggage("malformed", () -> this.kafka.send("news", "{\"whole\": true}").join());
		this.kafka.send("news", "{\"whole\": 1}").join();
		await().untilAsserted(() -> assertThat(this.news.heard).contains("{\"whole", "{\"whole\": 1}"));
	}

	@Test
	void anotherBeanDoesTheWork() {
		assertThat(get("/greeting", "").body()).isEqualTo("good morning");
		assertThat(get("/greeting", "naive-greeting").body()).isEqualTo("what?");
		on("naive-greeting");
		assertThat(get("/greeting", "").body()).isEqualTo("what?");
		file.allOff();
		await().untilAsserted(() -> assertThat(get("/greeting", "").body()).isEqualTo("good morning"));
	}

	@Test
	void saysWhatItSees() {
		on("slow");
		assertThat(get("/actuator/info", "").body()).contains("\"slow\":\"on {slow=600ms}\"", "\"hangs\":\"off\"")
			.doesNotContain("of-another");
	}

	private void on(String name) {
		file.set(name, "on");
		file.awaitSeen(() -> this.faults.ours().stream().anyMatch((flag) -> flag.name().equals(name) && flag.isOn()));
	}

	private int taken() {
		return this.jdbc.sql("SELECT taken FROM shelf").query(Integer.class).single();
	}

	private long heard(String word) {
		return this.news.heard.stream().filter(word::equals).count();
	}

	private String ask(Neighbour other) {
		return String.valueOf(this.neighbour.get().uri(other.url() + "/neighbour/1?a=b").retrieve().body(String.class));
	}

	private HttpResponse<String> work(String fault) {
		return send(request("/work", fault).POST(HttpRequest.BodyPublishers.noBody()));
	}

	private HttpResponse<String> get(String path, String fault) {
		return send(request(path, fault).GET());
	}

	private HttpRequest.Builder request(String path, String fault) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path));
		return fault.isEmpty() ? request : request.header("baggage", "demo.fault=" + fault);
	}

	private HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return this.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	private static Duration took(Supplier<?> work) {
		long start = System.nanoTime();
		work.get();
		return Duration.ofNanos(System.nanoTime() - start);
	}

	private static <T> T withBaggage(String names, Supplier<T> work) {
		Baggage baggage = Baggage.builder().put("demo.fault", names).build();
		return Context.current().with(baggage).wrapSupplier(work).get();
	}

	private static final class Neighbour implements AutoCloseable {

		private final HttpServer server;

		private volatile int asked;

		Neighbour() {
			try {
				this.server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
			}
			catch (IOException ex) {
				throw new AssertionError(ex);
			}
			this.server.createContext("/", (exchange) -> {
				this.asked++;
				exchange.sendResponseHeaders(200, 4);
				exchange.getResponseBody().write("here".getBytes());
				exchange.close();
			});
			this.server.start();
		}

		String url() {
			return "http://127.0.0.1:" + this.server.getAddress().getPort();
		}

		@Override
		public void close() {
			this.server.stop(0);
		}

	}

}
