package io.twelveseconds.trace;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One timed piece of work. Ids are lower-case hex, or what somebody made up. Times are
 * nanoseconds since 1970 on the clock of the machine that did the work, so only spans of
 * one service compare exactly.
 */
public record Span(String traceId, String id, @Nullable String parentId, String name, Kind kind, long startNanos,
		long endNanos, Status status, String statusMessage, Map<String, Object> attributes, List<Event> events,
		List<Link> links, Map<String, Object> resource, String scope) {

	/** In the order of OTLP's numbers. */
	public enum Kind {

		UNSPECIFIED, INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER

	}

	/** In the order of OTLP's numbers. */
	public enum Status {

		UNSET, OK, ERROR

	}

	/** Something that happened at one moment of the span, an exception above all. */
	public record Event(String name, long nanos, Map<String, Object> attributes) {
	}

	/** Another span that this one has to do with, in this trace or another. */
	public record Link(String traceId, String spanId) {
	}

	public Span {
		// A clock set back while the work went on must not give it a negative duration.
		endNanos = Math.max(startNanos, endNanos);
		attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
		resource = Collections.unmodifiableMap(new LinkedHashMap<>(resource));
		events = List.copyOf(events);
		links = List.copyOf(links);
	}

	Span withKind(Kind told) {
		return new Span(this.traceId, this.id, this.parentId, this.name, told, this.startNanos, this.endNanos,
				this.status, this.statusMessage, this.attributes, this.events, this.links, this.resource, this.scope);
	}

	public String service() {
		return String.valueOf(this.resource.getOrDefault("service.name", "unknown_service"));
	}

	public String version() {
		return String.valueOf(this.resource.getOrDefault("service.version", ""));
	}

	public Instant start() {
		return Instant.ofEpochSecond(0, this.startNanos);
	}

	public Instant end() {
		return Instant.ofEpochSecond(0, this.endNanos);
	}

	public Duration duration() {
		return Duration.ofNanos(this.endNanos - this.startNanos);
	}

	/** Internal is what a span is if nobody says otherwise. */
	boolean ownWork() {
		return this.kind == Kind.UNSPECIFIED || this.kind == Kind.INTERNAL;
	}

	public boolean failed() {
		return this.status == Status.ERROR;
	}

	public @Nullable Object attribute(String name) {
		return this.attributes.get(name);
	}

	/** The value of the first of these attributes that the span has, as text; else "". */
	public String text(String... names) {
		for (String name : names) {
			Object value = this.attributes.get(name);
			if (value != null) {
				return value.toString();
			}
		}
		return "";
	}

}
