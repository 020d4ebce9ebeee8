package io.twelveseconds.payment;

import java.math.BigDecimal;
import java.util.UUID;

/**
 * The company that moves the money. An interface with one implementation, since this is
 * where a real shop ends and another company begins: who wants a real provider replaces
 * {@link PretendCardProvider} and nothing else.
 */
interface CardProvider {

	/**
	 * Charges the card. Idempotent by order id, as the APIs of real providers are: asked
	 * again it answers the same.
	 */
	Answer charge(UUID orderId, Card card, Money amount);

	/**
	 * Gives the money back, once, however often it is asked.
	 */
	void refund(UUID orderId, Money amount);

	enum Answer {

		CAPTURED, LIMIT_EXCEEDED

	}

	/**
	 * @param token what the provider knows the card by
	 * @param limit the most that one charge may take
	 */
	record Card(String token, BigDecimal limit) {

		/** Without the token: a card ends up in logs more easily than one thinks. */
		@Override
		public String toString() {
			return "a card";
		}

	}

}
