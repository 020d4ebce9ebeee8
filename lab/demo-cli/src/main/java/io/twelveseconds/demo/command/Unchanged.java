package io.twelveseconds.demo.command;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

import org.jspecify.annotations.Nullable;

/** How long what is looked at again and again has been the same. */
public final class Unchanged {

	private final InstantSource clock;

	private @Nullable Object last;

	private Instant since;

	public Unchanged(InstantSource clock) {
		this.clock = clock;
		this.since = clock.instant();
	}

	/**
	 * Takes note of what is to be seen now.
	 * @return how long it has been equal to that; zero at first, and after a change
	 */
	public Duration with(Object seen) {
		Instant now = this.clock.instant();
		if (!seen.equals(this.last)) {
			this.last = seen;
			this.since = now;
		}
		return Duration.between(this.since, now);
	}

}
