package io.twelveseconds.order;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.twelveseconds.order.analytics.AnalyticsApi;
import io.twelveseconds.order.inventory.Reservation;
import io.twelveseconds.order.loyalty.LoyaltyApi;
import io.twelveseconds.order.payment.Charge;
import io.twelveseconds.order.tracing.TraceContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What we write is exactly the sample, and what we read can be read from it.
 */
class OrderContractTests {

	private static final UUID ORDER = UUID.fromString("6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d");

	private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

	private final JsonMapper json = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
		.build();

	@ParameterizedTest
	@CsvSource({ "0c7a54a4-7f5c-4c55-9a7f-1f3b6a3d0a01, order-confirmed",
			"0c7a54a4-7f5c-4c55-9a7f-1f3b6a3d0a02, order-rejected",
			"0c7a54a4-7f5c-4c55-9a7f-1f3b6a3d0a03, order-cancelled" })
	void writesEvents(UUID id, String sample) {
		OrderEvent event = switch (sample) {
			case "order-confirmed" ->
				new OrderEvent.OrderConfirmed(id, NOON, ORDER, "cust-01", lines(), MoneyTests.money("32.00", "EUR"));
			case "order-rejected" -> new OrderEvent.OrderRejected(id, NOON, ORDER, "cust-01", Reason.SOLD_OUT);
			default -> new OrderEvent.OrderCancelled(id, NOON, ORDER, "cust-01", Reason.PAYMENT_UNSETTLED);
		};
		writes(event, "events/" + sample + ".json");
	}

	@Test
	void writesReservationRequest() {
		writes(new Reservation.Request(ORDER, List.of(new Line("sku-01", 2, null), new Line("sku-07", 1, null))),
				"http/inventory-service/reserve.request.json");
	}

	@Test
	void readsReservationReplies() {
		Reservation.Reply reserved = read("http/inventory-service/reserve.reply.json", Reservation.Reply.class);
		assertThat(reserved.outcome()).isEqualTo(Reservation.Outcome.RESERVED);
		assertThat(reserved.lines()).containsExactly(new Line("sku-01", 2, MoneyTests.money("12.50", "EUR")),
				new Line("sku-07", 1, MoneyTests.money("7.00", "EUR")));
		assertThat(read("http/inventory-service/reserve-sold-out.reply.json", Reservation.Reply.class))
			.isEqualTo(new Reservation.Reply(Reservation.Outcome.SOLD_OUT, null, "sku-07"));
		assertThat(read("http/inventory-service/reserve-unknown-sku.reply.json", Reservation.Reply.class))
			.isEqualTo(new Reservation.Reply(Reservation.Outcome.UNKNOWN_SKU, null, "sku-99"));
		assertThat(read("http/inventory-service/reserve-released.reply.json", Reservation.Reply.class).outcome())
			.isEqualTo(Reservation.Outcome.RELEASED);
	}

	@Test
	void writesChargeAndRefundRequests() {
		writes(new Charge.Request(ORDER, "cust-01", MoneyTests.money("32.00", "EUR")),
				"http/payment-service/charge.request.json");
		writes(new Charge.RefundRequest(ORDER), "http/payment-service/refund.request.json");
	}

	@ParameterizedTest
	@CsvSource({ "charge, CAPTURED", "charge-declined, DECLINED", "charge-voided, VOIDED" })
	void readsChargeReplies(String sample, Charge.Outcome outcome) {
		assertThat(read("http/payment-service/" + sample + ".reply.json", Charge.Reply.class).outcome())
			.isEqualTo(outcome);
	}

