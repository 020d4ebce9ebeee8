package io.twelveseconds.order.inventory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import io.twelveseconds.order.OrderSettings;
import io.twelveseconds.order.tracing.ResendSpan;

import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpServerErrorException;

/**
 * The one place on a checkout's way that repeats anything: a reservation that
 * inventory-service itself calls impossible at the moment. Not at once, and not all at
 * the same time, and not late; and if that happens to many, to few of them only.
 */
@Component
@Primary
class RetryingInventory implements Inventory {

	private final InventoryApi inventory;

	private final OrderSettings.Retry settings;

	private final RetryBudget budget;

	private final InstantSource clock;

	RetryingInventory(InventoryApi inventory, OrderSettings settings, InstantSource clock) {
		this.inventory = inventory;
		this.clock = clock;
		this.settings = settings.retry();
		this.budget = new RetryBudget(this.settings.budgetPerCall(), this.settings.budget());
	}

	@Override
	public Reservation.Reply reserve(Reservation.Request request) {
		this.budget.payIn();
		Instant late = this.clock.instant().plus(this.settings.within());
		for (int resent = 0;; resent++) {
			try {
				return ResendSpan.counted(resent, () -> this.inventory.reserve(request));
			}
			catch (HttpServerErrorException.ServiceUnavailable ex) {
				if (resent + 1 == this.settings.tries() || this.clock.instant().isAfter(late)) {
					throw ex;
				}
				if (!this.budget.takeOne()) {
					ResendSpan.budgetSpent();
					throw ex;
				}
				pause(resent, ex);
			}
		}
	}

	/**
	 * Any time up to a limit that doubles, so that those who failed together do not come
	 * back together.
	 */
	private void pause(int resent, HttpServerErrorException unanswered) {
		Duration longest = this.settings.backoff().multipliedBy(1L << resent);
		try {
			Thread.sleep(ThreadLocalRandom.current().nextLong(longest.toMillis() + 1));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw unanswered;
		}
	}

	@Override
	public void release(UUID orderId) {
		this.inventory.release(orderId);
	}

}
