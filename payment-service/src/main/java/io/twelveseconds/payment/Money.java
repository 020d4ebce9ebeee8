package io.twelveseconds.payment;

import java.math.BigDecimal;
import java.util.Currency;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * An exact amount in a currency, in the currency's own number of decimals, so that equal
 * amounts are equal.
 */
record Money(@JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal amount, Currency currency) {

	/**
	 * @throws IllegalArgumentException if the amount is negative or has more decimals
	 * than the currency
	 */
	Money {
		if (amount.signum() < 0 || amount.stripTrailingZeros().scale() > currency.getDefaultFractionDigits()) {
			throw new IllegalArgumentException(amount + " is not an amount in " + currency);
		}
		amount = amount.setScale(currency.getDefaultFractionDigits());
	}

}
