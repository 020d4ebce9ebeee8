package io.twelveseconds.notification;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What order-service tells about an order, with the fields that a mail needs.
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
	 * An event that the customer gets a mail about.
	 */
	sealed interface News extends OrderEvent {

		UUID id();

		UUID orderId();

		String customer();

		Kind kind();

		String subject();

		String text(String name);

	}

	/**
	 * The kinds of mail; part of the reply of {@code GET /notifications}.
	 */
	enum Kind {

		ORDER_CONFIRMED, ORDER_CANCELLED

	}

	record OrderConfirmed(UUID id, UUID orderId, String customer, List<Line> lines, Money total) implements News {

		public OrderConfirmed {
			requireIds(id, orderId, customer);
			lines = List.copyOf(lines);
			Objects.requireNonNull(total, "total");
		}

		@Override
		public Kind kind() {
			return Kind.ORDER_CONFIRMED;
		}

		@Override
		public String subject() {
			return "Your order " + this.orderId + " is confirmed";
		}

		@Override
		public String text(String name) {
			return """
					Hello %s,

					thank you for your order %s. It is confirmed and paid:

					%s

					Total: %s

					We are packing it now.

					Twelve Seconds
					""".formatted(name, this.orderId,
					this.lines.stream().map(Line::toString).collect(Collectors.joining("\n")), this.total);
		}

		record Line(String sku, int quantity, Money unitPrice) {

			public Line {
				Objects.requireNonNull(sku, "sku");
				Objects.requireNonNull(unitPrice, "unitPrice");
			}

			@Override
			public String toString() {
				return "  %d × %s at %s: %s".formatted(this.quantity, this.sku, this.unitPrice,
						this.unitPrice.times(this.quantity));
			}

		}

	}

	record OrderCancelled(UUID id, UUID orderId, String customer, @Nullable String reason) implements News {

		public OrderCancelled {
			requireIds(id, orderId, customer);
		}

		@Override
		public Kind kind() {
			return Kind.ORDER_CANCELLED;
		}

		@Override
		public String subject() {
			return "Your order " + this.orderId + " is cancelled";
		}

		@Override
		public String text(String name) {
			return """
					Hello %s,

					we are sorry: we had to cancel your order %s%s.
					Whatever was charged for it is refunded in full; you need not do anything.

					Twelve Seconds
					""".formatted(name, this.orderId, why());
		}

		private String why() {
			return switch (Objects.requireNonNullElse(this.reason, "")) {
				case "PAYMENT_UNSETTLED" -> ", because its payment could not be settled in time";
				case "PAYMENT_DECLINED" -> ", because its payment was declined";
				default -> "";
			};
		}

	}

	/**
	 * The customer was told while waiting for the answer, or broke off and can look:
	 * nothing was charged, and nothing will come.
	 */
	record OrderRejected() implements OrderEvent {
	}

	/**
	 * Comes from an order-service newer than we are.
	 */
	record Unknown(String type) implements OrderEvent {

		public Unknown {
			Objects.requireNonNull(type, "type");
		}

	}

	private static void requireIds(UUID id, UUID orderId, String customer) {
		Objects.requireNonNull(id, "id");
		Objects.requireNonNull(orderId, "orderId");
		Objects.requireNonNull(customer, "customer");
	}

}
