package io.twelveseconds.trace;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * The spans of one trace as a tree. Whatever the spans say, it is a tree: a span whose
 * parent is missing, or is one of its own descendants, is an orphan and starts a branch
 * of its own; a span delivered twice counts once.
 */
public final class Trace {

	private static final Comparator<Span> BY_START = Comparator.comparingLong(Span::startNanos)
		.thenComparing(Comparator.comparingLong(Span::endNanos).reversed())
		.thenComparing(Span::id);

	private final List<Span> spans;

	private final Map<String, Span> byId = new HashMap<>();

	/** The server's span where it has the same id as the client's. */
	private final Map<String, Span> answering = new HashMap<>();

	// By identity: two different spans may carry the same id, and hashing a span is not
	// cheap.
	private final Map<Span, Span> parents = new IdentityHashMap<>();

	private final Map<Span, List<Span>> children = new IdentityHashMap<>();

	private final List<Span> roots = new ArrayList<>();

	private final List<Span> orphans = new ArrayList<>();

	Trace(Collection<Span> spans) {
		this.spans = once(spans).stream().sorted(BY_START).toList();
		this.spans.forEach(this::register);
		this.spans.forEach(this::attach);
		cutCycles();
	}

	/**
	 * Exporters retry, and some send a span by two ways, on each of which something is
	 * added to it. Of several the one that says most is kept.
	 */
	private static Collection<Span> once(Collection<Span> spans) {
		Map<Object, Span> once = new LinkedHashMap<>();
		spans.forEach((span) -> once.merge(
				Arrays.asList(span.id(), span.parentId(), span.name(), span.kind(), span.startNanos(), span.endNanos()),
				span, (known, again) -> (says(again) > says(known)) ? again : known));
		return once.values();
	}

	private static int says(Span span) {
		return span.attributes().size() + span.resource().size() + span.events().size();
	}

	private void register(Span span) {
		Span known = this.byId.putIfAbsent(span.id(), span);
		// In Zipkin's tradition the two sides of a call share one id.
		if (known != null && known.kind() == Span.Kind.CLIENT && span.kind() == Span.Kind.SERVER) {
			this.answering.putIfAbsent(span.id(), span);
		}
		else if (known != null && known.kind() == Span.Kind.SERVER && span.kind() == Span.Kind.CLIENT) {
			this.byId.put(span.id(), span);
			this.answering.putIfAbsent(span.id(), known);
		}
	}

	private @Nullable Span parentOf(Span span) {
		Span answering = this.answering.get(span.id());
		if (answering == span) {
			return this.byId.get(span.id());
		}
		Span sharing = this.answering.get(span.parentId());
		return (sharing != null && sharing.service().equals(span.service())) ? sharing : this.byId.get(span.parentId());
	}

	private void attach(Span span) {
		if (span.parentId() == null && this.answering.get(span.id()) != span) {
			this.roots.add(span);
			return;
		}
		Span parent = parentOf(span);
		if (parent == null) {
			this.orphans.add(span);
			return;
		}
		this.parents.put(span, parent);
		this.children.computeIfAbsent(parent, (any) -> new ArrayList<>()).add(span);
	}

	private void cutCycles() {
		Set<Span> reached = Collections.newSetFromMap(new IdentityHashMap<>());
		this.roots.forEach((span) -> reach(span, reached));
		List.copyOf(this.orphans).forEach((span) -> reach(span, reached));
		for (Span span : this.spans) {
			if (!reached.contains(span)) {
				this.children.get(this.parents.remove(span)).removeIf((child) -> child == span);
				this.orphans.add(span);
				reach(span, reached);
			}
		}
	}

	private void reach(Span top, Set<Span> reached) {
		Deque<Span> open = new ArrayDeque<>(List.of(top));
		while (!open.isEmpty()) {
			Span span = open.pop();
			if (reached.add(span)) {
				open.addAll(children(span));
			}
		}
	}

	public String id() {
		return this.spans.get(0).traceId();
	}

	/** All spans in the order in which they started. */
	public List<Span> spans() {
		return this.spans;
	}

	/** Spans that name no parent; a whole trace has exactly one. */
	public List<Span> roots() {
		return Collections.unmodifiableList(this.roots);
	}

	/** Spans whose parent is not here (yet); a whole trace has none. */
	public List<Span> orphans() {
		return Collections.unmodifiableList(this.orphans);
	}

	/** Where the story begins: the first root, else the first orphan. */
	public Span root() {
		return (!this.roots.isEmpty() ? this.roots : this.orphans).get(0);
	}

	/** In the order in which they started. */
	public List<Span> children(Span span) {
		return Collections.unmodifiableList(this.children.getOrDefault(span, List.of()));
	}

	Optional<Span> span(String id) {
		return Optional.ofNullable(this.byId.get(id));
	}

	public Optional<Span> parent(Span span) {
		return Optional.ofNullable(this.parents.get(span));
	}

	public Instant start() {
		return this.spans.get(0).start();
	}

	public Instant end() {
		return this.spans.stream().map(Span::end).max(Comparator.naturalOrder()).orElseThrow();
	}

	/** From the first start to the last end, asynchronous work included. */
	public Duration duration() {
		return Duration.between(start(), end());
	}

	public Set<String> services() {
		Set<String> services = new TreeSet<>();
		this.spans.forEach((span) -> services.add(span.service()));
		return services;
	}

	/** Each way that work took from one service to another. */
	public Set<Edge> edges() {
		Set<Edge> edges = new LinkedHashSet<>();
		for (Span span : this.spans) {
			List<Span> senders = new ArrayList<>();
			parent(span).ifPresent(senders::add);
			// A listener that takes many records at once has links instead of a parent.
			span.links().stream().filter((link) -> link.traceId().equals(id())).forEach((link) -> {
				span(link.spanId()).ifPresent(senders::add);
			});
			senders.stream()
				.filter((sender) -> !sender.service().equals(span.service()))
				.forEach((sender) -> edges.add(Edge.between(sender, span)));
		}
		return edges;
	}

	/**
	 * Whether nobody waited for this work: it, or what it is part of, took a message from
	 * a topic or went on after its caller in the same process was done. Callers in other
	 * processes do not count, since their clocks may differ.
	 */
	public boolean asynchronous(Span span) {
		for (Span step = span; step != null; step = this.parents.get(step)) {
			Span caller = this.parents.get(step);
			boolean outlives = caller != null && step.endNanos() > caller.endNanos()
					&& Timeline.process(caller).equals(Timeline.process(step));
			if (outlives || step.kind() == Span.Kind.CONSUMER) {
				return true;
			}
		}
		return false;
	}

}
