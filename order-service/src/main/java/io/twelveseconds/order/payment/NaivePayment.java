package io.twelveseconds.order.payment;

import org.springframework.stereotype.Component;

/**
 * Asks payment-service and waits half a minute for each answer, however many others wait
 * already. What seems patient takes all threads of this service while payment-service
 * hangs, then all of the gateway's.
 */
@Component
class NaivePayment implements Payment {

	private final PatientPaymentApi payment;

	NaivePayment(PatientPaymentApi payment) {
		this.payment = payment;
	}

	@Override
	public Charge.Reply charge(Charge.Request request) {
		return this.payment.charge(request);
	}

	@Override
	public void refund(Charge.RefundRequest request) {
		this.payment.refund(request);
	}

}
