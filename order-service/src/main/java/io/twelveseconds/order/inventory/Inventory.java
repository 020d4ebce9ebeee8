package io.twelveseconds.order.inventory;

import java.util.UUID;

/**
 * How inventory-service is asked. Both calls may be repeated.
 */
public interface Inventory {

	/**
	 * @throws org.springframework.web.client.RestClientException without an answer
	 */
	Reservation.Reply reserve(Reservation.Request request);

	/**
	 * Gives the stock back, or makes sure that a reservation still on its way will take
	 * none.
	 * @throws org.springframework.web.client.RestClientException without an answer
	 */
	void release(UUID orderId);

}
