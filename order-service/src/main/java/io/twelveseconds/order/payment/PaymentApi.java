package io.twelveseconds.order.payment;

import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.PostExchange;

/**
 * What we ask of payment-service. Both calls may be repeated: they are idempotent by
 * order id.
 */
public interface PaymentApi {

	@PostExchange("/charges")
	Charge.Reply charge(@RequestBody Charge.Request request);

	/**
	 * Gives the money back, or makes sure that a charge still on its way will take none.
	 */
	@PostExchange("/refunds")
	void refund(@RequestBody Charge.RefundRequest request);

}
