package io.twelveseconds.order.analytics;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.twelveseconds.order.OrderSettings;
import io.twelveseconds.order.analytics.AnalyticsApi.CheckoutTracked;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

class RetriedTrackingTests {

	private static final UUID ORDER = UUID.randomUUID();

	private static final OrderSettings SETTINGS = new OrderSettings(Duration.ZERO, null, null, null,
			new OrderSettings.Tracking(Duration.ZERO, 1, Duration.ZERO, Duration.ZERO, Duration.ZERO));

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final List<CheckoutTracked> kept = new ArrayList<>();

	@Test
	void keepsAndCountsWhatTheQueueRefuses() {
		tellWhileTheQueueIsFull(new Untracked(noDatabase(), JsonMapper.shared(), Clock.systemUTC(), SETTINGS) {

			@Override
			void keep(CheckoutTracked checkout) {
				RetriedTrackingTests.this.kept.add(checkout);
			}

		});
		assertThat(this.kept).containsExactly(new CheckoutTracked(ORDER, "CONFIRMED", 100));
		assertThat(this.meters.counter("tracking.failures").count()).isOne();
	}

	@Test
	void bothersNoCustomerWithWhatCannotBeKept() {
		tellWhileTheQueueIsFull(new Untracked(noDatabase(), JsonMapper.shared(), Clock.systemUTC(), SETTINGS));
		assertThat(this.meters.counter("tracking.failures").count()).isOne();
	}

	private void tellWhileTheQueueIsFull(Untracked untracked) {
		Tracking tracking = new RetriedTracking((checkout) -> {
		}, untracked, (work) -> {
			throw new TaskRejectedException("full");
		}, Clock.systemUTC(), SETTINGS, this.meters);
		tracking.checkout(ORDER, "CONFIRMED", Duration.ofMillis(100));
	}

	private static JdbcClient noDatabase() {
		return JdbcClient.create(new DriverManagerDataSource());
	}

}
