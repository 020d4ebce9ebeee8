package io.twelveseconds.order.inventory;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

import io.twelveseconds.order.Line;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of a reservation. A refusal is an answer, not an error.
 */
public interface Reservation {

	enum Outcome {

		RESERVED, SOLD_OUT, UNKNOWN_SKU,
		/**
		 * The order's stock was given back before: there is nothing to reserve for any
		 * more.
		 */
		RELEASED

	}

	record Request(UUID orderId, List<Line> lines) {
	}

	/**
	 * @param lines the reserved lines with their prices, only if reserved
	 * @param sku what is missing or unknown, only if refused
	 */
	record Reply(Outcome outcome, @Nullable List<Line> lines, @Nullable String sku) {

		public Reply {
			Objects.requireNonNull(outcome, "outcome");
			if (outcome == Outcome.RESERVED && (lines == null || lines.isEmpty()
					|| lines.stream().anyMatch((line) -> line.unitPrice() == null))) {
				throw new IllegalArgumentException("Reserved, and no prices");
			}
		}

	}

}
