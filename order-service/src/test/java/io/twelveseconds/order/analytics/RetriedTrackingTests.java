package io.twelveseconds.order.analytics;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.twelveseconds.order.OrderSettings;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

class RetriedTrackingTests {

	private static final OrderSettings SETTINGS = new OrderSettings(Duration.ZERO, null, null, null,
			new OrderSettings.Tracking(Duration.ZERO, 1, Duration.ZERO, Duration.ZERO, Duration.ZERO));

	@Test
	void countsWhatTheQueueRefusesAndBothersNoCustomerWithIt() {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		Untracked untracked = new Untracked(JdbcClient.create(new DriverManagerDataSource()), JsonMapper.shared(),
				Clock.systemUTC(), SETTINGS);
		Tracking tracking = new RetriedTracking((checkout) -> {
		}, untracked, (work) -> {
			throw new TaskRejectedException("full");
		}, Clock.systemUTC(), SETTINGS, meters);
		tracking.checkout(UUID.randomUUID(), "CONFIRMED", Duration.ofMillis(100));
		assertThat(meters.counter("tracking.failures").count()).isOne();
	}

}
