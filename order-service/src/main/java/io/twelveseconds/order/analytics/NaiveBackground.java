package io.twelveseconds.order.analytics;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

import jakarta.annotation.PostConstruct;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.stereotype.Component;

/**
 * A pool as one writes it oneself: a queue and two threads. It works, but the thread that
 * takes a piece of work knows nothing of the request that it was for, and no agent can
 * tell that these two lines belong together. What is called from here begins a trace of
 * its own.
 */
@Component
class NaiveBackground implements Background {

	private static final Logger log = LoggerFactory.getLogger(NaiveBackground.class);

	private final BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(500);

	@PostConstruct
	void start() {
		for (int n = 1; n <= 2; n++) {
			Thread thread = new Thread(this::work, "home-made-" + n);
			thread.setDaemon(true);
			thread.start();
		}
	}

	@Override
	public void execute(Runnable work) {
		if (!this.queue.offer(work)) {
			throw new TaskRejectedException("The queue is full");
		}
	}

	private void work() {
		try {
			while (true) {
				runSafely(this.queue.take());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void runSafely(Runnable work) {
		try {
			work.run();
		}
		catch (RuntimeException ex) {
			// Whatever was wrong with this one, the next needs the thread.
			log.error("Work in the background failed", ex);
		}
	}

}
