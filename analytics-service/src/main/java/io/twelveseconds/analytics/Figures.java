package io.twelveseconds.analytics;

import java.sql.ResultSet;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The facts, each kept once, and what they add up to. An order ends once and a checkout
 * is answered once, so for both the first fact stays and a repeated one changes nothing.
 */
@Repository
class Figures {

	private final JdbcClient jdbc;

	Figures(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * @return whether the order had not been counted before
	 */
	boolean add(OrderFact fact) {
		return this.jdbc.sql("""
				INSERT INTO orders (order_id, event_id, outcome, items, revenue_eur, ended_at)
				VALUES (:orderId, :eventId, :outcome, :items, :euros, :time)
				ON CONFLICT DO NOTHING
				""")
			.param("orderId", fact.orderId())
			.param("eventId", fact.eventId())
			.param("outcome", fact.outcome())
			.param("items", fact.items())
			.param("euros", fact.euros())
			.param("time", fact.time().atOffset(ZoneOffset.UTC))
			.update() == 1;
	}

	/**
	 * @return whether the checkout had not been tracked before
	 */
	boolean track(UUID orderId, String outcome, long durationMs, Instant now) {
		return this.jdbc.sql("""
				INSERT INTO checkouts (order_id, outcome, duration_ms, tracked_at)
				VALUES (:orderId, :outcome, :durationMs, :now)
				ON CONFLICT DO NOTHING
				""")
			.param("orderId", orderId)
			.param("outcome", outcome)
			.param("durationMs", durationMs)
			.param("now", now.atOffset(ZoneOffset.UTC))
			.update() == 1;
	}

	Summary summary() {
		// Before the other query, which holds its connection until its row is read.
		Map<String, Long> checkouts = checkouts();
		return this.jdbc.sql("""
				SELECT count(*) AS orders, coalesce(sum(items), 0) AS items, coalesce(sum(revenue_eur), 0) AS euros
				FROM orders WHERE outcome = 'CONFIRMED'
				""")
			.query((row, n) -> new Summary(row.getLong("orders"), row.getLong("items"),
					Money.euros(row.getBigDecimal("euros")), checkouts))
			.single();
	}

	private Map<String, Long> checkouts() {
		return this.jdbc.sql("SELECT outcome, count(*) AS checkouts FROM checkouts GROUP BY outcome ORDER BY outcome")
			.query((ResultSet rows) -> {
				Map<String, Long> checkouts = new LinkedHashMap<>();
				while (rows.next()) {
					checkouts.put(rows.getString("outcome"), rows.getLong("checkouts"));
				}
				return checkouts;
			});
	}

	/**
	 * @param orders confirmed orders
	 * @param checkouts tracked checkouts by what the customer was told; a call that got
	 * lost is missing here, not in {@code orders}
	 */
	record Summary(long orders, long items, Money revenue, Map<String, Long> checkouts) {
	}

}
