package io.twelveseconds.payment;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.UUID;

import io.twelveseconds.payment.CardProvider.Answer;
import io.twelveseconds.payment.CardProvider.Card;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PretendCardProviderTests {

	private static final Card CARD = new Card("tok_secret", new BigDecimal("100.00"));

	@Test
	void capturesUpToTheLimit() {
		assertThat(charge("100.00")).isEqualTo(Answer.CAPTURED);
		assertThat(charge("100.01")).isEqualTo(Answer.LIMIT_EXCEEDED);
	}

	@Test
	void chargesAnOrderOnceHoweverOftenItIsAsked() {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		PretendCardProvider provider = new PretendCardProvider(meters);
		UUID order = UUID.randomUUID();
		for (UUID asked : List.of(order, order, UUID.randomUUID())) {
			assertThat(provider.charge(asked, CARD, euros("1.00"))).isEqualTo(Answer.CAPTURED);
		}
		assertThat(meters.counter("card.provider.charges").count()).isEqualTo(2);
	}

	@Test
	void refundsAnOrderOnceHoweverOftenItIsAsked() {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		PretendCardProvider provider = new PretendCardProvider(meters);
		UUID order = UUID.randomUUID();
		provider.refund(order, euros("1.00"));
		provider.refund(order, euros("1.00"));
		assertThat(meters.counter("card.provider.refunds").count()).isOne();
	}

	@Test
	void cardDoesNotTellItsToken() {
		assertThat(CARD).asString().doesNotContain("secret");
	}

	private static Answer charge(String amount) {
		return new PretendCardProvider(new SimpleMeterRegistry()).charge(UUID.randomUUID(), CARD, euros(amount));
	}

	private static Money euros(String amount) {
		return new Money(new BigDecimal(amount), Currency.getInstance("EUR"));
	}

}
