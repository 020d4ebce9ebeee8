package io.twelveseconds.order.analytics;

import org.springframework.core.task.TaskRejectedException;

/**
 * Where the calls are made that no customer waits for.
 */
interface Background {

	/**
	 * @throws TaskRejectedException if too much is waiting already
	 */
	void execute(Runnable work);

}
