package io.twelveseconds.demo;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a deadline. */
public final class Until {

	private Until() {
	}

	public static void holds(String what, BooleanSupplier condition) {
		long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() > deadline) {
				throw new AssertionError("After 20 s it does not hold that " + what);
			}
			LockSupport.parkNanos(20_000_000);
		}
	}

}
