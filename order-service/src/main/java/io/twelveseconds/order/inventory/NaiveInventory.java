package io.twelveseconds.order.inventory;

import java.time.Duration;
import java.util.UUID;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientException;

/**
 * Asks again for a reservation that was not answered, twice and whatever the reason.
 */
@Component
class NaiveInventory implements Inventory {

	private static final Logger log = LoggerFactory.getLogger(NaiveInventory.class);

	private static final int TRIES = 3;

	private static final Duration PAUSE = Duration.ofMillis(200);

	private final InventoryApi inventory;

	NaiveInventory(InventoryApi inventory) {
		this.inventory = inventory;
	}

	@Override
	public Reservation.Reply reserve(Reservation.Request request) {
		for (int left = TRIES - 1;; left--) {
			try {
				return this.inventory.reserve(request);
			}
			catch (RestClientException ex) {
				if (left == 0) {
					throw ex;
				}
				log.warn("Order {}: inventory-service is asked again: {}", request.orderId(), ex.getMessage());
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

	@Override
	public void release(UUID orderId) {
		this.inventory.release(orderId);
	}

}