	@Test
	void replyThatLeavesOutItsOutcomeIsNoReply() {
		assertThatExceptionOfType(JacksonException.class)
			.isThrownBy(() -> this.json.readValue("{}", Charge.Reply.class));
		assertThatExceptionOfType(JacksonException.class)
			.isThrownBy(() -> this.json.readValue("{}", Reservation.Reply.class));
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> this.json.readValue("""
				{"outcome": "RESERVED", "lines": [{"sku": "sku-01", "quantity": 2}]}""", Reservation.Reply.class));
	}

	@Test
	void writesAwardRequest() {
		writes(new LoyaltyApi.AwardRequest(ORDER, "cust-01",
				List.of(new Line("sku-01", 2, MoneyTests.money("12.50", "EUR")),
						new Line("sku-07", 1, MoneyTests.money("7.00", "EUR")))),
				"http/loyalty-service/award.request.json");
	}

	@Test
	void writesTrackedCheckout() {
		writes(new AnalyticsApi.CheckoutTracked(ORDER, "CONFIRMED", 87),
				"http/analytics-service/checkout.request.json");
	}

	/** analytics-service would refuse it each time that it is told. */
	@Test
	void checkoutTookNoTimeIfTheClockWasSetBack() {
		assertThat(new AnalyticsApi.CheckoutTracked(ORDER, "CONFIRMED", -500).durationMs()).isZero();
	}

	@Test
	void readsPlaceRequest() {
		OrderController.PlaceRequest request = read("http/order-service/place.request.json",
				OrderController.PlaceRequest.class);
		assertThat(request.customer()).isEqualTo("cust-01");
		assertThat(request.lines()).containsExactly(new OrderController.PlaceRequest.Wanted("sku-01", 2),
				new OrderController.PlaceRequest.Wanted("sku-07", 1));
	}

	@Test
	void writesOrder() {
		writes(OrderController.OrderView.of(confirmed(), lines(),
				List.of(new Orders.Step(OrderStatus.PENDING, NOON),
						new Orders.Step(OrderStatus.RESERVED, NOON.plusMillis(10)),
						new Orders.Step(OrderStatus.PAID, NOON.plusMillis(30)),
						new Orders.Step(OrderStatus.CONFIRMED, NOON.plusMillis(50)))),
				"http/order-service/order.reply.json");
	}

	@Test
	void writesPlacedOrder() {
		writes(OrderController.OrderView.of(confirmed(), lines(), null), "http/order-service/placed.reply.json");
	}

	@Test
	void writesRefusals() {
		Order pending = Order.place("cust-01", lines(), new TraceContext(Map.of()), NOON);
		refuses(pending.refused(Reason.SOLD_OUT, "sku-07"), "http/order-service/problem-sold-out.reply.json");
		refuses(pending.refused(Reason.INVENTORY_UNAVAILABLE, null),
				"http/order-service/problem-not-reserved.reply.json");
	}

	private void refuses(Order order, String sample) {
		Order known = new Order(ORDER, order.customer(), order.status(), order.reason(), order.refusedSku(),
				order.lines(), order.total(), order.loyaltyDue(), order.trace(), order.placedAt());
		writes(OrderProblems.refused(known), sample);
	}

	@Test
	void writesListOfOrders() {
		writes(new OrderController.OrdersView(List.of(OrderController.OrderView.of(confirmed(), null, null)), 0, 20, 1),
				"http/order-service/orders.reply.json");
	}

	private static Order confirmed() {
		return new Order(ORDER, "cust-01", OrderStatus.CONFIRMED, null, null, lines(), MoneyTests.money("32.00", "EUR"),
				false,
				new TraceContext(Map.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")),
				NOON);
	}

	private static List<Line> lines() {
		return List.of(new Line("sku-01", 2, MoneyTests.money("12.50", "EUR")),
				new Line("sku-07", 1, MoneyTests.money("7.00", "EUR")));
	}

	private void writes(Object value, String sample) {
		assertThat(this.json.readTree(this.json.writeValueAsString(value))).isEqualTo(this.json.readTree(text(sample)));
	}

	private <T> T read(String sample, Class<T> type) {
		return this.json.readValue(text(sample), type);
	}

	private static String text(String sample) {
		try {
			return Files.readString(Path.of("..", "contracts").resolve(sample));
		}
		catch (IOException ex) {
			throw new AssertionError("No sample " + sample, ex);
		}
	}

}
