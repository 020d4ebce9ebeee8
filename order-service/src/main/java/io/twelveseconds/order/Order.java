package io.twelveseconds.order;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.twelveseconds.order.tracing.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * An order as it is now. Each step makes a new one; a step that {@link OrderStatus} does
 * not allow is refused.
 */
record Order(UUID id, String customer, OrderStatus status, @Nullable Reason reason, @Nullable String refusedSku,
		List<Line> lines, @Nullable Money total, boolean loyaltyDue, TraceContext trace, Instant placedAt) {

	static Order place(String customer, List<Line> lines, TraceContext trace, Instant now) {
		return new Order(UUID.randomUUID(), customer, OrderStatus.PENDING, null, null, List.copyOf(lines), null, false,
				trace, now);
	}

	Order reserved(List<Line> priced) {
		Money total = priced.stream()
			.map((line) -> line.unitPrice().times(line.quantity()))
			.reduce(Money::plus)
			.orElseThrow();
		return become(OrderStatus.RESERVED, this.reason, this.refusedSku, priced, total, false);
	}

	Order refused(Reason reason, @Nullable String sku) {
		return become(OrderStatus.REJECTED, reason, sku, this.lines, this.total, false);
	}

	Order release(Reason reason) {
		return become(OrderStatus.RELEASING, reason, null, this.lines, this.total, false);
	}

	Order cancel(Reason reason) {
		return become(OrderStatus.CANCELLING, reason, null, this.lines, this.total, false);
	}

	Order confirmed(boolean loyaltyDue) {
		return become(OrderStatus.CONFIRMED, null, null, this.lines, this.total, loyaltyDue);
	}

	Order awarded() {
		return new Order(this.id, this.customer, this.status, this.reason, this.refusedSku, this.lines, this.total,
				false, this.trace, this.placedAt);
	}

	/** Nothing is left to do. */
	boolean isSettled() {
		return this.status.isFinal() && !this.loyaltyDue;
	}

	Order become(OrderStatus next) {
		return become(next, this.reason, this.refusedSku, this.lines, this.total, this.loyaltyDue);
	}

	private Order become(OrderStatus next, @Nullable Reason reason, @Nullable String refusedSku, List<Line> lines,
			@Nullable Money total, boolean loyaltyDue) {
		if (!this.status.mayBecome(next)) {
			throw new IllegalStateException("Order " + this.id + " is " + this.status + " and cannot become " + next);
		}
		return new Order(this.id, this.customer, next, reason, refusedSku, List.copyOf(lines), total, loyaltyDue,
				this.trace, this.placedAt);
	}

}
