package io.twelveseconds.order.inventory;

/**
 * A bucket of tokens. Each call pays in a part of one, each retry takes a whole one: in
 * quiet times there is enough for everybody, and in an outage retries stay that part of
 * the calls, however many fail.
 */
final class RetryBudget {

	private final double perCall;

	private final double most;

	private double tokens;

	RetryBudget(double perCall, double most) {
		this.perCall = perCall;
		this.most = most;
		this.tokens = most;
	}

	synchronized void payIn() {
		this.tokens = Math.min(this.most, this.tokens + this.perCall);
	}

	synchronized boolean takeOne() {
		if (this.tokens < 1) {
			return false;
		}
		this.tokens--;
		return true;
	}

}
