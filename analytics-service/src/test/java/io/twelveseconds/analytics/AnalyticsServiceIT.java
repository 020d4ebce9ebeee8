package io.twelveseconds.analytics;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

import io.twelveseconds.teststack.RealKafka;
import io.twelveseconds.teststack.RealPostgres;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@RealPostgres("analytics")
@RealKafka
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "analytics.retry.backoff=50ms", "analytics.retry.max-backoff=100ms",
				"analytics.retry.jitter=10ms", "analytics.retry.attempts=40",
				"spring.kafka.consumer.fetch-max-wait=50ms" })
@AutoConfigureRestTestClient
class AnalyticsServiceIT {

	private static final String TOPIC = "orders.events";

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@Autowired
	private KafkaTemplate<String, String> kafka;

	@Autowired
	private ConsumerFactory<String, String> consumers;

	@Autowired
	private RestTestClient http;

	@Autowired
	private JdbcClient jdbc;

	@BeforeEach
	void startAtZero() {
		this.jdbc.sql("DELETE FROM orders").update();
		this.jdbc.sql("DELETE FROM checkouts").update();
	}

	@Test
	void countsOrderOnceHoweverOftenItIsTold() throws Exception {
		UUID orderId = UUID.randomUUID();
		String event = event("order-confirmed", orderId);
		send(orderId, event);
		send(orderId, event);
		send(orderId, event("order-confirmed", orderId));
		awaitEverythingOf(orderId);
		assertThat(summary()).satisfies((summary) -> {
			assertThat(summary.orders()).isEqualTo(1);
			assertThat(summary.items()).isEqualTo(3);
			assertThat(summary.revenue()).isEqualTo(Money.euros(new BigDecimal("32.00")));
		});
	}

	@Test
	void countsOnlyConfirmedOrdersAsSales() throws Exception {
		UUID key = UUID.randomUUID();
		send(key, event("order-confirmed", UUID.randomUUID()));
		send(key, event("order-confirmed", UUID.randomUUID()));
		send(key, event("order-rejected", UUID.randomUUID()));
		send(key, event("order-cancelled", UUID.randomUUID()));
		awaitEverythingOf(key);
		assertThat(summary()).satisfies((summary) -> {
			assertThat(summary.orders()).isEqualTo(2);
			assertThat(summary.items()).isEqualTo(6);
			assertThat(summary.revenue()).isEqualTo(Money.euros(new BigDecimal("64.00")));
		});
	}

	@Test
	void countsCheckoutsByTheFirstAnswerOfEach() {
		UUID orderId = UUID.randomUUID();
		track(orderId, "PAYMENT_UNKNOWN");
		track(orderId, "CONFIRMED");
		track(UUID.randomUUID(), "CONFIRMED");
		track(UUID.randomUUID(), "CONFIRMED");
		assertThat(summary().checkouts()).containsOnly(entry("CONFIRMED", 2), entry("PAYMENT_UNKNOWN", 1));
	}

	@Test
	void sumsUpNothingToZero() {
		assertThat(summary()).isEqualTo(new Figures.Summary(0, 0, Money.euros(BigDecimal.ZERO), Map.of()));
	}

	@Test
	void ignoresTypesThatCameLater(CapturedOutput output) throws Exception {
		UUID key = UUID.randomUUID();
		send(key, "{ \"type\": \"OrderShipped\", \"orderId\": \"%s\" }".formatted(key));
		awaitEverythingOf(key);
		assertThat(output).containsOnlyOnce("Ignored an event of type OrderShipped").doesNotContain("set aside");
	}

	@Test
	void setsMalformedEventAsideAndGoesOn(CapturedOutput output) throws Exception {
		UUID key = UUID.randomUUID();
		ProducerRecord<String, String> poison = new ProducerRecord<>(TOPIC, key.toString(), "{ \"type\": ");
		poison.headers()
			.add("traceparent",
					"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".getBytes(StandardCharsets.UTF_8));
		this.kafka.send(poison).get(10, TimeUnit.SECONDS);
		awaitEverythingOf(key);
		ConsumerRecord<String, String> letter = deadLetterOf(key);
		assertThat(letter.value()).isEqualTo("{ \"type\": ");
		assertThat(header(letter, "kafka_dlt-original-topic")).isEqualTo(TOPIC);
		assertThat(header(letter, "kafka_dlt-exception-message")).contains("Unexpected end-of-input");
		// Read back, since an agent attached to this test writes its own header over
		// ours.
		assertThat(traceId(letter)).isEqualTo(traceId(firstOf(key, TOPIC)));
		assertThat(output).doesNotContain("Order " + key + ": attempt 2")
			.containsOnlyOnce("Order " + key + ": event set aside");
	}

