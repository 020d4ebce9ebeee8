package io.twelveseconds.localstack.traces;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.trace.v1.Span;
import org.jspecify.annotations.Nullable;

/**
 * One trace, growing while its spans come in. Spans are kept as the bytes they came in:
 * as objects they would take ten times the memory, and few are ever looked at.
 */
final class Trace {

	/** Roughly what maps and object headers add to the bytes of a span and of a trace. */
	private static final int SPAN_OVERHEAD = 250;

	private static final int TRACE_OVERHEAD = 500;

	// By span id within one origin, so that a client and a server span may share an id.
	private final Map<Origin, Map<String, byte[]>> spans = new LinkedHashMap<>();

	private int spanCount;

	private long bytes = TRACE_OVERHEAD;

	/** Null if the span is kept, else why not. */
	synchronized Traces.@Nullable Drop add(ReceivedSpan span, Origin origin, int maxSpans) {
		Map<String, byte[]> siblings = this.spans.getOrDefault(origin, Map.of());
		if (siblings.containsKey(span.spanId())) {
			return Traces.Drop.DUPLICATE;
		}
		if (this.spanCount == maxSpans) {
			return Traces.Drop.TRACE_FULL;
		}
		if (siblings.isEmpty()) {
			siblings = new LinkedHashMap<>();
			this.spans.put(origin, siblings);
			this.bytes += origin.size();
		}
		siblings.put(span.spanId(), span.bytes());
		this.spanCount++;
		this.bytes += span.bytes().length + SPAN_OVERHEAD;
		return null;
	}

	synchronized int spanCount() {
		return this.spanCount;
	}

	/** The memory it takes, as an upper bound: origins are shared between traces. */
	synchronized long bytes() {
		return this.bytes;
	}

	synchronized List<Origin> origins() {
		return List.copyOf(this.spans.keySet());
	}

	/** One span at a time becomes objects: a whole trace might not fit into memory. */
	synchronized Map<Origin, Stream<Span>> spans(Predicate<Origin> wanted) {
		Map<Origin, Stream<Span>> found = new LinkedHashMap<>();
		this.spans.forEach((origin, siblings) -> {
			if (wanted.test(origin)) {
				found.put(origin, List.copyOf(siblings.values()).stream().map(Trace::parsed));
			}
		});
		return found;
	}

	private static Span parsed(byte[] bytes) {
		try {
			return Span.parseFrom(bytes);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalStateException("a span was kept that cannot be read", ex);
		}
	}

}
