package io.twelveseconds.order;

import io.twelveseconds.order.tracing.OrderSpan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Takes up the orders that nobody is working on: those of a process that died, those
 * whose charge was never answered, those that still have stock to give back or points to
 * award. Each goes on in its own trace.
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
		for (Order order : this.orders.claimDue(this.settings)) {
			try {
				order.trace().runInSpan("order recover", () -> {
					Order resumed = this.checkout.resume(order);
					OrderSpan.tell(resumed.id(), resumed.status().name());
				});
			}
			catch (RuntimeException ex) {
				// Whatever is wrong with this order must not keep the others waiting; it
				// is due again after its backoff.
				log.error("Order {} could not be taken up again", order.id(), ex);
			}
		}
	}

}
