package io.twelveseconds.order;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The settings under {@code order}; application.yaml gives the values and their reasons.
 *
 * @param idempotencyExpiry how long an idempotency key is remembered
 */
@ConfigurationProperties("order")
public record OrderSettings(Duration idempotencyExpiry, Outbox outbox, Recovery recovery, Retry retry,
		Tracking tracking) {

	/**
	 * @param every pause between two rounds of the relay
	 * @param batch events sent in one round at most
	 */
	public record Outbox(Duration every, int batch) {
	}

	/**
	 * @param every pause between two looks for open orders
	 * @param batch orders of one state taken up in one look at most
	 * @param patience how long a running checkout is left alone
	 * @param backoff longest wait before the second attempt at an order; doubled for each
	 * further one
	 * @param maxBackoff longest wait between two attempts
	 * @param settleWithin age at which an order with an unanswered charge is cancelled
	 * rather than confirmed
	 */
	public record Recovery(Duration every, int batch, Duration patience, Duration backoff, Duration maxBackoff,
			Duration settleWithin) {
	}

	/**
	 * @param tries how often a reservation is asked for at most
	 * @param within how long after the beginning of the first try another may follow
	 * @param backoff longest wait before the second try; doubled for each further one
	 * @param budgetPerCall how many retries each call pays for: a part of one
	 * @param budget how many may be saved up
	 */
	public record Retry(int tries, Duration within, Duration backoff, double budgetPerCall, double budget) {
	}

	/**
	 * @param every pause between two rounds of telling again
	 * @param batch checkouts told of again in one round at most
	 * @param backoff longest wait before the second attempt; doubled for each further one
	 * @param maxBackoff longest wait between two attempts
	 * @param giveUpAfter age at which an attempt that fails is the last
	 */
	public record Tracking(Duration every, int batch, Duration backoff, Duration maxBackoff, Duration giveUpAfter) {
	}

}
