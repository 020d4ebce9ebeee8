package io.twelveseconds.order.analytics;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.twelveseconds.order.OrderSettings;
import io.twelveseconds.order.analytics.AnalyticsApi.CheckoutTracked;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.annotation.Primary;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientException;

/**
 * Tells of a checkout at least once: at once if analytics-service answers, else from the
 * row that came with the order ({@link Untracked}), until it does. A failure costs no
 * order, but it is counted, logged, and seen at {@code /actuator/health/tracking}.
 */
@Component
@Primary
class RetriedTracking implements Tracking {

	private static final Logger log = LoggerFactory.getLogger(RetriedTracking.class);

	private final AnalyticsApi analytics;

	private final Untracked untracked;

	private final Background background;

	private final Clock clock;

	private final OrderSettings.Tracking settings;

	private final Counter failures;

	private final Counter givenUp;

	RetriedTracking(AnalyticsApi analytics, Untracked untracked, Background background, Clock clock,
			OrderSettings settings, MeterRegistry meters) {
		this.analytics = analytics;
		this.untracked = untracked;
		this.background = background;
		this.clock = clock;
		this.settings = settings.tracking();
		this.failures = meters.counter("tracking.failures");
		this.givenUp = meters.counter("tracking.given.up");
	}

	/**
	 * Only so many may wait, so that a slow neighbour cannot fill the memory. Who is
	 * refused is told of later, from his row.
	 */
	@Override
	public void checkout(UUID orderId, String outcome, Duration duration) {
		CheckoutTracked checkout = new CheckoutTracked(orderId, outcome, duration.toMillis());
		try {
			this.background.execute(() -> tell(checkout));
		}
		catch (TaskRejectedException ex) {
			failed(checkout, "too many are waiting to be told");
			keep(checkout);
		}
	}

	private void tell(CheckoutTracked checkout) {
		try {
			this.analytics.track(checkout);
			this.untracked.told(checkout.orderId());
		}
		catch (RestClientException ex) {
			failed(checkout, ex.getMessage());
			keep(checkout);
		}
	}

	private void keep(CheckoutTracked checkout) {
		try {
			this.untracked.keep(checkout);
		}
		catch (DataAccessException ex) {
			// The row is there all the same, and no reason to fail a checkout.
			log.warn("Checkout of order {}: the order's end will be told instead", checkout.orderId(), ex);
		}
	}

	/**
	 * Ends with the first call that fails: while analytics-service is away, one checkout
	 * a round asks whether it is back, and not all that wait.
	 */
	@Scheduled(fixedDelayString = "${order.tracking.every}")
	void catchUp() {
		boolean answered = true;
		for (int n = 0; answered && n < this.settings.batch(); n++) {
			// Each time: who was told is soon due again, and would be told again.
			this.untracked.removeTold();
			answered = this.untracked.next().map(this::tellAgain).orElse(false);
		}
	}

	/** In the order's own trace. */
	private boolean tellAgain(Untracked.Due due) {
		CheckoutTracked checkout = due.checkout();
		try {
			due.trace().runAfterwards(() -> this.analytics.track(checkout));
			this.untracked.told(checkout.orderId());
			return true;
		}
		catch (RestClientException ex) {
			failed(checkout, ex.getMessage());
			if (due.placedAt().plus(this.settings.giveUpAfter()).isBefore(this.clock.instant())) {
				log.error("Checkout of order {} will never be tracked: given up", checkout.orderId());
				this.givenUp.increment();
				this.untracked.told(checkout.orderId());
			}
			return false;
		}
	}

	private void failed(CheckoutTracked checkout, String reason) {
		log.warn("Checkout of order {} not tracked yet: {}", checkout.orderId(), reason);
		this.failures.increment();
	}

}
