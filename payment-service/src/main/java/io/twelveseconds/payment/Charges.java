package io.twelveseconds.payment;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.Optional;
import java.util.UUID;

import io.twelveseconds.payment.CardProvider.Card;
import io.twelveseconds.payment.Charge.Status;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The charges, one row per order. Each method is one statement, and atomic by that.
 */
@Repository
class Charges {

	private final JdbcClient jdbc;

	private final Clock clock;

	Charges(JdbcClient jdbc, Clock clock) {
		this.jdbc = jdbc;
		this.clock = clock;
	}

	/**
	 * Writes the charge down before anybody is asked for money.
	 * @return the customer's card; empty if the order has a charge already, or the
	 * customer no card
	 */
	Optional<Card> open(Charge charge) {
		return this.jdbc.sql("""
				WITH opened AS (
				    INSERT INTO charges (order_id, status, customer, amount, currency, at)
				    SELECT :order, 'PENDING', customer, :amount, :currency, :now FROM cards WHERE customer = :customer
				    ON CONFLICT (order_id) DO NOTHING RETURNING customer
				)
				SELECT token, charge_limit FROM cards JOIN opened USING (customer)
				""")
			.param("order", charge.orderId())
			.param("customer", charge.customer())
			.param("amount", charge.amount().amount())
			.param("currency", charge.amount().currency().getCurrencyCode())
			.param("now", now())
			.query(Charges::card)
			.optional();
	}

	Optional<Card> card(String customer) {
		return this.jdbc.sql("SELECT token, charge_limit FROM cards WHERE customer = :customer")
			.param("customer", customer)
			.query(Charges::card)
			.optional();
	}

	Optional<Charge> find(UUID orderId) {
		return this.jdbc.sql("SELECT * FROM charges WHERE order_id = :order")
			.param("order", orderId)
			.query(Charges::charge)
			.optional();
	}

	/**
	 * @return whether the charge was in that status, and so has moved
	 */
	boolean move(Status from, Charge moved) {
		return this.jdbc.sql("""
				UPDATE charges SET status = :to, reason = :reason, at = :now WHERE order_id = :order AND status = :from
				""")
			.param("order", moved.orderId())
			.param("from", from.name())
			.param("to", moved.status().name())
			.param("reason", moved.reason())
			.param("now", now())
			.update() == 1;
	}

	/**
	 * Leaves a tombstone if there is no charge: one that arrives later finds it and takes
	 * nothing.
	 */
	void voidIfAbsent(UUID orderId) {
		this.jdbc.sql("""
				INSERT INTO charges (order_id, status, at) VALUES (:order, 'VOIDED', :now)
				ON CONFLICT (order_id) DO NOTHING
				""").param("order", orderId).param("now", now()).update();
	}

	private static Card card(ResultSet row, int number) throws SQLException {
		return new Card(row.getString("token"), row.getBigDecimal("charge_limit"));
	}

	private static Charge charge(ResultSet row, int number) throws SQLException {
		String currency = row.getString("currency");
		return new Charge(row.getObject("order_id", UUID.class), Status.valueOf(row.getString("status")),
				row.getString("customer"),
				(currency != null) ? new Money(row.getBigDecimal("amount"), Currency.getInstance(currency)) : null,
				row.getString("reason"));
	}

	private OffsetDateTime now() {
		return this.clock.instant().atOffset(ZoneOffset.UTC);
	}

}
