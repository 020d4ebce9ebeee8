package io.twelveseconds.order;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import io.twelveseconds.order.inventory.Inventory;
import io.twelveseconds.order.inventory.Reservation;
import io.twelveseconds.order.loyalty.LoyaltyApi;
import io.twelveseconds.order.outbox.Outbox;
import io.twelveseconds.order.payment.Charge;
import io.twelveseconds.order.payment.Payment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.client.RestClientException;

/**
 * The checkout, an orchestrated saga: reserve the stock, charge the card, award the
 * points, confirm. Each step is written down before the next begins and may be repeated,
 * so that an order left anywhere, by a crash or by a neighbour that does not answer, is
 * taken up from there, by the same code.
 *
 * <p>
 * A refusal (sold out, declined) is an answer and leads to a compensation. Silence is not
 * an answer: before any money moved it ends the order, and what may have been reserved is
 * released; after a charge was asked for, {@link Recovery} settles the order later.
 */
@Service
class Checkout {

	private static final Logger log = LoggerFactory.getLogger(Checkout.class);

	private final Orders orders;

	private final Inventory inventory;

	private final Payment payment;

	private final LoyaltyApi loyalty;

	private final Outbox outbox;

	private final TransactionTemplate transaction;

	private final Clock clock;

	private final Duration settleWithin;

	Checkout(Orders orders, Inventory inventory, Payment payment, LoyaltyApi loyalty, Outbox outbox,
			TransactionTemplate transaction, Clock clock, OrderSettings settings) {
		this.orders = orders;
		this.inventory = inventory;
		this.payment = payment;
		this.loyalty = loyalty;
		this.outbox = outbox;
		this.transaction = transaction;
		this.clock = clock;
		this.settleWithin = settings.recovery().settleWithin();
	}

	/**
	 * Takes a newly placed order as far as it gets: to its end, or to where only time or
	 * recovery will help.
	 */
	Order run(Order placed) {
		Order order = placed;
		while (!order.status().isFinal()) {
			Order next = step(order);
			if (next == order || next.status() == OrderStatus.PAYMENT_UNKNOWN) {
				return next;
			}
			order = next;
		}
		return order;
	}

	/**
	 * Takes up an order that was left open.
	 */
	Order resume(Order left) {
		if (left.loyaltyDue()) {
			return award(left) ? this.orders.loyaltySettled(left) : left;
		}
		return run(left);
	}

	/**
	 * Tells again of an order's end, for those who missed it. Whoever was told before
	 * knows the order and does nothing.
	 */
	void tellAgain(Order ended, Instant at) {
		this.transaction.executeWithoutResult((status) -> this.outbox.add(ended.id(), OrderEvent.of(ended, at)));
		log.info("Order {}: told again that it is {}", ended.id(), ended.status());
	}

	/**
	 * Of two that take the same step one is told to look again. Where silence leads
	 * nowhere else, the order stays and recovery asks again.
	 */
	private Order step(Order order) {
		try {
			return switch (order.status()) {
				case PENDING -> reserve(order);
				case RESERVED -> charge(order);
				case PAYMENT_UNKNOWN -> settle(order);
				case PAID -> end(order, order.confirmed(!award(order)));
				case RELEASING -> release(order);
				case CANCELLING -> cancel(order);
				case CONFIRMED, REJECTED, CANCELLED -> order;
			};
		}
		catch (OptimisticLockingFailureException ex) {
			log.info("{}, going on from where it is", ex.getMessage());
			return this.orders.find(order.id()).orElseThrow();
		}
		catch (RestClientException ex) {
			log.warn("Order {} stays {} without an answer: {}", order.id(), order.status(), ex.getMessage());
			return order;
		}
	}

	private Order reserve(Order order) {
		try {
			Reservation.Reply reply = answered(
					this.inventory.reserve(new Reservation.Request(order.id(), order.lines())));
			return switch (reply.outcome()) {
				case RESERVED -> this.orders.move(order, order.reserved(reply.lines()));
				case SOLD_OUT -> end(order, order.refused(Reason.SOLD_OUT, reply.sku()));
				case UNKNOWN_SKU -> end(order, order.refused(Reason.UNKNOWN_SKU, reply.sku()));
				case RELEASED -> end(order, order.refused(Reason.INVENTORY_UNAVAILABLE, null));
			};
		}
		catch (RestClientException ex) {
			log.warn("Order {}: no answer from inventory-service: {}", order.id(), ex.getMessage());
			return this.orders.move(order, order.release(Reason.INVENTORY_UNAVAILABLE));
		}
	}

	private Order charge(Order order) {
		if (isTooOld(order)) {
			// Its process may have died while it was charged. Nobody is asked for that.
			return settle(this.orders.move(order, order.become(OrderStatus.PAYMENT_UNKNOWN)));
		}
		try {
			return this.orders.move(order,
					isCaptured(order) ? order.become(OrderStatus.PAID) : order.release(Reason.PAYMENT_DECLINED));
		}
		catch (RestClientException ex) {
			log.warn("Order {}: no answer to its charge: {}", order.id(), ex.getMessage());
			return this.orders.move(order, order.become(OrderStatus.PAYMENT_UNKNOWN));
		}
	}

	/**
	 * Asks again, which charges at most once; an order that has waited too long is given
	 * up instead.
	 */
	private Order settle(Order order) {
		if (isTooOld(order)) {
			return this.orders.move(order, order.cancel(Reason.PAYMENT_UNSETTLED));
		}
		return this.orders.move(order,
				isCaptured(order) ? order.become(OrderStatus.PAID) : order.cancel(Reason.PAYMENT_DECLINED));
	}

	private boolean isTooOld(Order order) {
		return order.placedAt().plus(this.settleWithin).isBefore(this.clock.instant());
	}

	private boolean isCaptured(Order order) {
		Charge.Request charge = new Charge.Request(order.id(), order.customer(), order.total());
		return answered(this.payment.charge(charge)).outcome() == Charge.Outcome.CAPTURED;
	}

	/** A 200 with nothing in it is silence as well. */
	private static <T> T answered(@Nullable T reply) {
		if (reply == null) {
			throw new RestClientException("the answer is empty");
		}
		return reply;
	}

	/**
	 * Points are not worth losing an order for: without an answer they are caught up
	 * later.
	 */
	private boolean award(Order order) {
		try {
			this.loyalty.award(new LoyaltyApi.AwardRequest(order.id(), order.customer(), order.lines()));
			return true;
		}
		catch (RestClientException ex) {
			log.warn("Order {}: points still due: {}", order.id(), ex.getMessage());
			return false;
		}
	}

	private Order release(Order order) {
		this.inventory.release(order.id());
		return end(order, order.become(OrderStatus.REJECTED));
	}

	private Order cancel(Order order) {
		this.payment.refund(new Charge.RefundRequest(order.id()));
		this.inventory.release(order.id());
		return end(order, order.become(OrderStatus.CANCELLED));
	}

	/**
	 * The last step and the event that tells of it, in one transaction: both or neither.
	 */
	private Order end(Order order, Order ended) {
		this.transaction.executeWithoutResult((status) -> {
			this.orders.move(order, ended);
			this.outbox.add(ended.id(), OrderEvent.of(ended, this.clock.instant()));
		});
		log.info("Order {} of {} is {}{}", ended.id(), ended.customer(), ended.status(),
				(ended.reason() != null) ? ": " + ended.reason() : "");
		return ended;
	}

}
