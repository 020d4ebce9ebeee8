package io.twelveseconds.analytics;

import java.math.BigDecimal;
import java.util.Currency;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MoneyTests {

	@Test
	void hasTwoDecimals() {
		assertThat(Money.euros(BigDecimal.ZERO)).isEqualTo(Money.euros(new BigDecimal("0.00")));
		assertThatIllegalArgumentException().isThrownBy(() -> Money.euros(new BigDecimal("0.005")));
		assertThatIllegalArgumentException().isThrownBy(() -> Money.euros(new BigDecimal("1e999999999")));
	}

	@Test
	void isInEuros() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Money(BigDecimal.ONE, Currency.getInstance("USD")))
			.withMessage("Figures are in EUR, not in USD");
	}

}
