package io.twelveseconds.notification;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.twelveseconds.teststack.RealKafka;
import io.twelveseconds.teststack.RealPostgres;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@RealPostgres("notification")
@RealKafka
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "notification.retry.backoff=50ms", "notification.retry.max-backoff=100ms",
				"notification.retry.jitter=10ms", "notification.retry.attempts=40",
				"spring.kafka.consumer.fetch-max-wait=50ms", "demo.faults.allowed=true", "demo.faults.poll=50ms",
				"logging.level.com.icegreen=warn" })
@AutoConfigureRestTestClient
class NotificationServiceIT {

	private static final String TOPIC = "orders.events";

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static GreenMail smtp = smtp(0);

	@Autowired
	private KafkaTemplate<String, String> kafka;

	@Autowired
	private ConsumerFactory<String, String> consumers;

	@Autowired
	private RestTestClient http;

	@TempDir
	private static Path directory;

	@DynamicPropertySource
	static void mail(DynamicPropertyRegistry registry) throws IOException {
		switchNaiveListener("off");
		registry.add("demo.faults.file", () -> directory.resolve("flags.json").toString());
		registry.add("spring.mail.port", () -> smtp.getSmtp().getPort());
	}

	@AfterAll
	static void stopMail() {
		smtp.stop();
	}

	@AfterEach
	void nothingPersonalInTheLog(CapturedOutput output) {
		assertThat(output.getAll()).doesNotContain("@example.com", "Sample");
	}

	@Test
	void tellsOnceOfAnOrderConfirmed() throws Exception {
		UUID orderId = UUID.randomUUID();
		String event = event("order-confirmed", orderId, "cust-07");
		send(orderId, event);
		send(orderId, event);
		send(orderId, event("order-confirmed", orderId, "cust-07"));
		awaitEverythingOf(orderId);
		List<MimeMessage> mails = mailsOf(orderId);
		assertThat(mails).hasSize(1);
		assertThat(mails.get(0).getAllRecipients()).extracting(Object::toString).containsExactly("fern@example.com");
		assertThat(mails.get(0).getSubject()).isEqualTo("Your order " + orderId + " is confirmed");
		assertThat(mails.get(0).getContent().toString()).contains("Hello Fern Sample", "2 × sku-01", "32.00 EUR");
		assertThat(notificationsOf(orderId)).singleElement()
			.satisfies((notification) -> assertThat(notification.kind()).isEqualTo(OrderEvent.Kind.ORDER_CONFIRMED));
	}

	@Test
	void tellsOnceOfAnOrderCancelled() throws Exception {
		UUID orderId = UUID.randomUUID();
		String event = event("order-cancelled", orderId, "cust-01");
		send(orderId, event);
		send(orderId, event);
		awaitEverythingOf(orderId);
		assertThat(mailsOf(orderId)).hasSize(1);
		assertThat(notificationsOf(orderId)).singleElement()
			.satisfies((notification) -> assertThat(notification.kind()).isEqualTo(OrderEvent.Kind.ORDER_CANCELLED));
	}

	@Test
	void ignoresRejectionsAndTypesThatCameLater(CapturedOutput output) throws Exception {
		UUID orderId = UUID.randomUUID();
		send(orderId, event("order-rejected", orderId, "cust-01"));
		send(orderId, "{ \"type\": \"OrderShipped\", \"orderId\": \"%s\" }".formatted(orderId));
		awaitEverythingOf(orderId);
		assertThat(mailsOf(orderId)).isEmpty();
		assertThat(output).containsOnlyOnce("Ignored an event of type OrderShipped");
		assertThat(output).doesNotContain("set aside");
	}

	@Test
	void setsMalformedEventAsideAndGoesOn(CapturedOutput output) throws Exception {
		UUID orderId = UUID.randomUUID();
		ProducerRecord<String, String> poison = new ProducerRecord<>(TOPIC, orderId.toString(), "{ \"type\": ");
		poison.headers()
			.add("traceparent",
					"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".getBytes(StandardCharsets.UTF_8));
		this.kafka.send(poison).get(10, TimeUnit.SECONDS);
		awaitEverythingOf(orderId);
		ConsumerRecord<String, String> letter = deadLetterOf(orderId);
		assertThat(letter.value()).isEqualTo("{ \"type\": ");
		assertThat(header(letter, "kafka_dlt-original-topic")).isEqualTo(TOPIC);
		assertThat(header(letter, "kafka_dlt-exception-message")).contains("Unexpected end-of-input");
		// Read back, since an agent attached to this test writes its own header over
		// ours.
		assertThat(traceId(letter)).isEqualTo(traceId(firstOf(orderId, TOPIC)));
		assertThat(output).doesNotContain("Order " + orderId + ": attempt 2")
			.containsOnlyOnce("Order " + orderId + ": event set aside");
	}

	@Test
	void setsEventWithoutValueAside() throws Exception {
		UUID orderId = UUID.randomUUID();
		send(orderId, null);
		awaitEverythingOf(orderId);
		assertThat(deadLetterOf(orderId).value()).isNull();
	}

	@Test
	void setsEventOfNearlyTwoItemsAside() throws Exception {
		UUID orderId = UUID.randomUUID();
		String event = event("order-confirmed", orderId, "cust-07").replace("\"quantity\": 2", "\"quantity\": 1.9");
		send(orderId, event);
		awaitEverythingOf(orderId);
		assertThat(deadLetterOf(orderId).value()).isEqualTo(event);
		assertThat(mailsOf(orderId)).isEmpty();
	}

