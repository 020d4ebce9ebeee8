package io.twelveseconds.order;

import java.math.BigDecimal;
import java.util.Currency;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MoneyTests {

	@Test
	void addsExactly() {
		assertThat(money("0.10", "EUR").plus(money("0.20", "EUR"))).isEqualTo(money("0.30", "EUR"));
	}

	@Test
	void multipliesExactly() {
		assertThat(money("19.99", "EUR").times(1000)).isEqualTo(money("19990.00", "EUR"));
	}

	@Test
	void hasTheDecimalsOfItsCurrency() {
		assertThat(money("5", "EUR")).isEqualTo(money("5.00", "EUR"));
		assertThat(money("500", "JPY").amount()).isEqualTo(new BigDecimal("500"));
		assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> money("0.005", "EUR"));
	}

	@Test
	void refusesToMixCurrencies() {
		assertThatIllegalArgumentException().isThrownBy(() -> money("1.00", "EUR").plus(money("1.00", "USD")))
			.withMessage("Cannot add USD to EUR");
	}

	@Test
	void isAStringInJson() {
		JsonMapper json = JsonMapper.shared();
		assertThat(json.writeValueAsString(money("12.50", "EUR")))
			.isEqualTo("{\"amount\":\"12.50\",\"currency\":\"EUR\"}");
		assertThat(json.readValue("{\"amount\":\"12.50\",\"currency\":\"EUR\"}", Money.class))
			.isEqualTo(money("12.50", "EUR"));
	}

	static Money money(String amount, String currency) {
		return new Money(new BigDecimal(amount), Currency.getInstance(currency));
	}

}
