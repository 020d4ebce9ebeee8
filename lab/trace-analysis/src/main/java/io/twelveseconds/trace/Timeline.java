package io.twelveseconds.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A trace in numbers: each span has an index, and times on one clock. Everything here is
 * loops over arrays, since a trace may be a hundred thousand spans deep.
 */
final class Timeline {

	/** Clocks of one machine agree, but spans are ended a little later than work is. */
	private static final long SLACK = 1_000_000;

	/** More orphans than this are one big hole; nobody wants a guess for each. */
	private static final int MOST_ORPHANS = 100;

	/**
	 * Whoever waits for a message's work has not handed it over through more than this.
	 */
	private static final int MOST_HOPS = 8;

	/** Farther up nobody looks where a message came from. */
	private static final int FAR = 64;

	/** So soon whoever has waited goes on. */
	static final long WAKE_UP = 20_000_000;

	final Trace trace;

	final List<Span> spans;

	final int size;

	final int root;

	/** Parents before their children. */
	final int[] order;

	final int[] parent;

	final int[][] children;

	final Reading[] reading;

	final LongByDesign[] byDesign;

	final Ending[] ending;

	final long[] start;

	final long[] end;

	/** Nobody waited for this span itself. */
	final boolean[] detached;

	/** Nobody waited for this span, or for what it is part of. */
	final boolean[] asynchronous;

	/** Its caller gave up, and it went on. */
	final boolean[] abandoned;

	/** Within a root that says nothing itself: its last piece of work, or of that. */
	private final boolean[] closing;

	/**
	 * The nearest span above that received the work or asks for it: whose work this is.
	 */
	final int[] owner;

	/** Where an orphan probably belongs, by its index; only for orphans. */
	final Map<Integer, Integer> adopted = new HashMap<>();

	/** By span: messages' work below it that was done before it ended, by its end. */
	private final Map<Integer, NavigableMap<Long, Integer>> doneMeanwhile = new HashMap<>();

	private final int[] answering;

	final int[] process;

	private final @Nullable String[] shapes;

	/** By what the asking side says: what the answering side calls it. */
	private @Nullable Map<String, String> answeredShapes;

	private final Map<Span, Integer> indexes = new IdentityHashMap<>();

	Timeline(Trace trace) {
		this.trace = trace;
		this.spans = trace.spans();
		this.size = this.spans.size();
		this.parent = new int[this.size];
		this.children = new int[this.size][];
		this.reading = new Reading[this.size];
		this.byDesign = new LongByDesign[this.size];
		this.ending = new Ending[this.size];
		this.start = new long[this.size];
		this.end = new long[this.size];
		this.detached = new boolean[this.size];
		this.asynchronous = new boolean[this.size];
		this.abandoned = new boolean[this.size];
		this.owner = new int[this.size];
		this.answering = new int[this.size];
		this.closing = new boolean[this.size];
		this.process = new int[this.size];
		this.shapes = new String[this.size];
		for (int i = 0; i < this.size; i++) {
			Span span = this.spans.get(i);
			this.indexes.put(span, i);
			this.reading[i] = new Reading(span);
			this.byDesign[i] = new LongByDesign(span, this.reading[i]);
			this.ending[i] = new Ending(span, this.reading[i], this.byDesign[i]);
		}
		this.root = index(trace.root());
		number();
		for (int i = 0; i < this.size; i++) {
			this.parent[i] = trace.parent(this.spans.get(i)).map(this::index).orElse(-1);
		}
		adopt();
		for (int i = 0; i < this.size; i++) {
			if (this.parent[i] < 0 && i != this.root) {
				this.parent[i] = sender(i);
			}
		}
		linkChildren();
		if (new BesideCalls(this).put()) {
			linkChildren();
		}
		findAnswering();
		this.order = topDown();
		new Clocks(this).set();
		for (int i : this.order) {
			classify(i);
		}
		findClosing();
		BitSet doneInTime = new BitSet(this.size);
		for (int i : this.order) {
			boolean handedOver = this.detached[i]
					&& (this.spans.get(i).kind() == Span.Kind.CONSUMER || this.start[i] >= this.end[this.parent[i]]);
			if (handedOver) {
				int outlasting = outlasting(i, doneInTime);
				if (outlasting >= 0) {
					this.doneMeanwhile.computeIfAbsent(outlasting, (any) -> new TreeMap<>()).put(this.end[i], i);
					doneInTime.set(i);
				}
			}
		}
	}

