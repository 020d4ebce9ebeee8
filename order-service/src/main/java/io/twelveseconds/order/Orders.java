package io.twelveseconds.order;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.twelveseconds.order.tracing.TraceContext;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The orders and the steps they have taken. A step is one statement, and so one span in
 * the trace; the database writes the history along with it. It moves the order only from
 * where it was read, so of two that try, one succeeds.
 */
@Repository
class Orders {

	private final JdbcClient jdbc;

	private final JsonMapper json;

	private final Clock clock;

	private final Duration patience;

	Orders(JdbcClient jdbc, JsonMapper json, Clock clock, OrderSettings settings) {
		this.jdbc = jdbc;
		this.json = json;
		this.clock = clock;
		this.patience = settings.recovery().patience();
	}

	/**
	 * @throws org.springframework.dao.DataIntegrityViolationException if nobody knows the
	 * customer
	 */
	void add(Order order) {
		this.jdbc.sql("""
				INSERT INTO orders (id, customer, status, lines, trace_context, placed_at, changed_at, due_at)
				VALUES (:id, :customer, :status, :lines::jsonb, :trace::jsonb, :now, :now, :due)
				""")
			.param("id", order.id())
			.param("customer", order.customer())
			.param("status", order.status().name())
			.param("lines", this.json.writeValueAsString(order.lines()))
			.param("trace", this.json.writeValueAsString(order.trace()))
			.param("now", utc(order.placedAt()))
			.param("due", utc(order.placedAt().plus(this.patience)))
			.update();
	}

	/**
	 * @throws OptimisticLockingFailureException if the order is no longer where it was
	 * read: the recovery job or another instance has moved it meanwhile
	 */
	Order move(Order from, Order to) {
		Instant now = this.clock.instant();
		int moved = this.jdbc.sql("""
				UPDATE orders SET status = :to, reason = :reason, refused_sku = :sku, lines = :lines::jsonb,
				    total = :total, currency = :currency, loyalty_due = :loyaltyDue, changed_at = :now,
				    due_at = :due, attempts = 0
				WHERE id = :id AND status = :from
				""")
			.param("id", from.id())
			.param("from", from.status().name())
			.param("to", to.status().name())
			.param("reason", (to.reason() != null) ? to.reason().name() : null)
			.param("sku", to.refusedSku())
			.param("lines", this.json.writeValueAsString(to.lines()))
			.param("total", (to.total() != null) ? to.total().amount() : null)
			.param("currency", (to.total() != null) ? to.total().currency().getCurrencyCode() : null)
			.param("loyaltyDue", to.loyaltyDue())
			.param("due", due(to, now))
			.param("now", utc(now))
			.update();
		if (moved == 0) {
			throw new OptimisticLockingFailureException("Order " + from.id() + " is no longer " + from.status());
		}
		return to;
	}

	/**
	 * A running checkout is left alone for a while; one that waits for recovery is due at
	 * once.
	 */
	private OffsetDateTime due(Order order, Instant now) {
		if (order.isSettled()) {
			return null;
		}
		boolean waits = order.status() == OrderStatus.PAYMENT_UNKNOWN || order.status().isFinal();
		return utc(waits ? now : now.plus(this.patience));
	}

	Order loyaltySettled(Order order) {
		this.jdbc.sql("UPDATE orders SET loyalty_due = false, due_at = NULL WHERE id = :id")
			.param("id", order.id())
			.update();
		return order.awarded();
	}

	/** The states in which orders are due. */
	List<OrderStatus> statusesDue() {
		return this.jdbc.sql("SELECT DISTINCT status FROM orders WHERE due_at <= :now")
			.param("now", utc(this.clock.instant()))
			.query(OrderStatus.class)
			.list();
	}

	/**
	 * Takes the order in this state that is due longest and puts it off to its next
	 * attempt, so that a crash of the one who took it only delays it. Another instance
	 * takes the next one; if this one is at work for longer than it was put off, the
	 * other may take the same, and of each step one of them succeeds.
	 */
	Optional<Order> claimDue(OrderStatus status, OrderSettings.Recovery recovery) {
		return this.jdbc.sql("""
				UPDATE orders SET attempts = attempts + 1,
				    due_at = :now + least(:backoff * power(2, least(attempts, 20)), :max) * (0.5 + random() / 2)
				        * interval '1 millisecond'
				WHERE id = (SELECT id FROM orders WHERE status = :status AND due_at <= :now
				    ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
				RETURNING *
				""")
			.param("status", status.name())
			.param("now", utc(this.clock.instant()))
			.param("backoff", recovery.backoff().toMillis())
			.param("max", recovery.maxBackoff().toMillis())
			.query(this::order)
			.optional();
	}

	Optional<Order> find(UUID id) {
		return this.jdbc.sql("SELECT * FROM orders WHERE id = :id").param("id", id).query(this::order).optional();
	}

	List<Step> history(UUID id) {
		return this.jdbc.sql("SELECT status, at FROM order_steps WHERE order_id = :id ORDER BY position")
			.param("id", id)
			.query(Step.class)
			.list();
	}

	List<Order> ofCustomer(String customer, int page, int size) {
		return this.jdbc.sql("""
				SELECT * FROM orders WHERE customer = :customer ORDER BY placed_at DESC, id
				LIMIT :size OFFSET :offset
				""")
			.param("customer", customer)
			.param("size", size)
			.param("offset", (long) page * size)
			.query(this::order)
			.list();
	}

	long countOfCustomer(String customer) {
		return this.jdbc.sql("SELECT count(*) FROM orders WHERE customer = :customer")
			.param("customer", customer)
			.query(Long.class)
			.single();
	}

	private Order order(ResultSet row, int number) throws SQLException {
		String reason = row.getString("reason");
		String currency = row.getString("currency");
		return new Order(row.getObject("id", UUID.class), row.getString("customer"),
				OrderStatus.valueOf(row.getString("status")), (reason != null) ? Reason.valueOf(reason) : null,
				row.getString("refused_sku"),
				this.json.readValue(row.getString("lines"), new TypeReference<List<Line>>() {
				}), (currency != null) ? new Money(row.getBigDecimal("total"), Currency.getInstance(currency)) : null,
				row.getBoolean("loyalty_due"), this.json.readValue(row.getString("trace_context"), TraceContext.class),
				row.getObject("placed_at", OffsetDateTime.class).toInstant());
	}

	private static OffsetDateTime utc(Instant instant) {
		return instant.atOffset(ZoneOffset.UTC);
	}

	record Step(OrderStatus status, Instant at) {
	}

}
