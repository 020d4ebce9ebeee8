package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds a trace span by span; times are milliseconds. */
final class Spans {

	static final long EPOCH = 1_750_000_000_000_000_000L;

	private final String traceId;

	private final List<Span> spans = new ArrayList<>();

	Spans() {
		this("t");
	}

	Spans(String traceId) {
		this.traceId = traceId;
	}

	Spans server(String id, String parent, String service, String name, double from, double to, Object... attributes) {
		return add(Span.Kind.SERVER, id, parent, service, name, from, to, attributes);
	}

	Spans client(String id, String parent, String service, String name, double from, double to, Object... attributes) {
		return add(Span.Kind.CLIENT, id, parent, service, name, from, to, attributes);
	}

	Spans statement(String id, String parent, String service, String text, double from, double to) {
		return client(id, parent, service, text.split(" ")[0], from, to, "db.system.name", "postgresql",
				"db.query.text", text);
	}

	/** With {@code error} among the attributes the span has failed, and that is why. */
	Spans add(Span.Kind kind, String id, String parent, String service, String name, double from, double to,
			Object... attributes) {
		Map<String, Object> all = new LinkedHashMap<>();
		for (int i = 0; i < attributes.length; i += 2) {
			all.put((String) attributes[i], attributes[i + 1]);
		}
		Object error = all.remove("error");
		this.spans
			.add(new Span(this.traceId, id, parent, name, kind, EPOCH + (long) (from * 1e6), EPOCH + (long) (to * 1e6),
					(error != null) ? Span.Status.ERROR : Span.Status.UNSET, (error != null) ? error.toString() : "",
					all, List.of(), List.of(), Map.of("service.name", service), ""));
		return this;
	}

	/** The span added last ends like this. */
	Spans ended(Span.Status status) {
		Span last = this.spans.remove(this.spans.size() - 1);
		this.spans.add(new Span(last.traceId(), last.id(), last.parentId(), last.name(), last.kind(), last.startNanos(),
				last.endNanos(), status, last.statusMessage(), last.attributes(), last.events(), last.links(),
				last.resource(), last.scope()));
		return this;
	}

	/** The span added last has a link to this one. */
	Spans linkedTo(String id) {
		Span last = this.spans.remove(this.spans.size() - 1);
		this.spans.add(new Span(last.traceId(), last.id(), last.parentId(), last.name(), last.kind(), last.startNanos(),
				last.endNanos(), last.status(), last.statusMessage(), last.attributes(), last.events(),
				List.of(new Span.Link(last.traceId(), id)), last.resource(), ""));
		return this;
	}

	/** The span added last noted this on its way. */
	Spans noting(String event) {
		return noting(event, Map.of());
	}

	Spans noting(String event, Map<String, Object> fields) {
		Span last = this.spans.remove(this.spans.size() - 1);
		this.spans.add(new Span(last.traceId(), last.id(), last.parentId(), last.name(), last.kind(), last.startNanos(),
				last.endNanos(), last.status(), last.statusMessage(), last.attributes(),
				List.of(new Span.Event(event, last.startNanos(), fields)), List.of(), last.resource(), ""));
		return this;
	}

	Trace trace() {
		return new Trace(this.spans);
	}

	Diagnosis diagnosis() {
		return Diagnosis.of(trace());
	}

}
