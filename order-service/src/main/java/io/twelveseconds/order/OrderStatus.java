package io.twelveseconds.order;

import java.util.Set;

/**
 * The states of an order, and the only place that says which may follow which.
 */
enum OrderStatus {

	/** Written down; inventory-service has not answered yet. */
	PENDING,
	/** The stock is ours; the card has not been charged, as far as we know. */
	RESERVED,
	/**
	 * A charge was asked for and never answered, so it may have happened; or it could not
	 * be asked for at all.
	 */
	PAYMENT_UNKNOWN,
	/** The card was charged. */
	PAID,
	/** Refused before any money moved; stock may still have to be given back. */
	RELEASING,
	/**
	 * Given up after a charge that may have happened: refund, then give the stock back.
	 */
	CANCELLING,
	/** The end: the customer gets the goods. */
	CONFIRMED,
	/**
	 * The end: refused before any money moved, as a rule while the customer waited for
	 * the answer.
	 */
	REJECTED,
	/**
	 * The end: given up after the customer was told that the payment is being settled.
	 */
	CANCELLED;

	boolean mayBecome(OrderStatus next) {
		return successors().contains(next);
	}

	boolean isFinal() {
		return successors().isEmpty();
	}

	private Set<OrderStatus> successors() {
		return switch (this) {
			case PENDING -> Set.of(RESERVED, REJECTED, RELEASING);
			case RESERVED -> Set.of(PAID, PAYMENT_UNKNOWN, RELEASING);
			case PAYMENT_UNKNOWN -> Set.of(PAID, CANCELLING);
			case PAID -> Set.of(CONFIRMED);
			case RELEASING -> Set.of(REJECTED);
			case CANCELLING -> Set.of(CANCELLED);
			case CONFIRMED, REJECTED, CANCELLED -> Set.of();
		};
	}

}
