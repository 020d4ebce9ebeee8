package io.twelveseconds.loyalty;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;

/**
 * An exact amount in a currency; as much of it as points need.
 */
record Money(BigDecimal amount, Currency currency) {

	Money {
		if (amount.signum() < 0) {
			throw new IllegalArgumentException("There is no price below zero");
		}
		if (!currency.getCurrencyCode().equals("EUR")) {
			throw new IllegalArgumentException("Points are given for EUR, not for " + currency);
		}
	}

	Money times(int quantity) {
		return new Money(this.amount.multiply(BigDecimal.valueOf(quantity)), this.currency);
	}

	BigDecimal wholeUnits() {
		return this.amount.setScale(0, RoundingMode.DOWN);
	}

}
