package io.twelveseconds.loyalty;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The accounts, the awards that filled them, and the multipliers of premium customers.
 */
@Repository
class Accounts {

	private final JdbcClient jdbc;

	Accounts(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	Optional<Account> of(String customer) {
		return this.jdbc.sql("SELECT customer, tier, points FROM accounts WHERE customer = :customer")
			.param("customer", customer)
			.query(Account.class)
			.optional();
	}

	/**
	 * The multipliers that count for this customer, by category: none for a standard
	 * customer; empty if there is no such customer.
	 */
	Optional<Map<String, BigDecimal>> multipliers(String customer) {
		return this.jdbc.sql("""
				SELECT m.category, m.multiplier
				FROM accounts a
				LEFT JOIN multipliers m ON a.tier = 'PREMIUM'
				WHERE a.customer = :customer
				""").param("customer", customer).query(Accounts::multipliersByCategory);
	}

	private static Optional<Map<String, BigDecimal>> multipliersByCategory(ResultSet rows) throws SQLException {
		if (!rows.next()) {
			return Optional.empty();
		}
		Map<String, BigDecimal> multipliers = new HashMap<>();
		do {
			// The join leaves one empty row to a customer to whom none counts.
			if (rows.getString("category") != null) {
				multipliers.put(rows.getString("category"), rows.getBigDecimal("multiplier"));
			}
		}
		while (rows.next());
		return Optional.of(multipliers);
	}

	/**
	 * Writes the award down and adds its points in one statement. A second award of the
	 * order, even at the same moment, waits for the first and then adds nothing.
	 * @return whether this was the first award of the order
	 */
	boolean add(UUID orderId, String customer, long points, Instant now) {
		return this.jdbc.sql("""
				WITH award AS (
				    INSERT INTO awards (order_id, customer, points, awarded_at)
				    VALUES (:orderId, :customer, :points, :now)
				    ON CONFLICT (order_id) DO NOTHING
				    RETURNING customer, points
				)
				UPDATE accounts SET points = accounts.points + award.points
				FROM award WHERE accounts.customer = award.customer
				""")
			.param("orderId", orderId)
			.param("customer", customer)
			.param("points", points)
			.param("now", now.atOffset(ZoneOffset.UTC))
			.update() == 1;
	}

	long awarded(UUID orderId) {
		return this.jdbc.sql("SELECT points FROM awards WHERE order_id = :orderId")
			.param("orderId", orderId)
			.query(Long.class)
			.single();
	}

}
