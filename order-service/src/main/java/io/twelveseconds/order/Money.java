package io.twelveseconds.order;

import java.math.BigDecimal;
import java.util.Currency;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * An exact amount in a currency, in the currency's own number of decimals.
 *
 * @param amount the amount, a decimal string in JSON so that no reader makes a float of
 * it
 * @param currency the ISO 4217 currency
 */
public record Money(@JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal amount, Currency currency) {

	/**
	 * @throws ArithmeticException if the amount has more decimals than the currency
	 */
	public Money {
		amount = amount.setScale(currency.getDefaultFractionDigits());
	}

	public Money times(int quantity) {
		return new Money(this.amount.multiply(BigDecimal.valueOf(quantity)), this.currency);
	}

	/**
	 * @throws IllegalArgumentException if the currencies differ: there is no rate here
	 */
	public Money plus(Money other) {
		if (!this.currency.equals(other.currency)) {
			throw new IllegalArgumentException("Cannot add " + other.currency + " to " + this.currency);
		}
		return new Money(this.amount.add(other.amount), this.currency);
	}

}
