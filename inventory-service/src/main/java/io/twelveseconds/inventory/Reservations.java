package io.twelveseconds.inventory;

import java.util.List;
import java.util.UUID;

import io.twelveseconds.inventory.Reservation.Line;
import io.twelveseconds.inventory.Reservation.Reply;

/**
 * Reserves and releases the stock of an order, each once, however often it is asked.
 */
interface Reservations {

	/**
	 * Takes all lines off their shelves, or none.
	 * @throws org.springframework.dao.DataAccessException if the database did not do it;
	 * nothing is reserved then
	 */
	Reply reserve(UUID orderId, List<Line> lines);

	/**
	 * Puts the order's lines back, if they were taken. If they were not, a reservation
	 * still on its way will find that it comes too late.
	 */
	void release(UUID orderId);

}
