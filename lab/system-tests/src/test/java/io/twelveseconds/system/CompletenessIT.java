package io.twelveseconds.system;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** After a load, each order has its whole trace; and one that has not is found. */
@ExtendWith(RunningShop.class)
class CompletenessIT {

	@Test
	void everyOrderOfALoadHasItsWholeTrace(RunningShop shop) {
		shop.awaitConsumersAreIdle();
		Instant start = Instant.now();
		shop.deployment().demo("load", "--rate", "10", "--for", "10s");
		await("whole traces").atMost(Duration.ofSeconds(60))
			.ignoreException(AssertionError.class)
			.untilAsserted(
					() -> assertThat(completeness(shop, start)).contains("100 complete, 0 incomplete, 0 absent"));
	}

	/** Until it has caught up. */
	@Test
	void orderThatOneServiceKnowsNothingOfIsFound(RunningShop shop) {
		shop.awaitConsumersAreIdle();
		Instant start = Instant.now();
		shop.kill("notification-service");
		try {
			shop.customer().order("cust-01", "sku-01", 1);
			await("an incomplete trace").atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThatExceptionOfType(AssertionError.class)
					.isThrownBy(() -> completeness(shop, start))
					.withMessageContaining("1 incomplete")
					.withMessageContaining("lacks: notification-service"));
		}
		finally {
			shop.start("notification-service");
		}
		await("the rest of the trace").atMost(Duration.ofSeconds(60))
			.ignoreException(AssertionError.class)
			.untilAsserted(() -> assertThat(completeness(shop, start)).contains("1 complete, 0 incomplete"));
	}

	private static String completeness(RunningShop shop, Instant start) {
		return shop.deployment()
			.demo("completeness", "--since", Duration.between(start, Instant.now()).plusSeconds(2).toSeconds() + "s");
	}

}
