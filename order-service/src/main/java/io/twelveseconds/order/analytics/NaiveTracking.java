package io.twelveseconds.order.analytics;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.stereotype.Component;

/**
 * Fire and forget: what is sent counts as told. Nobody keeps the future, so an exception
 * that ends in it reaches no log, no metric and no person.
 */
@Component
class NaiveTracking implements Tracking {

	private final AnalyticsApi analytics;

	private final Untracked untracked;

	private final Background background;

	NaiveTracking(AnalyticsApi analytics, Untracked untracked, Background background) {
		this.analytics = analytics;
		this.untracked = untracked;
		this.background = background;
	}

	@Override
	public void checkout(UUID orderId, String outcome, Duration duration) {
		// Without this the other variant would find the row, and make the loss good.
		this.untracked.told(orderId);
		try {
			CompletableFuture.runAsync(
					() -> this.analytics.track(new AnalyticsApi.CheckoutTracked(orderId, outcome, duration.toMillis())),
					this.background::execute);
		}
		catch (TaskRejectedException ex) {
			// Too many are waiting. Nobody is told of this one either.
		}
	}

}
