package io.twelveseconds.order.analytics;

import java.util.UUID;

import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.PostExchange;

/**
 * What we tell analytics-service directly.
 */
public interface AnalyticsApi {

	@PostExchange("/checkouts")
	void track(@RequestBody CheckoutTracked checkout);

	/**
	 * @param outcome the order's status when the customer got the answer
	 * @param durationMs what the checkout took, in milliseconds
	 */
	record CheckoutTracked(UUID orderId, String outcome, long durationMs) {

		/** If the clock was set back meanwhile, it took no time: less is refused. */
		public CheckoutTracked {
			durationMs = Math.max(0, durationMs);
		}

	}

}
