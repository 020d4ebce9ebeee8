package io.twelveseconds.notification;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The mails that were sent, and the people they went to.
 */
@Repository
class Notifications {

	private final JdbcClient jdbc;

	Notifications(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Notes that the customer is being told and looks up the address, in one statement. A
	 * second event of the same id, or a second one of this kind for the order, adds
	 * nothing.
	 * @return whom to tell; empty if we know nobody of that id
	 */
	Optional<Recipient> add(OrderEvent.News news, Instant now) {
		return this.jdbc.sql("""
				WITH recipient AS (
				    SELECT customer, name, email FROM recipients WHERE customer = :customer
				), added AS (
				    INSERT INTO notifications (order_id, kind, event_id, customer, sent_at)
				    SELECT :orderId, :kind, :eventId, customer, :now FROM recipient
				    ON CONFLICT DO NOTHING
				    RETURNING order_id
				)
				SELECT name, email, NOT EXISTS (SELECT FROM added) AS already_told FROM recipient
				""")
			.param("customer", news.customer())
			.param("orderId", news.orderId())
			.param("kind", news.kind().name())
			.param("eventId", news.id())
			.param("now", now.atOffset(ZoneOffset.UTC))
			.query(Recipient.class)
			.optional();
	}

	List<Notification> of(UUID orderId) {
		return this.jdbc
			.sql("SELECT order_id, kind, sent_at FROM notifications WHERE order_id = :orderId ORDER BY sent_at")
			.param("orderId", orderId)
			.query(Notification.class)
			.list();
	}

	record Notification(UUID orderId, OrderEvent.Kind kind, Instant sentAt) {
	}

	record Recipient(String name, String email, boolean alreadyTold) {

		/** A record would print itself, and so the address, wherever it is logged. */
		@Override
		public String toString() {
			return "Recipient[alreadyTold=" + this.alreadyTold + "]";
		}

	}

}
