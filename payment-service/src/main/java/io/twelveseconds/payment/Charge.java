package io.twelveseconds.payment;

import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What is written down about the charge of an order.
 *
 * @param customer null, like the amount, if it was voided before it was asked for
 * @param reason why it was declined
 */
record Charge(UUID orderId, Status status, @Nullable String customer, @Nullable Money amount, @Nullable String reason) {

	enum Status {

		PENDING, CAPTURED, DECLINED, REFUNDED, VOIDED

	}

	/**
	 * Whether this is the answer to what is asked; a tombstone answers everything.
	 */
	boolean answers(Charge asked) {
		return this.status == Status.VOIDED
				|| asked.customer().equals(this.customer) && asked.amount().equals(this.amount);
	}

	Reply reply() {
		return new Reply(this.status, this.reason);
	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Reply(Status outcome, @Nullable String reason) {
	}

}
