package io.twelveseconds.payment;

import java.util.UUID;

import org.springframework.stereotype.Component;

/**
 * Decides by the card's limit alone, and so the same way each time it is asked.
 */
@Component
class PretendCardProvider implements CardProvider {

	@Override
	public Answer charge(UUID orderId, Card card, Money amount) {
		return (amount.amount().compareTo(card.limit()) <= 0) ? Answer.CAPTURED : Answer.LIMIT_EXCEEDED;
	}

	@Override
	public void refund(UUID orderId, Money amount) {
		// The pretended money is back.
	}

}
