package io.twelveseconds.demo.load;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.twelveseconds.demo.StubServer;
import io.twelveseconds.demo.StubServer.Reply;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClosedLoadTests {

	/** The stub answers one at a time, every 20 ms. */
	@Test
	void shopSetsThePace() throws Exception {
		try (StubServer shop = new StubServer((request) -> after(Duration.ofMillis(20), Reply.of(201, "{}")))) {
			ClosedLoad.Result result = load(shop.url(), 4, Duration.ofSeconds(2)).run();
			assertThat(result.confirmed()).isBetween(2L, 100L);
			assertThat(result.perSecond()).isEqualTo(result.confirmed() / 2.0);
			assertThat(result.failed()).isZero();
			// Who has his answer only when the time is over does not count.
			assertThat(shop.requests().size() - result.confirmed()).isBetween(1L, 4L);
			assertThat(shop.requests()).extracting((request) -> request.headers().getFirst("Idempotency-Key"))
				.doesNotHaveDuplicates();
		}
	}

	@Test
	void orderThatIsNotConfirmedHasFailed() throws Exception {
		AtomicInteger number = new AtomicInteger();
		try (StubServer shop = new StubServer((request) -> after(Duration.ofMillis(5),
				Reply.of((number.incrementAndGet() % 2 == 0) ? 202 : 201, "{}")))) {
			ClosedLoad.Result result = load(shop.url(), 1, Duration.ofSeconds(2)).run();
			assertThat(result.confirmed()).isPositive();
			assertThat(result.failed()).isBetween(result.confirmed() - 1, result.confirmed() + 1);
		}
	}

	@Test
	void customerWithoutAnAnswerDoesNotComeBack() throws Exception {
		StubServer gone = new StubServer((request) -> Reply.of(201, "{}"));
		gone.close();
		assertThat(load(gone.url(), 3, Duration.ofSeconds(5)).run())
			.isEqualTo(new ClosedLoad.Result(Duration.ofSeconds(5), 0, 3));
	}

	private static ClosedLoad load(String url, int customers, Duration duration) throws IOException {
		return new ClosedLoad(LoadMix.of(new LoadPlan(URI.create(url), 1, duration).item("sku-01", 1)), customers,
				duration);
	}

	private static Reply after(Duration time, Reply reply) {
		try {
			new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
			return reply;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Reply.of(500, "");
		}
	}

}
