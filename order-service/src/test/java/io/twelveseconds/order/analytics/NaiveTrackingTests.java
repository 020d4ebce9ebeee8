package io.twelveseconds.order.analytics;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

import io.twelveseconds.order.OrderSettings;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThatNoException;

class NaiveTrackingTests {

	@Test
	void forgetsWhatTheQueueRefusesAndBothersNoCustomerWithIt() {
		OrderSettings settings = new OrderSettings(Duration.ZERO, null, null, null, null);
		Untracked untracked = new Untracked(JdbcClient.create(new DriverManagerDataSource()), JsonMapper.shared(),
				Clock.systemUTC(), settings);
		Tracking tracking = new NaiveTracking((checkout) -> {
		}, untracked, (work) -> {
			throw new TaskRejectedException("full");
		});
		assertThatNoException()
			.isThrownBy(() -> tracking.checkout(UUID.randomUUID(), "CONFIRMED", Duration.ofMillis(100)));
	}

}