	/**
	 * The nearest span above a message's work that ends after it, if somebody may wait
	 * for that one; else -1.
	 */
	private int outlasting(int task, BitSet doneInTime) {
		int step = this.parent[task];
		for (int hops = 0; step >= 0 && hops < MOST_HOPS; hops++) {
			if (this.end[step] >= this.end[task]) {
				return (this.detached[step] && !doneInTime.get(step)) ? -1 : step;
			}
			step = this.parent[step];
		}
		return -1;
	}

	/** Who handed over what this span may wait for: itself, if it does not just wait. */
	int giver(int i) {
		boolean alone = worksAlone(i) || (this.children[i].length == 0 && this.reading[i].asks
				&& this.reading[i].method().isEmpty() && this.reading[i].database().isEmpty());
		return (alone && this.doneMeanwhile.containsKey(this.parent[i]) && this.byDesign[i].awaits()) ? this.parent[i]
				: i;
	}

	/**
	 * The work that this span handed over as a message, if it then did nothing else until
	 * that was done; -1 if there is none.
	 */
	int awaited(int span, long from, long to) {
		NavigableMap<Long, Integer> done = this.doneMeanwhile.get(span);
		if (done == null || to - from < Limits.GAP) {
			return -1;
		}
		long slack = Math.max(WAKE_UP, (to - from) / 10);
		return done.subMap(to - slack, true, to, true)
			.descendingMap()
			.values()
			.stream()
			.filter((task) -> this.start[task] >= from - slack && Math.abs(handedOver(task, span) - from) <= slack)
			.findFirst()
			.orElse(-1);
	}

	/** When the first of these messages was sent. */
	private long handedOver(int task, int by) {
		int step = task;
		while (this.parent[step] != by) {
			step = this.parent[step];
		}
		return this.end[step];
	}

	int index(Span span) {
		Integer index = this.indexes.get(span);
		if (index == null) {
			throw new IllegalArgumentException("No span of this trace");
		}
		return index;
	}

	/** Spans whose clock is the same have the same number. */
	private void number() {
		Map<String, Integer> numbers = new HashMap<>();
		for (int i = 0; i < this.size; i++) {
			this.process[i] = numbers.computeIfAbsent(process(this.spans.get(i)), (any) -> numbers.size());
		}
	}

	/** Which instance of the service it was. */
	static String process(Span span) {
		StringBuilder name = new StringBuilder(span.service());
		for (String key : new String[] { "service.instance.id", "host.name", "hostname", "k8s.pod.name", "container.id",
				"ip" }) {
			name.append('\n').append(span.resource().getOrDefault(key, ""));
		}
		return name.toString();
	}

	/**
	 * Who sent the message that this span takes, if it says so by a link instead of a
	 * parent; -1 if not, or if that lies below it, for all that is seen from there.
	 */
	private int sender(int taken) {
		Span span = this.spans.get(taken);
		if (span.parentId() != null || span.links().size() != 1
				|| !span.links().get(0).traceId().equals(this.trace.id())) {
			return -1;
		}
		int sender = this.trace.span(span.links().get(0).spanId()).map(this::index).orElse(-1);
		if (sender < 0 || this.spans.get(sender).kind() != Span.Kind.PRODUCER) {
			return -1;
		}
		int top = sender;
		for (int hops = 0; this.parent[top] >= 0; hops++) {
			if (hops == FAR) {
				return -1;
			}
			top = this.parent[top];
		}
		return (top != taken) ? sender : -1;
	}

	/** Gives an orphan the place where it most probably belongs. */
	private void adopt() {
		List<Span> orphans = this.trace.orphans();
		orphans.stream()
			.limit(MOST_ORPHANS)
			.map(this::index)
			.filter((orphan) -> orphan != this.root)
			.forEach((orphan) -> probableParent(orphan).ifPresent((found) -> this.adopted.put(orphan, found)));
		this.adopted.forEach((orphan, found) -> this.parent[orphan] = found);
	}

