package io.twelveseconds.demo.scenario;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.load.Load;
import io.twelveseconds.demo.load.LoadPlan;

/**
 * Customers without a pause, until the shop serves no more of them than before. Services
 * that have just been started are slow at first, and would make whatever comes later look
 * better.
 */
public final class WarmUp {

	/** What is less is chance. */
	private static final double FASTER = 1.1;

	/**
	 * By chance it may seem no faster long before that: with 40 checkouts behind it, a
	 * shop on two slow cores answered one in a hundred after 1.4 s, with 190 after 0.15
	 * s.
	 */
	private static final int ENOUGH_CHECKOUTS = 150;

	private static final String CHECKOUTS = "http.server.requests?tag=uri:/orders&tag=method:POST";

	/** All rounds together. */
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final Duration MOST_LAG = Duration.ofMinutes(2);

	private WarmUp() {
	}

	/**
	 * Returns when nothing of it is under way any more, mails and figures included.
	 * @param rounds what the customers do, each time anew, of more than can be served
	 * @return requests a second that are answered well, in the last round that has any
	 * @throws IOException if no round has any, or if the mails do not come
	 */
	public static double run(Supplier<LoadPlan> rounds, ShopFacts facts) throws IOException {
		double served = run(rounds, () -> facts.metric("order-service", CHECKOUTS));
		if (served == 0) {
			throw new IOException(
					"No customer has been answered well for %s. To see what is wrong: ./demo status, ./demo order"
						.formatted(Times.format(PATIENCE)));
		}
		awaitConsumers(facts);
		return served;
	}

	/** Likewise, of what customers wait for. */
	static double run(Supplier<LoadPlan> rounds, Checkouts checkouts) throws IOException {
		Duration taken = Duration.ZERO;
		double before;
		double now = 0;
		double served = 0;
		do {
			before = now;
			LoadPlan round = rounds.get();
			now = new Load(round).runInTime().succeededRate();
			served = (now > 0) ? now : served;
			taken = taken.plus(round.duration());
		}
		while ((now >= FASTER * before || checkouts.sinceStart() < ENOUGH_CHECKOUTS) && taken.compareTo(PATIENCE) < 0);
		return served;
	}

	/** Those that order-service has answered since it was started. */
	interface Checkouts {

		double sinceStart() throws IOException;

	}

	private static void awaitConsumers(ShopFacts facts) throws IOException {
		for (int i = 0; facts.lag("notification-service") + facts.lag("analytics-service") > 0; i++) {
			if (i == MOST_LAG.toSeconds()) {
				throw new IOException("notification-service and analytics-service still have events to read after %s; "
					.formatted(Times.format(MOST_LAG)) + "wait until they have, and begin again");
			}
			Times.sleep(Duration.ofSeconds(1));
		}
	}

}
