package io.twelveseconds.payment;

import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What is written down about the charge of an order.
 *
 * @param amount null if it was voided before it was asked for
 * @param reason why it was declined
 */
record Charge(UUID orderId, Status status, @Nullable Money amount, @Nullable String reason) {

	enum Status {

		PENDING, CAPTURED, DECLINED, REFUNDED, VOIDED

	}

	Reply reply() {
		return new Reply(this.status, this.reason);
	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Reply(Status outcome, @Nullable String reason) {
	}

}
