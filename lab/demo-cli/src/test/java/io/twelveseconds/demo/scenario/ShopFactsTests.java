package io.twelveseconds.demo.scenario;

import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ShopFactsTests {

	@Test
	void redrivingOlderLettersHidesNoneThatCameLater() {
		assertThat(ShopFacts.newlyOpen(Set.of(3L, 7L), Set.of(0L, 1L, 3L))).isEqualTo(1);
		assertThat(ShopFacts.newlyOpen(Set.of(), Set.of(0L, 1L))).isZero();
	}

}
