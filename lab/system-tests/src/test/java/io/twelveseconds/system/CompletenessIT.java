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
		shop.awaitWholeTraces(start);
		assertThat(shop.completeness(start)).contains("100 complete");
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
				.untilAsserted(
						() -> assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> shop.completeness(start))
							.withMessageContaining("1 incomplete")
							.withMessageContaining("lacks: notification-service"));
		}
		finally {
			shop.start("notification-service");
		}
		shop.awaitWholeTraces(start);
	}

}
