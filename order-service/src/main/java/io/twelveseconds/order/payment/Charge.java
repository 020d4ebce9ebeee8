package io.twelveseconds.order.payment;

import java.util.Objects;
import java.util.UUID;

import io.twelveseconds.order.Money;

/**
 * The bodies of a charge. A declined card is an answer; silence is not.
 */
public interface Charge {

	enum Outcome {

		CAPTURED, DECLINED,
		/** Refunded, or forbidden by a refund that came first. */
		REFUNDED, VOIDED

	}

	record Request(UUID orderId, String customer, Money amount) {
	}

	record Reply(Outcome outcome) {

		public Reply {
			Objects.requireNonNull(outcome, "outcome");
		}

	}

	record RefundRequest(UUID orderId) {
	}

}
