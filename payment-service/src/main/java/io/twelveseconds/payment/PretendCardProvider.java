package io.twelveseconds.payment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.stereotype.Component;

/**
 * Decides by the card's limit alone, and so the same way each time it is asked. It counts
 * how often it has taken money and given it back, as a real one would on its statement:
 * once for an order, however often it is asked, as long as it is among the latest.
 */
@Component
class PretendCardProvider implements CardProvider {

	private static final int REMEMBERED = 10_000;

	private final Counter charges;

	private final Counter refunds;

	private final Set<UUID> charged = latestOrders();

	private final Set<UUID> refunded = latestOrders();

	PretendCardProvider(MeterRegistry meters) {
		this.charges = meters.counter("card.provider.charges");
		this.refunds = meters.counter("card.provider.refunds");
	}

	@Override
	public Answer charge(UUID orderId, Card card, Money amount) {
		if (amount.amount().compareTo(card.limit()) > 0) {
			return Answer.LIMIT_EXCEEDED;
		}
		if (this.charged.add(orderId)) {
			this.charges.increment();
		}
		return Answer.CAPTURED;
	}

	@Override
	public void refund(UUID orderId, Money amount) {
		if (this.refunded.add(orderId)) {
			this.refunds.increment();
		}
	}

	private static Set<UUID> latestOrders() {
		return Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<UUID, Boolean>() {

			private static final long serialVersionUID = 1L;

			@Override
			protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
				return size() > REMEMBERED;
			}

		}));
	}

}