	private Optional<Integer> probableParent(int orphan) {
		Span lost = this.spans.get(orphan);
		BitSet own = withAllBelow(orphan);
		int best = -1;
		int bestRank = 0;
		for (int i = 0; i < this.size; i++) {
			Span span = this.spans.get(i);
			if (i == orphan || span.startNanos() > lost.startNanos() || span.endNanos() < lost.endNanos()
					|| span.duration().isZero()) {
				continue;
			}
			boolean same = this.process[i] == this.process[orphan];
			boolean calls = this.reading[i].asks && !same && this.reading[i].database().isEmpty()
					&& this.trace.children(span).isEmpty();
			int rank = calls ? 3 : same && !this.reading[i].asks ? 2 : 1;
			boolean better = rank > bestRank || (rank == bestRank && best >= 0
					&& span.duration().compareTo(this.spans.get(best).duration()) < 0);
			if (better && !own.get(i)) {
				best = i;
				bestRank = rank;
			}
		}
		return (best >= 0) ? Optional.of(best) : Optional.empty();
	}

	/** This orphan and all below it, and below the orphans that were adopted there. */
	private BitSet withAllBelow(int orphan) {
		Map<Integer, List<Integer>> adoptedBy = new HashMap<>();
		this.adopted.forEach((child, by) -> adoptedBy.computeIfAbsent(by, (any) -> new ArrayList<>()).add(child));
		BitSet found = new BitSet(this.size);
		Deque<Integer> open = new ArrayDeque<>(List.of(orphan));
		while (!open.isEmpty()) {
			int span = open.pop();
			found.set(span);
			this.trace.children(this.spans.get(span)).forEach((child) -> open.push(index(child)));
			open.addAll(adoptedBy.getOrDefault(span, List.of()));
		}
		return found;
	}

	private void linkChildren() {
		int[] counts = new int[this.size];
		for (int p : this.parent) {
			if (p >= 0) {
				counts[p]++;
			}
		}
		for (int i = 0; i < this.size; i++) {
			this.children[i] = new int[counts[i]];
		}
		Arrays.fill(counts, 0);
		for (int i = 0; i < this.size; i++) {
			int p = this.parent[i];
			if (p >= 0) {
				this.children[p][counts[p]++] = i;
			}
		}
	}

	private int[] topDown() {
		int[] found = new int[this.size];
		int count = 0;
		for (int i = 0; i < this.size; i++) {
			if (this.parent[i] < 0) {
				found[count++] = i;
			}
		}
		for (int done = 0; done < count; done++) {
			for (int child : this.children[found[done]]) {
				found[count++] = child;
			}
		}
		return found;
	}

	private void classify(int i) {
		int p = this.parent[i];
		if (p < 0) {
			this.owner[i] = -1;
			return;
		}
		this.owner[i] = startsWork(p) || this.reading[p].asks ? p : this.owner[p];
		boolean same = this.process[p] == this.process[i];
		Span.Kind kind = this.spans.get(i).kind();
		boolean gaveUp = this.ending[p].callerLeft || (this.ending[p].outcome != Ending.Outcome.FINE
				&& (!same || this.ending[p].timedOut || this.reading[p].asks));
		boolean outlives = this.end[i] > this.end[p] + (same ? SLACK : Clocks.serverSlack(duration(p)));
		this.abandoned[i] = outlives && gaveUp && this.start[i] < this.end[p];
		this.detached[i] = (kind == Span.Kind.CONSUMER && (!same || this.spans.get(p).kind() == Span.Kind.PRODUCER)
				&& !isReplyAwaited(i)) || (outlives && !this.abandoned[i])
				|| (this.start[i] >= this.end[p] && this.end[i] > this.end[p]);
		this.asynchronous[i] = this.detached[i] || this.asynchronous[p];
	}

	/** Who asks by a message, and does not end before the work on it has. */
	private boolean isReplyAwaited(int consumer) {
		int asking = this.parent[consumer];
		return this.spans.get(asking).kind() == Span.Kind.CLIENT && this.end[consumer] <= this.end[asking]
				&& 2 * duration(consumer) > duration(asking);
	}

