package io.twelveseconds.order.analytics;

import java.time.Duration;
import java.util.UUID;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientException;

/**
 * Tells analytics-service how each checkout ended, without the customer waiting for it: a
 * failed call costs a figure, never an order. The executor is bounded
 * ({@code spring.task.execution}), so that a slow neighbour cannot fill the memory.
 */
@Component
public class Tracking {

	private static final Logger log = LoggerFactory.getLogger(Tracking.class);

	private final AnalyticsApi analytics;

	private final ThreadPoolTaskExecutor executor;

	Tracking(AnalyticsApi analytics, ThreadPoolTaskExecutor executor) {
		this.analytics = analytics;
		this.executor = executor;
	}

	public void checkout(UUID orderId, String outcome, Duration duration) {
		try {
			this.executor.execute(() -> track(orderId, outcome, duration));
		}
		catch (TaskRejectedException ex) {
			log.warn("Checkout of order {} not tracked: the queue is full", orderId);
		}
	}

	private void track(UUID orderId, String outcome, Duration duration) {
		try {
			this.analytics.track(new AnalyticsApi.CheckoutTracked(orderId, outcome, duration.toMillis()));
		}
		catch (RestClientException ex) {
			log.warn("Checkout of order {} not tracked: {}", orderId, ex.getMessage());
		}
	}

}
