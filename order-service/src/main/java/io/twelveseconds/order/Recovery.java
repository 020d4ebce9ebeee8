package io.twelveseconds.order;

import io.twelveseconds.order.tracing.OrderSpan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Takes up the orders that nobody is working on: those of a process that died, those
 * whose charge was never answered, those that still have stock to give back or points to
 * award. Each goes on in its own trace. Those in the same state wait for the same
 * neighbour, so the first of them that gets no answer speaks for all: a neighbour that is
 * silent costs a round few timeouts, one for each of its calls and not for each order.
 */
@Component
class Recovery {

	private static final Logger log = LoggerFactory.getLogger(Recovery.class);

	private final Orders orders;

	private final Checkout checkout;

	private final OrderSettings.Recovery settings;

	Recovery(Orders orders, Checkout checkout, OrderSettings settings) {
		this.orders = orders;
		this.checkout = checkout;
		this.settings = settings.recovery();
	}

	@Scheduled(fixedDelayString = "${order.recovery.every}")
	void recover() {
		for (OrderStatus status : this.orders.statusesDue()) {
			boolean answered = true;
			for (int n = 0; answered && n < this.settings.batch(); n++) {
				answered = this.orders.claimDue(status, this.settings).map(this::takeUp).orElse(false);
			}
		}
	}

	/**
	 * @return whether the next one may have better luck than to wait for the same answer
	 */
	private boolean takeUp(Order order) {
		try {
			return order.trace().runInSpan("order recover", () -> {
				OrderSpan.tell(order.id(), order.status().name());
				Order resumed = this.checkout.resume(order);
				OrderSpan.tell(resumed.id(), resumed.status().name());
				return resumed.isSettled();
			});
		}
		catch (RuntimeException ex) {
			// Whatever is wrong with this order must not keep the others waiting; it is
			// due again after its backoff.
			log.error("Order {} could not be taken up again", order.id(), ex);
			return true;
		}
	}

}
