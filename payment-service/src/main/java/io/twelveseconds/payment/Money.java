package io.twelveseconds.payment;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * An exact amount in a currency, always with the two decimals it is kept with, so that
 * equal amounts are equal.
 */
record Money(@JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal amount, Currency currency) {

	/** What numeric(12, 2) can keep. */
	private static final BigDecimal MAX = new BigDecimal("9999999999.99");

	/**
	 * @throws IllegalArgumentException if the amount is negative, too large, or has more
	 * than two decimals
	 */
	Money {
		Objects.requireNonNull(currency, "no currency");
		// Stripped first: to write out 1e999999999 would take the whole memory.
		amount = amount.stripTrailingZeros();
		if (amount.signum() < 0 || amount.scale() > 2 || amount.compareTo(MAX) > 0) {
			throw new IllegalArgumentException(amount + " is not an amount that can be charged");
		}
		amount = amount.setScale(2);
	}

}
