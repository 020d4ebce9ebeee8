package io.twelveseconds.order.outbox;

import java.util.List;
import java.util.UUID;

import io.twelveseconds.order.tracing.TraceContext;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The table of events that Kafka has not acknowledged yet.
 */
@Repository
@Transactional(propagation = Propagation.MANDATORY)
public class Outbox {

	private final JdbcClient jdbc;

	private final JsonMapper json;

	Outbox(JdbcClient jdbc, JsonMapper json) {
		this.jdbc = jdbc;
		this.json = json;
	}

	/**
	 * Adds an event in the transaction of the change that it tells of, with the current
	 * trace: the relay works on another thread, and without it the trace would end here.
	 */
	public void add(UUID orderId, Object event) {
		this.jdbc.sql("INSERT INTO outbox (order_id, payload, trace_context) VALUES (:order, :payload, :trace::jsonb)")
			.param("order", orderId)
			.param("payload", this.json.writeValueAsString(event))
			.param("trace", this.json.writeValueAsString(TraceContext.current()))
			.update();
	}

	/**
	 * Locks the oldest unsent event of each order: never two of one order, so that the
	 * second cannot overtake the first. Another relay passes over what is locked.
	 */
	List<Message> next(int limit) {
		return this.jdbc.sql("""
				SELECT position, order_id, payload, trace_context FROM outbox o
				WHERE NOT EXISTS (SELECT 1 FROM outbox e WHERE e.order_id = o.order_id AND e.position < o.position)
				ORDER BY position LIMIT :limit FOR UPDATE SKIP LOCKED
				""")
			.param("limit", limit)
			.query((row, number) -> new Message(row.getLong("position"), row.getObject("order_id", UUID.class),
					row.getString("payload"), this.json.readValue(row.getString("trace_context"), TraceContext.class)))
			.list();
	}

	void remove(List<Long> positions) {
		this.jdbc.sql("DELETE FROM outbox WHERE position IN (:positions)").param("positions", positions).update();
	}

	record Message(long position, UUID orderId, String payload, TraceContext trace) {
	}

}
