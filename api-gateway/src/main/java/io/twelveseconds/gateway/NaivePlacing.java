package io.twelveseconds.gateway;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpServerErrorException;

/**
 * Asks again when order-service is unavailable, twice. Nothing was charged if
 * inventory-service was the reason; but the same is answered when the database failed in
 * the middle, and each repetition is an order of its own, with everything that belongs to
 * one.
 */
@Component
class NaivePlacing implements Placing {

	private static final Logger log = LoggerFactory.getLogger(NaivePlacing.class);

	private static final int TRIES = 3;

	private static final Duration PAUSE = Duration.ofMillis(200);

	private final OrderApi orders;

	NaivePlacing(OrderApi orders) {
		this.orders = orders;
	}

	@Override
	public ResponseEntity<ObjectNode> place(@Nullable String idempotencyKey, OrderController.PlaceRequest request) {
		for (int tried = 1;; tried++) {
			try {
				return this.orders.place(key(idempotencyKey, tried), request);
			}
			catch (HttpServerErrorException.ServiceUnavailable ex) {
				if (tried == TRIES) {
					throw ex;
				}
				log.warn("An order is placed again: {}", ex.getMessage());
				pause(ex);
			}
		}
	}

	private static void pause(RuntimeException unanswered) {
		try {
			Thread.sleep(PAUSE.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw unanswered;
		}
	}

	/**
	 * The same key would get the same answer. A customer who repeats his request meets
	 * the same keys, in the same order, and so the order that was placed for him in the
	 * end. A key has at most 255 characters.
	 */
	private static @Nullable String key(@Nullable String customers, int tried) {
		return (customers == null || tried == 1) ? customers
				: customers.substring(0, Math.min(customers.length(), 253)) + "-" + tried;
	}

}