	/**
	 * Nobody waits for what is done about a message, even if all the trace is about it.
	 */
	boolean waitedFor(int i) {
		return !this.asynchronous[i] && this.spans.get(this.root).kind() != Span.Kind.CONSUMER;
	}

	/**
	 * Whether all ended as this span did: it is the root, or the call with which a root
	 * ended that does not say how. So do people's clicks and load generators' visits.
	 */
	boolean isAnswer(int i) {
		return i == this.root || (this.closing[i] && this.reading[i].asks && answering(i) >= 0);
	}

	/** Whether all above it failed, up to the answer. */
	boolean failsAnswer(int i) {
		int step = i;
		while (step >= 0 && (step == i || broken(step))) {
			if (isAnswer(step)) {
				return true;
			}
			step = this.parent[step];
		}
		return false;
	}

	private void findClosing() {
		long[] lastEnd = new long[this.size];
		for (int i = 0; i < this.size; i++) {
			if (this.parent[i] >= 0) {
				lastEnd[this.parent[i]] = Math.max(lastEnd[this.parent[i]], this.end[i]);
			}
		}
		for (int i : this.order) {
			int p = this.parent[i];
			this.closing[i] = i == this.root || (p >= 0 && this.closing[p] && this.ending[p].saysNothing()
					&& !this.detached[i] && this.end[i] >= lastEnd[p] - SLACK);
		}
	}

	/** Whether work comes into a service here, from outside or from a queue. */
	boolean startsWork(int i) {
		return this.parent[i] < 0 || this.reading[i].receives || crosses(i);
	}

	/** From one service to another; not just from one of its instances to another. */
	boolean crosses(int i) {
		return this.parent[i] >= 0 && !service(i).equals(service(this.parent[i]));
	}

	/** Part of one of the pieces into which a job divides its work. */
	boolean ofChunk(int i) {
		return this.parent[i] >= 0 && this.reading[this.parent[i]].chunk();
	}

	/** A service's own work that calls nobody. */
	boolean worksAlone(int i) {
		return this.spans.get(i).ownWork() && !this.reading[i].asks && !crosses(i) && this.children[i].length == 0;
	}

	/** Of a server its caller may say so alone: what was asked for is in the URL. */
	boolean waitsByDesign(int i) {
		int caller = this.parent[i];
		return this.byDesign[i].waits() || (caller >= 0 && this.spans.get(i).kind() == Span.Kind.SERVER
				&& this.reading[caller].asks && this.byDesign[caller].waits());
	}

	/** Done again in another piece of work, it is a matter of who asked twice. */
	String step(int i) {
		return this.owner[i] + "\n" + shape(i);
	}

	/** What is done where, whoever it is done for. */
	String work(int i) {
		return service(i) + "\n" + this.spans.get(i).name();
	}

	String service(int i) {
		return this.spans.get(i).service();
	}

	long duration(int i) {
		return this.end[i] - this.start[i];
	}

	/** Whether somebody takes a task from here, for which this span does not wait. */
	boolean handsOver(int i) {
		return Arrays.stream(this.children[i])
			.anyMatch((task) -> this.detached[task] && this.spans.get(task).kind() != Span.Kind.CONSUMER);
	}

	boolean broken(int i) {
		return this.ending[i].outcome == Ending.Outcome.BROKEN;
	}

	/** The callee that went on when this caller gave up; -1 if none. */
	int abandonedBy(int i) {
		return Arrays.stream(this.children[i]).filter((child) -> this.abandoned[child]).findFirst().orElse(-1);
	}

	/** It waited for somebody, and not until the end. */
	boolean gaveUp(int i) {
		return this.ending[i].timedOut || abandonedBy(i) >= 0 || cutOff(i);
	}

	/**
	 * It waited for an answer, and its work ended long before that of whoever was asked;
	 * a callee that only tidies up after its answer is done soon.
	 */
	boolean leftEarly(int i) {
		int answering = answering(i);
		return answering >= 0 && this.end[answering] - this.end[i] >= duration(i) / 5;
	}

