package io.twelveseconds.analytics;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AnalyticsContractTests {

	private static final UUID ORDER = UUID.fromString("6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d");

	private final JsonMapper json = JsonMapper.shared();

	@ParameterizedTest
	@CsvSource({ "order-confirmed, 01, CONFIRMED, 3, 32.00", "order-rejected, 02, REJECTED, 0, 0",
			"order-cancelled, 03, CANCELLED, 0, 0" })
	void readsHowAnOrderEnded(String sample, String event, String outcome, int items, BigDecimal euros)
			throws IOException {
		OrderEvent.Ending ending = (OrderEvent.Ending) read(sample("events", sample + ".json"));
		assertThat(ending.fact())
			.isEqualTo(new OrderFact(ORDER, UUID.fromString("0c7a54a4-7f5c-4c55-9a7f-1f3b6a3d0a" + event), outcome,
					items, euros, Instant.parse("2026-03-01T12:00:00Z")));
	}

	@Test
	void readsEventOfTypeThatCameLater() {
		assertThat(read("{ \"type\": \"OrderShipped\", \"parcel\": 7 }"))
			.isEqualTo(new OrderEvent.Unknown("OrderShipped"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "{", "7", "[]", "{}", "{ \"type\": \"OrderConfirmed\" }",
			"{ \"type\": \"OrderRejected\" }", "{ \"type\": \"OrderCancelled\", \"id\": \"7\" }",
			"{ \"type\": \"OrderShipped\" } and more" })
	void refusesWhatIsNoEvent(String value) {
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> read(value));
	}

	@Test
	void readsTrackedCheckout() throws IOException {
		assertThat(this.json.readValue(sample("http", "analytics-service", "checkout.request.json"),
				AnalyticsController.CheckoutRequest.class))
			.isEqualTo(new AnalyticsController.CheckoutRequest(ORDER, "CONFIRMED", 87));
	}

	@Test
	void writesSummary() throws IOException {
		Figures.Summary summary = new Figures.Summary(2, 5, Money.euros(new BigDecimal("64.00")),
				Map.of("CONFIRMED", 2L, "REJECTED", 1L));
		assertThat(this.json.readTree(this.json.writeValueAsString(summary)))
			.isEqualTo(this.json.readTree(sample("http", "analytics-service", "summary.reply.json")));
	}

	private OrderEvent read(String value) {
		return OrderEvent.read(this.json, value);
	}

	private static String sample(String... path) throws IOException {
		return Files.readString(Path.of("..", "contracts").resolve(Path.of("", path)));
	}

}
