package io.twelveseconds.notification;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

class OrderEventTests {

	private static final UUID ORDER = UUID.fromString("6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d");

	@Test
	void confirmationListsWhatWasBoughtAndWhatItCost() {
		OrderEvent.News confirmed = new OrderEvent.OrderConfirmed(UUID.randomUUID(), ORDER, "cust-01",
				List.of(line("sku-01", 2, "12.50"), line("sku-07", 1, "7.00")), euros("32.00"));
		assertThat(confirmed.kind()).isEqualTo(OrderEvent.Kind.ORDER_CONFIRMED);
		assertThat(confirmed.subject()).isEqualTo("Your order " + ORDER + " is confirmed");
		assertThat(confirmed.text("Fern Sample")).isEqualTo("""
				Hello Fern Sample,

				thank you for your order 6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d. It is confirmed and paid:

				  2 × sku-01 at 12.50 EUR: 25.00 EUR
				  1 × sku-07 at 7.00 EUR: 7.00 EUR

				Total: 32.00 EUR

				We are packing it now.

				Twelve Seconds
				""");
	}

	@Test
	void cancellationSaysWhyAndThatMoneyComesBack() {
		assertThat(cancelled("PAYMENT_UNSETTLED").subject()).isEqualTo("Your order " + ORDER + " is cancelled");
		assertThat(cancelled("PAYMENT_UNSETTLED").text("Fern Sample")).startsWith("Hello Fern Sample,")
			.contains("we had to cancel your order " + ORDER + ", because its payment could not be settled in time.")
			.contains("refunded in full");
	}

	/** He would order again with the same card. */
	@Test
	void cancellationSaysThatTheCardWasDeclined() {
		assertThat(cancelled("PAYMENT_DECLINED").text("Fern Sample"))
			.contains("cancel your order " + ORDER + ", because its payment was declined.");
	}

	@Test
	void cancellationForReasonUnknownToUsGivesNone() {
		assertThat(cancelled("WAREHOUSE_ON_FIRE").text("Fern Sample")).contains("cancel your order " + ORDER + ".\n")
			.doesNotContain("WAREHOUSE");
	}

	@Test
	void newsNeedsItsIds() {
		assertThatNullPointerException()
			.isThrownBy(() -> new OrderEvent.OrderCancelled(UUID.randomUUID(), null, "cust-01", null))
			.withMessage("orderId");
	}

	@Test
	void lineNeedsItsPrice() {
		assertThatNullPointerException().isThrownBy(() -> new OrderEvent.OrderConfirmed.Line("sku-01", 1, null))
			.withMessage("unitPrice");
	}

	@Test
	void amountIsNotWrittenWithAnExponent() {
		assertThatIllegalArgumentException().isThrownBy(() -> euros("1e999999999"));
	}

	private static OrderEvent.News cancelled(String reason) {
		return new OrderEvent.OrderCancelled(UUID.randomUUID(), ORDER, "cust-01", reason);
	}

	private static OrderEvent.OrderConfirmed.Line line(String sku, int quantity, String price) {
		return new OrderEvent.OrderConfirmed.Line(sku, quantity, euros(price));
	}

	private static Money euros(String amount) {
		return new Money(new BigDecimal(amount), Currency.getInstance("EUR"));
	}

}
