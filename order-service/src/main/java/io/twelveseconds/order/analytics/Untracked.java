package io.twelveseconds.order.analytics;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import io.twelveseconds.order.OrderSettings;
import io.twelveseconds.order.analytics.AnalyticsApi.CheckoutTracked;
import io.twelveseconds.order.tracing.TraceContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The checkouts that analytics-service does not know of yet. The database adds one with
 * each order.
 */
@Repository
class Untracked {

	private final JdbcClient jdbc;

	private final JsonMapper json;

	private final Clock clock;

	private final OrderSettings.Tracking settings;

	private final Set<UUID> told = ConcurrentHashMap.newKeySet();

	Untracked(JdbcClient jdbc, JsonMapper json, Clock clock, OrderSettings settings) {
		this.jdbc = jdbc;
		this.json = json;
		this.clock = clock;
		this.settings = settings.tracking();
	}

	/**
	 * Remembered, and removed with others in one statement that is part of no checkout's
	 * trace. If the process dies before that, analytics-service is told twice and does
	 * not mind.
	 */
	void told(UUID orderId) {
		this.told.add(orderId);
	}

	void removeTold() {
		List<UUID> told = List.copyOf(this.told);
		if (!told.isEmpty()) {
			this.jdbc.sql("DELETE FROM untracked WHERE order_id IN (:told)").param("told", told).update();
			told.forEach(this.told::remove);
		}
	}

	/**
	 * After a first call that failed, or that was not made since too many were waiting.
	 */
	void keep(CheckoutTracked checkout) {
		this.jdbc.sql("""
				UPDATE untracked SET outcome = :outcome, duration_ms = :duration, attempts = 1, due_at = :due
				WHERE order_id = :order
				""")
			.param("order", checkout.orderId())
			.param("outcome", checkout.outcome())
			.param("duration", checkout.durationMs())
			.param("due", utc(this.clock.instant().plus(this.settings.backoff())))
			.update();
	}

	/**
	 * Takes the one that is due longest and puts it off to its next attempt, so that a
	 * crash of the one who took it only delays it. Where nobody has kept what the
	 * customer was told, the order must have ended first.
	 */
	Optional<Due> next() {
		return this.jdbc.sql("""
				WITH due AS (SELECT order_id FROM untracked u JOIN orders o ON o.id = u.order_id
				    WHERE u.due_at <= :now AND (u.outcome IS NOT NULL OR o.due_at IS NULL)
				    ORDER BY u.due_at LIMIT 1 FOR UPDATE OF u SKIP LOCKED)
				UPDATE untracked u SET attempts = u.attempts + 1,
				    due_at = :now + least(:backoff * power(2, least(u.attempts, 20)), :max) * (0.5 + random() / 2)
				        * interval '1 millisecond'
				FROM due JOIN orders o ON o.id = due.order_id WHERE u.order_id = due.order_id
				RETURNING o.id, o.trace_context, o.placed_at, coalesce(u.outcome, o.status) AS outcome,
				    coalesce(u.duration_ms, 1000 * extract(epoch FROM o.changed_at - o.placed_at)) AS duration_ms
				""")
			.param("now", utc(this.clock.instant()))
			.param("backoff", this.settings.backoff().toMillis())
			.param("max", this.settings.maxBackoff().toMillis())
			.query((row, number) -> new Due(
					new CheckoutTracked(row.getObject("id", UUID.class), row.getString("outcome"),
							row.getLong("duration_ms")),
					this.json.readValue(row.getString("trace_context"), TraceContext.class),
					row.getObject("placed_at", OffsetDateTime.class).toInstant()))
			.optional();
	}

	/** Those that failed, and those that nobody has told of in time. */
	Waiting waiting() {
		return this.jdbc.sql("""
				SELECT count(*) AS checkouts, min(placed_at) AS since FROM untracked u JOIN orders ON id = order_id
				WHERE u.attempts > 0 OR u.due_at <= :now
				""").param("now", utc(this.clock.instant())).query(Waiting.class).single();
	}

	private static OffsetDateTime utc(Instant instant) {
		return instant.atOffset(ZoneOffset.UTC);
	}

	record Due(CheckoutTracked checkout, TraceContext trace, Instant placedAt) {
	}

	/**
	 * @param since when the oldest was placed
	 */
	record Waiting(long checkouts, @Nullable Instant since) {
	}

}
