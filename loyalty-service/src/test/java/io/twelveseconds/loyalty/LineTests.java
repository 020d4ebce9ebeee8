package io.twelveseconds.loyalty;

import java.math.BigDecimal;
import java.util.Currency;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LineTests {

	@ParameterizedTest
	@CsvSource({ "2, 12.50, 1,   25", // 25.00: the line counts, not the piece
			"3, 0.99,  1,    2", // 2.97
			"1, 0.99,  1,    0", "1, 7.00,  3,   21", "1, 25.90, 1.5, 37", // 25 whole EUR
																			// give 37.5
			"1, 0.00,  3,    0", })
	void countsWholeEurosAndRoundsDown(int quantity, String price, BigDecimal multiplier, long points) {
		assertThat(line(quantity, price).points(multiplier)).isEqualTo(points);
	}

	@Test
	void hasAtLeastOnePiece() {
		assertThatIllegalArgumentException().isThrownBy(() -> line(0, "1.00"));
	}

	@Test
	void costsNothingLessThanZero() {
		assertThatIllegalArgumentException().isThrownBy(() -> line(1, "-0.01"));
	}

	@Test
	void isInEuros() {
		Currency dollars = Currency.getInstance("USD");
		assertThatIllegalArgumentException().isThrownBy(() -> new Money(BigDecimal.ONE, dollars))
			.withMessage("Points are given for EUR, not for USD");
	}

	private static Line line(int quantity, String price) {
		return new Line("sku-01", quantity, new Money(new BigDecimal(price), Currency.getInstance("EUR")));
	}

}
