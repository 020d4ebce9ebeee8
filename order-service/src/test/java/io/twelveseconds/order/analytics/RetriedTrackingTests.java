package io.twelveseconds.order.analytics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.twelveseconds.order.OrderSettings;
import io.twelveseconds.order.analytics.AnalyticsApi.CheckoutTracked;
import io.twelveseconds.order.tracing.TraceContext;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

class RetriedTrackingTests {

	private static final UUID ORDER = UUID.randomUUID();

	private static final OrderSettings SETTINGS = new OrderSettings(Duration.ZERO, null, null, null,
			new OrderSettings.Tracking(Duration.ZERO, 3, Duration.ZERO, Duration.ZERO, Duration.ZERO));

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

	@Test
	void catchesUpWithEachCheckoutOnce() {
		List<CheckoutTracked> asked = new ArrayList<>();
		OneDue untracked = new OneDue();
		new RetriedTracking(asked::add, untracked, Runnable::run, Clock.systemUTC(), SETTINGS, this.meters).catchUp();
		assertThat(asked).containsExactly(untracked.due.checkout());
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

	/** A row that is due again at once. */
	private static final class OneDue extends Untracked {

		private final Due due = new Due(new CheckoutTracked(ORDER, "CONFIRMED", 100), new TraceContext(Map.of()),
				Instant.EPOCH);

		private boolean told;

		private boolean removed;

		private OneDue() {
			super(noDatabase(), JsonMapper.shared(), Clock.systemUTC(), SETTINGS);
		}

		@Override
		Optional<Due> next() {
			return this.removed ? Optional.empty() : Optional.of(this.due);
		}

		@Override
		void told(UUID orderId) {
			this.told = true;
		}

		@Override
		void removeTold() {
			this.removed = this.told;
		}

	}

}
