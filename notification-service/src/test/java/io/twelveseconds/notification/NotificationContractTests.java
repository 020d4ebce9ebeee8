package io.twelveseconds.notification;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class NotificationContractTests {

	private static final UUID ORDER = UUID.fromString("6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d");

	private final JsonMapper json = JsonMapper.shared();

	@Test
	void readsOrderConfirmed() throws IOException {
		assertThat(read(sample("events", "order-confirmed.json")))
			.isEqualTo(new OrderEvent.OrderConfirmed(UUID.fromString("0c7a54a4-7f5c-4c55-9a7f-1f3b6a3d0a01"), ORDER,
					"cust-01", List.of(new OrderEvent.OrderConfirmed.Line("sku-01", 2, euros("12.50")),
							new OrderEvent.OrderConfirmed.Line("sku-07", 1, euros("7.00"))),
					euros("32.00")));
	}

	@Test
	void readsOrderCancelled() throws IOException {
		assertThat(read(sample("events", "order-cancelled.json"))).isEqualTo(new OrderEvent.OrderCancelled(
				UUID.fromString("0c7a54a4-7f5c-4c55-9a7f-1f3b6a3d0a03"), ORDER, "cust-01", "PAYMENT_UNSETTLED"));
	}

	@Test
	void readsOrderRejected() throws IOException {
		assertThat(read(sample("events", "order-rejected.json"))).isEqualTo(new OrderEvent.OrderRejected());
	}

	@Test
	void readsEventOfTypeThatCameLater() {
		assertThat(read("{ \"type\": \"OrderShipped\", \"parcel\": 7 }"))
			.isEqualTo(new OrderEvent.Unknown("OrderShipped"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "{", "7", "[]", "{}", "{ \"type\": \"OrderConfirmed\" }",
			"{ \"type\": \"OrderCancelled\", \"id\": \"7\" }", "{ \"type\": \"OrderShipped\" } and more" })
	void refusesWhatIsNoEvent(String value) {
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> read(value));
	}

	@Test
	void writesNotifications() throws IOException {
		NotificationController.NotificationsReply reply = new NotificationController.NotificationsReply(
				List.of(new Notifications.Notification(ORDER, OrderEvent.Kind.ORDER_CONFIRMED,
						Instant.parse("2026-03-01T12:00:01Z"))));
		assertThat(this.json.readTree(this.json.writeValueAsString(reply)))
			.isEqualTo(this.json.readTree(sample("http", "notification-service", "notifications.reply.json")));
	}

	private OrderEvent read(String value) {
		return OrderEvent.read(this.json, value);
	}

	private static Money euros(String amount) {
		return new Money(new BigDecimal(amount), Currency.getInstance("EUR"));
	}

	private static String sample(String... path) throws IOException {
		return Files.readString(Path.of("..", "contracts").resolve(Path.of("", path)));
	}

}