	@Test
	void setsEventThatNoDatabaseWouldTakeAside() throws Exception {
		UUID orderId = UUID.randomUUID();
		send(orderId, event("order-confirmed", orderId).replace("\"quantity\": 2", "\"quantity\": -2"));
		awaitEverythingOf(orderId);
		assertThat(header(deadLetterOf(orderId), "kafka_dlt-exception-message")).contains("orders_items_check");
	}

	@Test
	void countsOrderWhenTheDatabaseIsBack(CapturedOutput output) throws Exception {
		UUID orderId = UUID.randomUUID();
		this.jdbc.sql("ALTER TABLE orders RENAME TO orders_away").update();
		try {
			send(orderId, event("order-confirmed", orderId));
			await("a retry").atMost(PATIENCE).until(() -> output.getAll().contains("Order " + orderId + ": attempt 2"));
		}
		finally {
			this.jdbc.sql("ALTER TABLE orders_away RENAME TO orders").update();
		}
		await("the order").atMost(PATIENCE).until(() -> summary().orders() == 1);
		assertThat(output).doesNotContain("set aside");
	}

	@Test
	void isHealthy() {
		this.http.get().uri("/actuator/health").exchange().expectStatus().isOk();
	}

	private static Map.Entry<String, Long> entry(String outcome, long checkouts) {
		return Map.entry(outcome, checkouts);
	}

	private static String event(String sample, UUID orderId) throws IOException {
		return Files.readString(Path.of("..", "contracts", "events", sample + ".json"))
			.replace("6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d", orderId.toString())
			.replaceFirst("0c7a54a4-7f5c-4c55-9a7f-1f3b6a3d0a0.", UUID.randomUUID().toString());
	}

	private void send(UUID key, String event) throws Exception {
		this.kafka.send(TOPIC, key.toString(), event).get(10, TimeUnit.SECONDS);
	}

	/**
	 * Sends one more event to the same partition: when it is in the database, everything
	 * before it has been handled.
	 */
	private void awaitEverythingOf(UUID key) throws Exception {
		UUID last = UUID.randomUUID();
		send(key, event("order-rejected", last));
		await("the event behind those of " + key).atMost(PATIENCE)
			.until(() -> this.jdbc.sql("SELECT EXISTS (SELECT FROM orders WHERE order_id = ?)")
				.param(last)
				.query(Boolean.class)
				.single());
	}

	private void track(UUID orderId, String outcome) {
		this.http.post()
			.uri("/checkouts")
			.contentType(MediaType.APPLICATION_JSON)
			.body("""
					{ "orderId": "%s", "outcome": "%s", "durationMs": 87 }""".formatted(orderId, outcome))
			.exchange()
			.expectStatus()
			.isAccepted();
	}

	private Figures.Summary summary() {
		return this.http.get()
			.uri("/summary")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(Figures.Summary.class)
			.returnResult()
			.getResponseBody();
	}

	private ConsumerRecord<String, String> deadLetterOf(UUID key) {
		return firstOf(key, DeadLetters.TOPIC);
	}

	private ConsumerRecord<String, String> firstOf(UUID key, String topic) {
		try (Consumer<String, String> consumer = this.consumers.createConsumer("reader", "")) {
			List<TopicPartition> partitions = consumer.partitionsFor(topic)
				.stream()
				.map((partition) -> new TopicPartition(topic, partition.partition()))
				.toList();
			consumer.assign(partitions);
			consumer.seekToBeginning(partitions);
			return await("the record of " + key + " in " + topic).atMost(PATIENCE)
				.until(() -> StreamSupport.stream(consumer.poll(Duration.ofMillis(200)).spliterator(), false)
					.filter((record) -> key.toString().equals(record.key()))
					.findFirst()
					.orElse(null), Objects::nonNull);
		}
	}

	private static String traceId(ConsumerRecord<?, ?> record) {
		return header(record, "traceparent").split("-")[1];
	}

	private static String header(ConsumerRecord<?, ?> record, String name) {
		return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Topics {

		/** As order-service makes it. */
		@Bean
		NewTopic ordersEvents() {
			return new NewTopic(TOPIC, 3, (short) 1);
		}

	}

}
