package io.twelveseconds.demo.sampling;

import java.net.URI;
import java.util.Map;

import io.twelveseconds.demo.sampling.PlantedLoad.Sort;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PlantedLoadTests {

	@Test
	void sharesAreOfAllOrders() {
		assertThat(counts(2000, 0.01, 0.005)).containsExactlyInAnyOrderEntriesOf(
				Map.of(Sort.FAILED, 20L, Sort.SLOW, 10L, Sort.PREMIUM, 100L, Sort.REST, 1870L));
	}

	@Test
	void smallShareHasOneAndNoShareHasNone() {
		assertThat(counts(20, 0.001, 0))
			.containsExactlyInAnyOrderEntriesOf(Map.of(Sort.FAILED, 1L, Sort.PREMIUM, 1L, Sort.REST, 18L));
	}

	private static Map<Sort, Long> counts(int orders, double failed, double slow) {
		return new PlantedLoad(URI.create(""), orders, 25, failed, slow).counts();
	}

}
