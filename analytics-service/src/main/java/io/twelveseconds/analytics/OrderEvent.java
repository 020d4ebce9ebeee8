package io.twelveseconds.analytics;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What order-service tells about an order, with the fields that figures need.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type", visible = true,
		defaultImpl = OrderEvent.Unknown.class)
sealed interface OrderEvent {

	/**
	 * @throws JacksonException if it is no event
	 */
	static OrderEvent read(JsonMapper json, String text) {
		OrderEvent event = json.readValue(text, OrderEvent.class);
		if (event == null) {
			throw MismatchedInputException.from(null, OrderEvent.class, "null is no event");
		}
		return event;
	}

	/**
	 * An event that says how an order ended.
	 */
	sealed interface Ending extends OrderEvent {

		OrderFact fact();

	}

	record OrderConfirmed(UUID id, Instant time, UUID orderId, List<Line> lines, Money total) implements Ending {

		public OrderConfirmed {
			requireAll(id, time, orderId);
			lines = List.copyOf(lines);
			Objects.requireNonNull(total, "total");
		}

		@Override
		public OrderFact fact() {
			int items = this.lines.stream().mapToInt(Line::quantity).sum();
			return new OrderFact(this.orderId, this.id, "CONFIRMED", items, this.total.amount(), this.time);
		}

		record Line(int quantity) {
		}

	}

	record OrderRejected(UUID id, Instant time, UUID orderId) implements Ending {

		public OrderRejected {
			requireAll(id, time, orderId);
		}

		@Override
		public OrderFact fact() {
			return new OrderFact(this.orderId, this.id, "REJECTED", 0, BigDecimal.ZERO, this.time);
		}

	}

	record OrderCancelled(UUID id, Instant time, UUID orderId) implements Ending {

		public OrderCancelled {
			requireAll(id, time, orderId);
		}

		@Override
		public OrderFact fact() {
			return new OrderFact(this.orderId, this.id, "CANCELLED", 0, BigDecimal.ZERO, this.time);
		}

	}

	/**
	 * Comes from an order-service newer than we are.
	 */
	record Unknown(String type) implements OrderEvent {

		public Unknown {
			Objects.requireNonNull(type, "type");
		}

	}

	private static void requireAll(UUID id, Instant time, UUID orderId) {
		Objects.requireNonNull(id, "id");
		Objects.requireNonNull(time, "time");
		Objects.requireNonNull(orderId, "orderId");
	}

}
