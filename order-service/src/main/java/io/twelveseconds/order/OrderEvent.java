package io.twelveseconds.order;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * What the rest of the shop is told about an order, once it has come to an end. The
 * samples in {@code contracts/events} are the agreement with those who read it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
sealed interface OrderEvent {

	UUID orderId();

	/**
	 * The event of an order's end.
	 */
	static OrderEvent of(Order order, Instant now) {
		UUID id = UUID.randomUUID();
		return switch (order.status()) {
			case CONFIRMED -> new OrderConfirmed(id, now, order.id(), order.customer(), order.lines(), order.total());
			case REJECTED -> new OrderRejected(id, now, order.id(), order.customer(), order.reason());
			case CANCELLED -> new OrderCancelled(id, now, order.id(), order.customer(), order.reason());
			default -> throw new IllegalArgumentException("An order that is " + order.status() + " has no event");
		};
	}

	record OrderConfirmed(UUID id, Instant time, UUID orderId, String customer, List<Line> lines,
			Money total) implements OrderEvent {
	}

	record OrderRejected(UUID id, Instant time, UUID orderId, String customer, Reason reason) implements OrderEvent {
	}

	record OrderCancelled(UUID id, Instant time, UUID orderId, String customer, Reason reason) implements OrderEvent {
	}

}
