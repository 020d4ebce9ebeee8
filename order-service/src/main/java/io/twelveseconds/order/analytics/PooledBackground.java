package io.twelveseconds.order.analytics;

import org.springframework.context.annotation.Primary;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.stereotype.Component;

/**
 * A pool of {@code java.util.concurrent} underneath ({@code spring.task.execution}):
 * OpenTelemetry's agent knows it, and takes the context of whoever hands the work over to
 * the thread that does it.
 */
@Component
@Primary
class PooledBackground implements Background {

	private final ThreadPoolTaskExecutor executor;

	PooledBackground(ThreadPoolTaskExecutor executor) {
		this.executor = executor;
	}

	@Override
	public void execute(Runnable work) {
		this.executor.execute(work);
	}

}
