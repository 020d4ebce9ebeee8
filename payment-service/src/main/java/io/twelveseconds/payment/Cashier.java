package io.twelveseconds.payment;

import java.util.Optional;
import java.util.UUID;

import io.twelveseconds.payment.CardProvider.Card;
import io.twelveseconds.payment.Charge.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Service;

/**
 * Charges and refunds an order, each once. The row comes before the money: a crash in
 * between leaves a PENDING charge, and whoever asks again has it finished.
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
	 * @throws PaymentProblems.OtherAmount if the order was charged before, with another
	 * amount
	 */
	Charge.Reply charge(UUID orderId, String customer, Money amount) {
		Optional<Card> card = this.charges.open(orderId, customer, amount);
		if (card.isPresent()) {
			return settle(orderId, card.get(), amount);
		}
		Charge before = this.charges.find(orderId).orElse(null);
		if (before == null) {
			log.info("Order {}: declined, {} has no card", orderId, customer);
			return new Charge.Reply(Status.DECLINED, "UNKNOWN_CUSTOMER");
		}
		if (before.amount() != null && !before.amount().equals(amount)) {
			throw new PaymentProblems.OtherAmount(orderId);
		}
		if (before.status() == Status.PENDING) {
			return settle(orderId, this.charges.card(customer).orElseThrow(), amount);
		}
		return before.reply();
	}

	private Charge.Reply settle(UUID orderId, Card card, Money amount) {
		Charge.Reply reply = switch (this.provider.charge(orderId, card, amount)) {
			case CAPTURED -> new Charge.Reply(Status.CAPTURED, null);
			case LIMIT_EXCEEDED -> new Charge.Reply(Status.DECLINED, "LIMIT_EXCEEDED");
		};
		if (!this.charges.move(orderId, Status.PENDING, reply.outcome(), reply.reason())) {
			// Somebody else who asked for the same has finished it meanwhile: what is
			// written down counts.
			return this.charges.find(orderId).orElseThrow().reply();
		}
		log.info("Order {}: {} {} {}", orderId, reply.outcome(), amount.amount(), amount.currency());
		return reply;
	}

	/**
	 * Gives back what was charged, and makes sure that nothing will be.
	 * @throws PaymentProblems.StillPending if the charge is under way: ask again
	 */
	Charge.Reply refund(UUID orderId) {
		this.charges.voidIfAbsent(orderId);
		Charge charge = this.charges.find(orderId).orElseThrow();
		switch (charge.status()) {
			case PENDING -> throw new PaymentProblems.StillPending(orderId);
			case DECLINED -> this.charges.move(orderId, Status.DECLINED, Status.VOIDED, charge.reason());
			case CAPTURED -> {
				this.provider.refund(orderId, charge.amount());
				this.charges.move(orderId, Status.CAPTURED, Status.REFUNDED, null);
			}
			case REFUNDED, VOIDED -> {
				return charge.reply();
			}
		}
		Charge.Reply reply = this.charges.find(orderId).orElseThrow().reply();
		log.info("Order {}: {}", orderId, reply.outcome());
		return reply;
	}

}