	/** Proxies say of the request that time was up, and of their own call nothing. */
	private boolean cutOff(int i) {
		int p = this.parent[i];
		return p >= 0 && this.reading[p].proxy() && this.process[p] == this.process[i] && this.ending[p].timedOut
				&& broken(i) && this.ending[i].problem.isEmpty();
	}

	/**
	 * The delivery of a message that failed and sent it off to be delivered again later;
	 * -1 if this is the first one.
	 */
	int deliveryBefore(int i) {
		int giver = this.owner[i];
		int before = (giver >= 0) ? this.owner[giver] : -1;
		boolean again = before >= 0 && this.spans.get(i).kind() == Span.Kind.CONSUMER
				&& this.spans.get(before).kind() == Span.Kind.CONSUMER && service(before).equals(service(i))
				&& broken(before) && (this.reading[giver].destination().toLowerCase(Locale.ROOT).contains("retry")
						|| this.spans.get(before).name().equals(this.spans.get(i).name()));
		return again ? before : -1;
	}

	private void findAnswering() {
		Arrays.fill(this.answering, -1);
		for (int i = 0; i < this.size; i++) {
			int p = this.parent[i];
			Span.Kind kind = this.spans.get(i).kind();
			if (p >= 0 && this.answering[p] < 0 && kind != Span.Kind.CONSUMER
					&& (this.process[p] != this.process[i] || kind == Span.Kind.SERVER)) {
				this.answering[p] = i;
			}
		}
	}

	/** Who did the work that this span asked for, if they are in the trace; else -1. */
	int answering(int i) {
		return this.answering[i];
	}

	/** Who was asked, by the best name there is. */
	String callee(int i) {
		int answering = answering(i);
		if (answering >= 0) {
			return service(answering);
		}
		if (!this.reading[i].asks || (crosses(i) && !this.reading[this.parent[i]].asks)) {
			return service(i);
		}
		String peer = this.reading[i].peer();
		return (peer.isEmpty() || peer.equals(service(i))) ? this.reading[i].title() : peer;
	}

	/**
	 * Who asked; some instrumentation gives a database's spans a service of their own.
	 */
	String caller(int i) {
		return (crosses(i) && !this.reading[i].receives && answering(i) < 0) ? service(this.parent[i]) : service(i);
	}

	/** What was asked, as the one who did it calls it, since they know it best. */
	String operation(int i) {
		int answering = answering(i);
		boolean better = answering >= 0 && this.reading[answering].receives;
		return this.reading[better ? answering : i].title();
	}

	/** Equal for calls that ask the same of the same. */
	String shape(int i) {
		String known = this.shapes[i];
		if (known == null) {
			known = newShape(i);
			this.shapes[i] = known;
		}
		return known;
	}

	private String newShape(int i) {
		int answering = answering(i);
		if (answering >= 0 && !this.spans.get(answering).text("http.route").isEmpty()) {
			return service(answering) + " " + this.spans.get(answering).name();
		}
		String asked = (answering >= 0 ? service(answering) : service(i)) + " " + this.reading[i].shape();
		// A call that nobody answered is like those that were.
		boolean unanswered = answering < 0 && this.reading[i].asks && this.ending[i].outcome != Ending.Outcome.FINE;
		return unanswered ? answeredShapes().getOrDefault(asked, asked) : asked;
	}

	private Map<String, String> answeredShapes() {
		Map<String, String> known = this.answeredShapes;
		if (known == null) {
			known = new HashMap<>();
			for (int i = 0; i < this.size; i++) {
				if (answering(i) >= 0) {
					String asked = service(i) + " " + this.reading[i].shape();
					known.merge(asked, shape(i), (one, other) -> one.equals(other) ? one : asked);
				}
			}
			this.answeredShapes = known;
		}
		return known;
	}

	/** Its name, in which numbers and other values do not count. */
	String commonName(int i) {
		return Shapes.path(this.spans.get(i).name());
	}

	/** Its children, by their common names. */
	Map<String, List<Integer>> childrenByName(int i) {
		return Arrays.stream(this.children[i]).boxed().collect(Collectors.groupingBy(this::commonName));
	}

}
