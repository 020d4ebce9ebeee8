package io.twelveseconds.payment;

import java.util.Optional;
import java.util.UUID;

import io.twelveseconds.payment.CardProvider.Card;
import io.twelveseconds.payment.Charge.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Service;

/**
 * Charges and refunds an order, each once. The row comes before the money: a crash in
 * between leaves a PENDING charge, and whoever asks for the charge or its refund next
 * finishes it first.
 */
@Service
class Cashier {

	private static final Logger log = LoggerFactory.getLogger(Cashier.class);

	private final Charges charges;

	private final CardProvider provider;

	Cashier(Charges charges, CardProvider provider) {
		this.charges = charges;
		this.provider = provider;
	}

	/**
	 * @throws PaymentProblems.OtherCharge if the order has a charge for another customer
	 * or amount
	 */
	Charge.Reply charge(UUID orderId, String customer, Money amount) {
		Charge asked = new Charge(orderId, Status.PENDING, customer, amount, null);
		Optional<Card> card = this.charges.open(asked);
		if (card.isPresent()) {
			return settle(asked, card.get()).reply();
		}
		Optional<Charge> before = this.charges.find(orderId);
		if (before.isEmpty()) {
			log.info("Order {}: {} has no card", orderId, customer);
			return new Charge.Reply(Status.DECLINED, "UNKNOWN_CUSTOMER");
		}
		if (!before.get().answers(asked)) {
			throw new PaymentProblems.OtherCharge(orderId);
		}
		return finished(before.get()).reply();
	}

	/**
	 * Gives back what was charged, and makes sure that nothing will be.
	 */
	Charge.Reply refund(UUID orderId) {
		this.charges.voidIfAbsent(orderId);
		Charge charge = finished(this.charges.find(orderId).orElseThrow());
		if (charge.status() == Status.CAPTURED) {
			this.provider.refund(orderId, charge.amount());
			charge = move(charge, Status.REFUNDED, null);
		}
		// Of a declined charge there is nothing to give back, and it is never tried
		// again.
		Status outcome = (charge.status() == Status.REFUNDED) ? Status.REFUNDED : Status.VOIDED;
		log.info("Order {}: {}", orderId, outcome);
		return new Charge.Reply(outcome, null);
	}

	/**
	 * The process that opened a pending charge may have died, before it had the money or
	 * after.
	 */
	private Charge finished(Charge charge) {
		return (charge.status() == Status.PENDING) ? settle(charge, this.charges.card(charge.customer()).orElseThrow())
				: charge;
	}

	private Charge settle(Charge pending, Card card) {
		Charge settled = switch (this.provider.charge(pending.orderId(), card, pending.amount())) {
			case CAPTURED -> move(pending, Status.CAPTURED, null);
			case LIMIT_EXCEEDED -> move(pending, Status.DECLINED, "LIMIT_EXCEEDED");
		};
		log.info("Order {}: {} {} {}", settled.orderId(), settled.status(), settled.amount().amount(),
				settled.amount().currency());
		return settled;
	}

	/** If somebody else has moved it meanwhile, what is written down counts. */
	private Charge move(Charge charge, Status to, @Nullable String reason) {
		Charge moved = new Charge(charge.orderId(), to, charge.customer(), charge.amount(), reason);
		return this.charges.move(charge.status(), moved) ? moved : this.charges.find(charge.orderId()).orElseThrow();
	}

}
