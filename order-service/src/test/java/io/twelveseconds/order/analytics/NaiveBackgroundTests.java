package io.twelveseconds.order.analytics;

import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

import org.springframework.core.task.TaskRejectedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Naive is only what it forgets: as a pool it works. */
class NaiveBackgroundTests {

	private final NaiveBackground background = new NaiveBackground();

	@Test
	void goesOnAfterWorkThatFailed() {
		this.background.start();
		CountDownLatch done = new CountDownLatch(10);
		for (int n = 0; n < 10; n++) {
			this.background.execute(() -> {
				done.countDown();
				throw new IllegalStateException("on purpose");
			});
		}
		await().untilAsserted(() -> assertThat(done.getCount()).isZero());
	}

	@Test
	void refusesMoreThanItHasRoomFor() {
		for (int n = 0; n < 500; n++) {
			this.background.execute(() -> {
			});
		}
		assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> this.background.execute(() -> {
		}));
	}

}
