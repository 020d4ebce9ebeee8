package io.twelveseconds.inventory;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.twelveseconds.inventory.Reservation.Line;
import io.twelveseconds.inventory.Reservation.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Repeats a transaction that failed, twice. That alone would do little harm; but whoever
 * called us repeats as well, and while we pause we keep a thread of each of them.
 */
@Component
class NaiveReservations implements Reservations {

	private static final Logger log = LoggerFactory.getLogger(NaiveReservations.class);

	private static final int TRIES = 3;

	private static final Duration PAUSE = Duration.ofMillis(200);

	private final StockReservations reservations;

	NaiveReservations(StockReservations reservations) {
		this.reservations = reservations;
	}

	@Override
	public Reply reserve(UUID orderId, List<Line> lines) {
		for (int left = TRIES - 1;; left--) {
			try {
				return this.reservations.reserve(orderId, lines);
			}
			catch (DataAccessException | TransactionException ex) {
				if (left == 0) {
					throw ex;
				}
				log.warn("Order {} is reserved again: {}", orderId, ex.getMessage());
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
		this.reservations.release(orderId);
	}

}
