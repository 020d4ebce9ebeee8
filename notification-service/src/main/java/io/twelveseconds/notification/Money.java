package io.twelveseconds.notification;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Objects;

/**
 * An exact amount in a currency; as much of it as a mail needs.
 */
record Money(BigDecimal amount, Currency currency) {

	Money {
		Objects.requireNonNull(currency, "currency");
		// First: to write out 1e999999999 would take the whole memory.
		if (amount.scale() < 0 || amount.scale() > 2) {
			throw new IllegalArgumentException(amount + " is not written with two decimals at most");
		}
		amount = amount.setScale(currency.getDefaultFractionDigits());
	}

	Money times(int quantity) {
		return new Money(this.amount.multiply(BigDecimal.valueOf(quantity)), this.currency);
	}

	@Override
	public String toString() {
		return this.amount.toPlainString() + " " + this.currency;
	}

}
