package io.twelveseconds.demo.scenario;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.twelveseconds.demo.StubServer;
import io.twelveseconds.demo.StubServer.Reply;
import io.twelveseconds.demo.load.LoadPlan;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WarmUpTests {

	private static final Duration ROUND = Duration.ofMillis(400);

	private static final int USED = 1000;

	private static final String PRODUCTS = "{\"products\": [{\"sku\": \"sku-01\", \"inStock\": 900}]}";

	@Test
	void goesOnAsLongAsTheShopBecomesFaster() throws IOException {
		assertThat(roundsWith(USED, 64, 32, 16, 8)).isGreaterThan(4);
	}

	@Test
	void endsWhenItDoesNot() throws IOException {
		assertThat(roundsWith(USED, 40)).isBetween(2, 4);
	}

	@Test
	void goesOnAsLongAsTheShopIsNew() throws IOException {
		assertThat(roundsWith(0, 40)).isGreaterThanOrEqualTo(6);
	}

	@Test
	void oneRoundInWhichNobodyIsServedDoesNotUndoThoseBefore() throws IOException {
		AtomicInteger rounds = new AtomicInteger();
		try (StubServer gateway = new StubServer((request) -> (request.method().equals("GET") || rounds.get() == 1)
				? Reply.of(200, PRODUCTS) : Reply.of(503, ""))) {
			assertThat(WarmUp.run(() -> {
				rounds.incrementAndGet();
				return new LoadPlan(URI.create(gateway.url()), LoadPlan.MAX_RATE, ROUND).inFlight(1);
			}, () -> USED)).isPositive();
			assertThat(rounds).hasValue(2);
		}
	}

	/**
	 * How many there are.
	 * @param checkouts before the first of them, and 25 in each
	 * @param millis that a request takes, in each; in the last of them from then on
	 */
	private static int roundsWith(int checkouts, Integer... millis) throws IOException {
		Deque<Integer> waits = new ArrayDeque<>(List.of(millis));
		AtomicInteger wait = new AtomicInteger();
		AtomicInteger rounds = new AtomicInteger();
		try (StubServer gateway = new StubServer((request) -> {
			takes(Duration.ofMillis(wait.get()));
			return Reply.of(200, PRODUCTS);
		})) {
			WarmUp.run(() -> {
				rounds.incrementAndGet();
				wait.set((waits.size() > 1) ? waits.remove() : waits.element());
				return new LoadPlan(URI.create(gateway.url()), LoadPlan.MAX_RATE, ROUND).inFlight(1);
			}, () -> checkouts + 25 * rounds.get());
		}
		return rounds.get();
	}

	private static void takes(Duration time) {
		try {
			new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
