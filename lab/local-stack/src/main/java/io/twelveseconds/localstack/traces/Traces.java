package io.twelveseconds.localstack.traces;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The traces held, in bounded memory: when there are too many, or they take too many
 * bytes, the one whose first span came first goes, as a whole. Every span received is
 * either held or counted as dropped.
 */
final class Traces {

	/** Why a span that was received is not held. */
	enum Drop {

		/** It was held already: a client that got no answer sends again. */
		DUPLICATE,
		/** Its trace has as many spans as a trace may have. */
		TRACE_FULL,
		/** Its trace was evicted before it came: half a trace would mislead. */
		LATE,
		/** It went with its trace, to make room. */
		EVICTED

	}

	record Stats(long spansReceived, Map<Drop, Long> spansDropped, long tracesEvicted, int traces, long spans,
			long bytes) {
	}

	private final int maxTraces;

	private final long maxBytes;

	private final int maxSpansPerTrace;

	private final Map<String, Trace> held = new LinkedHashMap<>();

	private final Set<String> evictedIds = new LinkedHashSet<>();

	// A service sends the same resource with every export: kept once, as long as a trace
	// has it.
	private final Map<Origin, WeakReference<Origin>> origins = new WeakHashMap<>();

	private final Map<Drop, Long> dropped = new EnumMap<>(Drop.class);

	private long received;

	private long tracesEvicted;

	private long spans;

	private long bytes;

	Traces(int maxTraces, long maxBytes, int maxSpansPerTrace) {
		this.maxTraces = maxTraces;
		this.maxBytes = maxBytes;
		this.maxSpansPerTrace = maxSpansPerTrace;
		for (Drop reason : Drop.values()) {
			this.dropped.put(reason, 0L);
		}
	}

	/** How many of these spans had to be refused for good. */
	synchronized int add(List<ReceivedSpan> batch) {
		int refused = 0;
		for (ReceivedSpan span : batch) {
			this.received++;
			Drop reason = keep(span);
			if (reason != null) {
				this.dropped.merge(reason, 1L, Long::sum);
				refused += (reason != Drop.DUPLICATE) ? 1 : 0;
			}
		}
		return refused;
	}

	private @Nullable Drop keep(ReceivedSpan span) {
		if (this.evictedIds.contains(span.traceId())) {
			return Drop.LATE;
		}
		Trace trace = this.held.get(span.traceId());
		if (trace == null) {
			trace = new Trace();
			this.held.put(span.traceId(), trace);
			this.bytes += trace.bytes();
		}
		long before = trace.bytes();
		Drop reason = trace.add(span, shared(span.origin()), this.maxSpansPerTrace);
		if (reason == null) {
			this.spans++;
			this.bytes += trace.bytes() - before;
			evict();
		}
		return reason;
	}

	private Origin shared(Origin origin) {
		WeakReference<Origin> reference = this.origins.get(origin);
		Origin known = (reference != null) ? reference.get() : null;
		if (known == null) {
			known = origin;
			this.origins.put(origin, new WeakReference<>(origin));
		}
		return known;
	}

	private void evict() {
		while (this.held.size() > this.maxTraces || this.bytes > this.maxBytes) {
			Iterator<Map.Entry<String, Trace>> oldestFirst = this.held.entrySet().iterator();
			Map.Entry<String, Trace> oldest = oldestFirst.next();
			oldestFirst.remove();
			this.bytes -= oldest.getValue().bytes();
			this.spans -= oldest.getValue().spanCount();
			this.tracesEvicted++;
			this.dropped.merge(Drop.EVICTED, (long) oldest.getValue().spanCount(), Long::sum);
			remember(oldest.getKey());
		}
	}

	private void remember(String evictedId) {
		this.evictedIds.add(evictedId);
		if (this.evictedIds.size() > this.maxTraces) {
			this.evictedIds.remove(this.evictedIds.iterator().next());
		}
	}

	synchronized @Nullable Trace find(String traceId) {
		return this.held.get(traceId);
	}

	synchronized List<Trace> newestFirst() {
		List<Trace> traces = new ArrayList<>(this.held.values());
		Collections.reverse(traces);
		return traces;
	}

	int maxTraces() {
		return this.maxTraces;
	}

	synchronized Stats stats() {
		return new Stats(this.received, new EnumMap<>(this.dropped), this.tracesEvicted, this.held.size(), this.spans,
				this.bytes);
	}

}
