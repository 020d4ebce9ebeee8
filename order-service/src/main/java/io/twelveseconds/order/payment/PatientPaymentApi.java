package io.twelveseconds.order.payment;

import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.PostExchange;

/**
 * The same calls as {@link PaymentApi}, with a client of their own that waits ten times
 * as long.
 */
public interface PatientPaymentApi {

	@PostExchange("/charges")
	Charge.Reply charge(@RequestBody Charge.Request request);

	@PostExchange("/refunds")
	void refund(@RequestBody Charge.RefundRequest request);

}
