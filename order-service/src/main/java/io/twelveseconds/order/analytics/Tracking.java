package io.twelveseconds.order.analytics;

import java.time.Duration;
import java.util.UUID;

/**
 * Tells analytics-service how each checkout ended, without the customer waiting for it.
 */
public interface Tracking {

	/**
	 * @param outcome the order's status when the customer got the answer
	 */
	void checkout(UUID orderId, String outcome, Duration duration);

}
