package io.twelveseconds.order;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.twelveseconds.order.tracing.TraceContext;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class OrderTests {

	private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

	@Test
	void reservationNamesThePrices() {
		Order order = placed().reserved(List.of(line("sku-01", 2, "12.50"), line("sku-07", 1, "7.00")));
		assertThat(order.status()).isEqualTo(OrderStatus.RESERVED);
		assertThat(order.total()).isEqualTo(MoneyTests.money("32.00", "EUR"));
	}

	@Test
	void refusesAStepThatItsStatusDoesNotAllow() {
		Order rejected = placed().refused(Reason.SOLD_OUT, "sku-07");
		assertThatIllegalStateException().isThrownBy(() -> rejected.become(OrderStatus.PAID))
			.withMessageContaining("is REJECTED and cannot become PAID");
	}

	@Test
	void keepsTheReasonThroughTheCompensation() {
		Order order = reserved().release(Reason.PAYMENT_DECLINED).become(OrderStatus.REJECTED);
		assertThat(order.reason()).isEqualTo(Reason.PAYMENT_DECLINED);
	}

	@Test
	void eachEndHasItsEvent() {
		Order confirmed = reserved().become(OrderStatus.PAID).confirmed(false);
		Order cancelled = reserved().become(OrderStatus.PAYMENT_UNKNOWN)
			.cancel(Reason.PAYMENT_UNSETTLED)
			.become(OrderStatus.CANCELLED);
		assertThat(OrderEvent.of(confirmed, NOON)).isInstanceOf(OrderEvent.OrderConfirmed.class);
		assertThat(OrderEvent.of(placed().refused(Reason.SOLD_OUT, "sku-07"), NOON))
			.isInstanceOf(OrderEvent.OrderRejected.class);
		assertThat(OrderEvent.of(cancelled, NOON)).isInstanceOf(OrderEvent.OrderCancelled.class);
	}

	static Order placed() {
		return Order.place("cust-01", List.of(new Line("sku-01", 2, null), new Line("sku-07", 1, null)),
				new TraceContext(Map.of()), NOON);
	}

	static Order reserved() {
		return placed().reserved(List.of(line("sku-01", 2, "12.50"), line("sku-07", 1, "7.00")));
	}

	private static Line line(String sku, int quantity, String price) {
		return new Line(sku, quantity, MoneyTests.money(price, "EUR"));
	}

}
