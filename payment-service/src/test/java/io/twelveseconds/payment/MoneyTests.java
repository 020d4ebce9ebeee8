package io.twelveseconds.payment;

import java.math.BigDecimal;
import java.util.Currency;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MoneyTests {

	@Test
	void equalAmountsAreEqualHoweverTheyAreWritten() {
		assertThat(euros("32")).isEqualTo(euros("32.00")).isEqualTo(euros("3.2e1")).isEqualTo(euros("32.000"));
		assertThat(euros("0e-999999999")).isEqualTo(euros("0"));
		assertThat(euros("0e999999999")).isEqualTo(euros("0"));
	}

	@Test
	void takesAllThatTheDatabaseCanKeep() {
		assertThat(euros("9999999999.99").amount()).isEqualTo("9999999999.99");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-0.01", "0.001", "1e-999999999", "10000000000", "1e999999999" })
	void refusesWhatItCannotKeep(String amount) {
		assertThatIllegalArgumentException().isThrownBy(() -> euros(amount));
	}

	private static Money euros(String amount) {
		return new Money(new BigDecimal(amount), Currency.getInstance("EUR"));
	}

}
