package io.twelveseconds.analytics;

import java.math.BigDecimal;
import java.util.Currency;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * An exact amount of euros: the one currency of the shop, so that amounts can be added
 * up.
 *
 * @param amount the amount, a decimal string in JSON so that no reader makes a float of
 * it
 */
record Money(@JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal amount, Currency currency) {

	private static final Currency EUR = Currency.getInstance("EUR");

	Money {
		// First: to write out 1e999999999 would take the whole memory.
		if (amount.scale() < 0 || amount.scale() > 2) {
			throw new IllegalArgumentException(amount + " is not written with two decimals at most");
		}
		amount = amount.setScale(EUR.getDefaultFractionDigits());
		if (!currency.equals(EUR)) {
			throw new IllegalArgumentException("Figures are in EUR, not in " + currency);
		}
	}

	static Money euros(BigDecimal amount) {
		return new Money(amount, EUR);
	}

}
