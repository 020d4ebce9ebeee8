package io.twelveseconds.order.payment;

import org.springframework.web.client.RestClientException;

/**
 * How payment-service is asked. Whatever stands between, both calls may be repeated.
 */
public interface Payment {

	/**
	 * @throws NotAsked if payment-service was not even asked: by this attempt nothing was
	 * charged
	 * @throws RestClientException if it was asked and gave no answer
	 */
	Charge.Reply charge(Charge.Request request);

	/**
	 * Gives the money back, or makes sure that a charge still on its way will take none.
	 * @throws RestClientException without an answer
	 */
	void refund(Charge.RefundRequest request);

	/** No answer, for the reason that no question was put. */
	class NotAsked extends RestClientException {

		private static final long serialVersionUID = 1L;

		NotAsked(String reason) {
			super("payment-service was not asked: " + reason);
		}

	}

}