	@Test
	void setsEventOfUnknownCustomerAside(CapturedOutput output) throws Exception {
		UUID orderId = UUID.randomUUID();
		send(orderId, event("order-confirmed", orderId, "cust-99"));
		awaitEverythingOf(orderId);
		assertThat(header(deadLetterOf(orderId), "kafka_dlt-exception-message"))
			.endsWith("There is no address for customer cust-99");
		assertThat(output).doesNotContain("Order " + orderId + ": attempt 2");
		assertThat(notificationsOf(orderId)).isEmpty();
	}

	@Test
	void sendsMailsInOrderWhenTheMailServerIsBack(CapturedOutput output) throws Exception {
		UUID first = UUID.randomUUID();
		UUID second = UUID.randomUUID();
		int port = smtp.getSmtp().getPort();
		smtp.stop();
		try {
			send(first, event("order-confirmed", first, "cust-02"));
			send(first, event("order-confirmed", second, "cust-02"));
			await("a retry").atMost(PATIENCE).until(() -> output.getAll().contains("Order " + first + ": attempt 2"));
			assertThat(notificationsOf(first)).isEmpty();
			this.http.get().uri("/actuator/health").exchange().expectStatus().isOk();
		}
		finally {
			smtp = smtp(port);
		}
		await("both mails").atMost(PATIENCE)
			.untilAsserted(() -> assertThat(subjects()).containsExactly("Your order " + first + " is confirmed",
					"Your order " + second + " is confirmed"));
	}

	@Test
	void setsAsideWhatTheMailServerNeverTook() throws Exception {
		UUID orderId = UUID.randomUUID();
		int port = smtp.getSmtp().getPort();
		smtp.stop();
		try {
			send(orderId, event("order-confirmed", orderId, "cust-02"));
			assertThat(header(deadLetterOf(orderId), "kafka_dlt-exception-message"))
				.endsWith("The mail was not sent: ConnectException");
			assertThat(notificationsOf(orderId)).isEmpty();
		}
		finally {
			smtp = smtp(port);
		}
		awaitEverythingOf(orderId);
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = "{ \"type\": ")
	void naiveRetriesHoldUpEverythingBehindUntilTheyAreSwitchedOff(String value, CapturedOutput output)
			throws Exception {
		UUID poison = UUID.randomUUID();
		UUID behind = UUID.randomUUID();
		switchNaiveListener("on");
		try {
			await("the flag").atMost(PATIENCE).until(() -> output.getAll().contains("naive-listener=on"));
			send(poison, value);
			send(poison, event("order-confirmed", behind, "cust-03"));
			await("a third attempt").atMost(PATIENCE)
				.until(() -> output.getAll().contains("Order " + poison + ": attempt 3"));
			assertThat(mailsOf(behind)).isEmpty();
			assertThat(output).doesNotContain("Order " + poison + ": event set aside");
		}
		finally {
			switchNaiveListener("off");
		}
		await("the mail that was held up").atMost(PATIENCE).until(() -> mailsOf(behind).size() == 1);
		assertThat(deadLetterOf(poison).value()).isEqualTo(value);
	}

	@Test
	void isHealthy() {
		this.http.get().uri("/actuator/health").exchange().expectStatus().isOk();
	}

	/** As {@code ./demo fault} does it. */
	private static void switchNaiveListener(String variant) throws IOException {
		ObjectNode flags;
		try (InputStream builtIn = NotificationServiceIT.class.getResourceAsStream("/faults.json")) {
			flags = (ObjectNode) JsonMapper.shared().readTree(builtIn);
		}
		((ObjectNode) flags.at("/flags/naive-listener")).put("defaultVariant", variant);
		Path fresh = Files.writeString(directory.resolve("flags.new"), flags.toString());
		Files.move(fresh, directory.resolve("flags.json"), StandardCopyOption.REPLACE_EXISTING,
				StandardCopyOption.ATOMIC_MOVE);
	}

	private static GreenMail smtp(int port) {
		GreenMail smtp = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
		smtp.start();
		return smtp;
	}

	private static String event(String sample, UUID orderId, String customer) throws IOException {
		return Files.readString(Path.of("..", "contracts", "events", sample + ".json"))
			.replace("6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d", orderId.toString())
			.replaceFirst("0c7a54a4-7f5c-4c55-9a7f-1f3b6a3d0a0.", UUID.randomUUID().toString())
			.replace("cust-01", customer);
	}

	private void send(UUID key, String event) throws Exception {
		this.kafka.send(TOPIC, key.toString(), event).get(10, TimeUnit.SECONDS);
	}

	/**
	 * Sends one more event to the same partition: when its mail is there, everything
	 * before it has been handled.
	 */
	private void awaitEverythingOf(UUID key) throws Exception {
		UUID last = UUID.randomUUID();
		send(key, event("order-confirmed", last, "cust-01"));
		await("the mail behind those of " + key).atMost(PATIENCE).until(() -> !mailsOf(last).isEmpty());
	}

	private List<MimeMessage> mailsOf(UUID orderId) {
		return Stream.of(smtp.getReceivedMessages())
			.filter((mail) -> subject(mail).contains(orderId.toString()))
			.toList();
	}

	private static List<String> subjects() {
		return Stream.of(smtp.getReceivedMessages()).map(NotificationServiceIT::subject).toList();
	}

	private static String subject(MimeMessage mail) {
		try {
			return mail.getSubject();
		}
		catch (MessagingException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private List<Notifications.Notification> notificationsOf(UUID orderId) {
		return this.http.get()
			.uri("/notifications?order={order}", orderId)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(NotificationController.NotificationsReply.class)
			.returnResult()
			.getResponseBody()
			.notifications();
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
