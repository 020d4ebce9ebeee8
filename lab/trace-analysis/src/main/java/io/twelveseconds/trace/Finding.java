package io.twelveseconds.trace;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * One thing that is wrong in a trace.
 *
 * @param spans the spans that prove it, the most telling first
 * @param explained how much of the trace's time it accounts for
 * @param share the same as a share of the time up to the answer, or up to the end of all
 * work if it concerns work that nobody waited for; from 0 to 1
 * @param sentence what happened, for somebody who does not know the system
 * @param advice what to do
 */
public record Finding(Kind kind, List<Span> spans, Duration explained, double share, String sentence, String advice) {

	/** The names are for people; {@link #id()} stays what it is. */
	public enum Kind {

		/**
		 * A span, or some alike, took long without waiting for anything that is traced.
		 */
		SLOW_SPAN,

		/** The same was asked of the same again and again, one after the other. */
		N_PLUS_ONE,

		/** Calls that do not seem to need each other waited for each other. */
		SEQUENTIAL_CALLS,

		/** Where an error began that reached the caller. */
		ERROR_ORIGIN,

		/** Where an error began that somebody on the way kept to themselves. */
		SWALLOWED_ERROR,

		/** A caller gave up, whether or not the callee went on. */
		TIMEOUT,

		/** The same call was tried again and again. */
		RETRIES,

		/** A call was not made, because earlier ones had failed. */
		BREAKER_OPEN,

		/** Work that nobody waited for failed, and the answer says nothing of it. */
		FAILED_ASYNC,

		/** A service was busy or waiting, and no span says with what. */
		UNEXPLAINED_GAP,

		/** A service waited until its pool had a connection free. */
		POOL_WAIT,

		/**
		 * Neither the caller nor the callee had it: network, connection or accept queue.
		 */
		LOST_BETWEEN,

		/** A message lay between its producer and its consumer. */
		QUEUEING,

		/** The context got lost within a service: some spans have no parent. */
		BROKEN_CONTEXT,

		/** A whole service between two others is not in the trace. */
		MISSING_SERVICE;

		public String id() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

	public Finding {
		spans = List.copyOf(spans);
	}

}
