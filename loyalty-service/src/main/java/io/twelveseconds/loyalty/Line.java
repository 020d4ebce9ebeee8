package io.twelveseconds.loyalty;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;

/**
 * One line of an order, and what it is worth in points.
 */
record Line(String sku, int quantity, Money unitPrice) {

	Line {
		Objects.requireNonNull(sku, "sku");
		Objects.requireNonNull(unitPrice, "unitPrice");
		if (quantity < 1 || quantity > 1000) {
			throw new IllegalArgumentException("A line has 1 to 1000 pieces");
		}
	}

	/**
	 * One point for each whole EUR of the line, times the multiplier, rounded down: there
	 * are no half points.
	 */
	long points(BigDecimal multiplier) {
		return this.unitPrice.wholeUnits(this.quantity)
			.multiply(multiplier)
			.setScale(0, RoundingMode.DOWN)
			.longValueExact();
	}

}
