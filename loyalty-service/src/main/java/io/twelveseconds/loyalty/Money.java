package io.twelveseconds.loyalty;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;

/**
 * An exact amount in a currency; as much of it as points need.
 */
record Money(BigDecimal amount, Currency currency) {

	/** What a price is kept with elsewhere: numeric(12, 2). */
	private static final BigDecimal MAX = new BigDecimal("9999999999.99");

	Money {
		// Stripped first: to write out 1e999999999 would take the whole memory.
		amount = amount.stripTrailingZeros();
		if (amount.signum() < 0 || amount.scale() > 2 || amount.compareTo(MAX) > 0) {
			throw new IllegalArgumentException(amount + " is no price");
		}
		if (!currency.getCurrencyCode().equals("EUR")) {
			throw new IllegalArgumentException("Points are given for EUR, not for " + currency);
		}
	}

	/** What so many of it cost, without the cents. */
	BigDecimal wholeUnits(int quantity) {
		return this.amount.multiply(BigDecimal.valueOf(quantity)).setScale(0, RoundingMode.DOWN);
	}

}
