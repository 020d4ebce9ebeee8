package io.twelveseconds.trace;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** How far the clocks of a trace's processes are apart, as its calls tell. */
final class Clocks {

	/** A server closes its span after its answer has gone out. */
	private static final long SERVER_SLACK = 10_000_000;

	private final Timeline timeline;

	Clocks(Timeline timeline) {
		this.timeline = timeline;
	}

	/**
	 * Puts all spans on the clock of the root. An answer cannot come before the question:
	 * each call says how far the two clocks may be apart, and all calls between the same
	 * two processes must agree.
	 */
	void set() {
		Map<Long, long[]> bounds = new HashMap<>();
		for (int i : this.timeline.order) {
			int p = this.timeline.parent[i];
			if (p >= 0 && (isCall(p, i) || isMessage(p, i))) {
				bound(bounds, p, i, rawStart(p) - rawStart(i), (isCall(p, i) && fits(p, i))
						? Math.max(rawStart(p) - rawStart(i), rawEnd(p) - rawEnd(i)) : Long.MAX_VALUE);
			}
		}
		long[] shift = new long[this.timeline.size];
		for (int i : this.timeline.order) {
			int p = this.timeline.parent[i];
			if (p >= 0) {
				shift[i] = shift[p] + ((this.timeline.process[p] != this.timeline.process[i])
						? offset(bounds.get(pair(p, i)), p, i) : 0);
			}
			this.timeline.start[i] = rawStart(i) + shift[i];
			this.timeline.end[i] = rawEnd(i) + shift[i];
		}
	}

	/** What is known of one clock by another's is known the other way round as well. */
	private void bound(Map<Long, long[]> bounds, int p, int i, long least, long most) {
		long[] there = bounds.computeIfAbsent(pair(p, i), (any) -> new long[] { Long.MIN_VALUE, Long.MAX_VALUE });
		long[] back = bounds.computeIfAbsent(pair(i, p), (any) -> new long[] { Long.MIN_VALUE, Long.MAX_VALUE });
		there[0] = Math.max(there[0], least);
		back[1] = Math.min(back[1], -least);
		if (most != Long.MAX_VALUE) {
			there[1] = Math.min(there[1], most);
			back[0] = Math.max(back[0], -most);
		}
	}

	/** Whether the caller has waited for the end, but for what a server does after it. */
	private boolean fits(int p, int i) {
		long longer = rawEnd(i) - rawStart(i) - (rawEnd(p) - rawStart(p));
		return longer <= serverSlack(rawEnd(p) - rawStart(p));
	}

	/** How much longer than its caller a server may be at work, in nanoseconds. */
	static long serverSlack(long duration) {
		return Math.max(SERVER_SLACK, duration / 10);
	}

	private long offset(long @Nullable [] bound, int p, int i) {
		long earliest = rawStart(p) - rawStart(i);
		if (bound == null) {
			return Math.max(0, earliest);
		}
		if (bound[0] <= bound[1]) {
			long known = between(bound[0], bound[1]);
			return isCall(p, i) ? known : Math.max(known, earliest);
		}
		// They contradict each other: each for itself, then.
		return between(earliest,
				(isCall(p, i) && fits(p, i)) ? Math.max(earliest, rawEnd(p) - rawEnd(i)) : Long.MAX_VALUE);
	}

	private static long between(long least, long most) {
		if (least <= 0 && most >= 0) {
			return 0;
		}
		if (least == Long.MIN_VALUE) {
			return most;
		}
		return (most == Long.MAX_VALUE) ? least : least + (most - least) / 2;
	}

	private boolean isCall(int p, int i) {
		return this.timeline.process[p] != this.timeline.process[i]
				&& this.timeline.spans.get(p).kind() == Span.Kind.CLIENT
				&& this.timeline.spans.get(i).kind() != Span.Kind.CONSUMER;
	}

	private boolean isMessage(int p, int i) {
		return this.timeline.process[p] != this.timeline.process[i]
				&& this.timeline.spans.get(p).kind() == Span.Kind.PRODUCER
				&& this.timeline.spans.get(i).kind() == Span.Kind.CONSUMER;
	}

	private long pair(int p, int i) {
		return ((long) this.timeline.process[p] << 32) | this.timeline.process[i];
	}

	private long rawStart(int i) {
		return sane(this.timeline.spans.get(i).startNanos());
	}

	private long rawEnd(int i) {
		return sane(this.timeline.spans.get(i).endNanos());
	}

	/** Nothing that is added to it or taken from it may overflow. */
	private static long sane(long nanos) {
		return Math.max(0, Math.min(nanos, Long.MAX_VALUE / 4));
	}

}
