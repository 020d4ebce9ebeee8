package io.twelveseconds.payment;

import java.util.UUID;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.stereotype.Component;

/**
 * Decides by the card's limit alone, and so the same way each time it is asked. It counts
 * how often it has taken money, as a real one would on its statement.
 */
@Component
class PretendCardProvider implements CardProvider {

	private final Counter charges;

	PretendCardProvider(MeterRegistry meters) {
		this.charges = meters.counter("card.provider.charges");
	}

	@Override
	public Answer charge(UUID orderId, Card card, Money amount) {
		if (amount.amount().compareTo(card.limit()) > 0) {
			return Answer.LIMIT_EXCEEDED;
		}
		this.charges.increment();
		return Answer.CAPTURED;
	}

	@Override
	public void refund(UUID orderId, Money amount) {
		// The pretended money is back.
	}

}
