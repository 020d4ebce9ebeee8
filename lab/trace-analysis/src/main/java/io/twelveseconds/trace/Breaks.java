package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** Finds places at which the trace does not hang together. */
final class Breaks {

	private static final String MISSING_ADVICE = "Look whether the service in between exports its spans: to where, with which sampling, and whether it passes the context on.";

	/** Traces of many roots are made so: a session, a batch. */
	private static final int MOST_ROOTS = 5;

	/** However short the lost branch is, that it is lost is worth so much. */
	private static final double LEAST = 0.05;

	/** And however long, no more. */
	private static final double MOST = 0.5;

	/** One call whose asking side is not there may be that of a service in between. */
	private static final int MANY_CALLS = 3;

	private final Timeline timeline;

	private final Calls calls;

	private final Map<String, Integer> senders;

	private final Set<String> ids;

	private final Map<Integer, Long> lostCalls;

	private final CriticalPath toAnswer;

	private final CriticalPath toEnd;

	Breaks(Timeline timeline, CriticalPath toAnswer, CriticalPath toEnd, Calls calls) {
		this.timeline = timeline;
		this.toAnswer = toAnswer;
		this.toEnd = toEnd;
		this.calls = calls;
		this.ids = timeline.spans.stream().map(Span::id).collect(Collectors.toSet());
		this.senders = senders(timeline);
		this.lostCalls = lostCalls(timeline);
	}

	List<Draft> find() {
		Trace trace = this.timeline.trace;
		List<Span> lost = new ArrayList<>(trace.orphans().stream().filter((span) -> span != trace.root()).toList());
		boolean callerUntraced = trace.roots().isEmpty()
				&& lost.stream().allMatch((span) -> Objects.equals(span.parentId(), trace.root().parentId()));
		if (callerUntraced) {
			return calledSeveral() ? List.of(draft(trace.orphans().stream().map(this.timeline::index).toList()))
					: List.of();
		}
		long end = trace.root().endNanos();
		List<Span> roots = trace.roots();
		boolean few = roots.size() <= MOST_ROOTS;
		roots.stream()
			.filter((span) -> span != trace.root() && span.links().isEmpty())
			.filter((span) -> (few && (span.startNanos() < end || sender(this.timeline.index(span)) >= 0))
					|| isPieceOfRequest(this.timeline.index(span)))
			.forEach(lost::add);
		Map<String, List<Integer>> alike = new LinkedHashMap<>();
		for (Span span : lost) {
			int index = this.timeline.index(span);
			alike.computeIfAbsent(key(index), (any) -> new ArrayList<>()).add(index);
		}
		return Stream.concat(alike.values().stream().map(this::draft), passedOn()).toList();
	}

	/** Calls below which others answer than whoever was asked. */
	private Stream<Draft> passedOn() {
		Map<String, List<Integer>> bySilent = new LinkedHashMap<>();
		for (int call = 0; call < this.timeline.size; call++) {
			if (this.calls.answeredByOthers(call)) {
				bySilent.computeIfAbsent(this.timeline.reading[call].peer(), (any) -> new ArrayList<>()).add(call);
			}
		}
		return bySilent.values().stream().map(this::passedOn);
	}

	private Draft passedOn(List<Integer> calls) {
		Timeline t = this.timeline;
		int call = calls.get(0);
		List<Integer> proofs = new ArrayList<>(calls);
		calls.forEach((one) -> this.calls.servers(one).forEach(proofs::add));
		long time = calls.stream().mapToLong(t::duration).max().orElse(0);
		double share = share(call, time);
		String sentence = "%s asks %s (%s%s), but those who answer are %s: %s itself has no span in the trace."
			.formatted(t.service(call), t.reading[call].peer(), t.reading[call].title(),
					(calls.size() > 1) ? ", and %d more".formatted(calls.size() - 1) : "",
					Words.list(this.calls.servers(call).map(t::service).distinct().limit(3).toList()),
					t.reading[call].peer());
		// Nobody else says what it did meanwhile.
		long alone = calls.stream().mapToLong((one) -> alone(one, this.calls.servers(one).toList())).max().orElse(0);
		return new Draft(Finding.Kind.MISSING_SERVICE, Draft.proofs(proofs), time, share,
				Math.max(weight(share), share(call, alone)), new BitSet(), sentence, MISSING_ADVICE);
	}

	/** How long a call takes without those below it who answer. */
	private long alone(int call, List<Integer> answering) {
		return Math.max(0, this.timeline.duration(call) - answering.stream().mapToLong(this.timeline::duration).sum());
	}

	/** What seems to take longer than all there is goes on after its end. */
	private double share(int span, long time) {
		CriticalPath path = this.timeline.asynchronous[span] ? this.toEnd : this.toAnswer;
		return Math.min(1, (double) time / path.nanos());
	}

	private static double weight(double share) {
		return Math.max(LEAST, Math.min(share, MOST));
	}

	/** A page calls one gateway; whoever calls several is somebody who should be here. */
	private boolean calledSeveral() {
		List<Span> called = this.timeline.trace.orphans();
		return called.stream().map(Span::service).distinct().count() > 1
				&& called.stream().allMatch((span) -> span.kind() == Span.Kind.SERVER);
	}

	/** Own work without a parent, while a request was served there and not longer. */
	private boolean isPieceOfRequest(int span) {
		Timeline t = this.timeline;
		return t.process[span] == t.process[t.root] && t.reading[t.root].receives && !t.reading[span].receives
				&& t.start[span] >= t.start[t.root] && t.end[span] <= t.end[t.root];
	}

	/** Two that name each other, or one that names what lies below it. */
	private boolean isCycle(int orphan) {
		String parent = this.timeline.spans.get(orphan).parentId();
		return parent != null && this.ids.contains(parent);
	}

	private String key(int orphan) {
		Integer probable = this.timeline.adopted.get(orphan);
		if (isOfLostCalls(probable)) {
			return "calls of " + probable;
		}
		if (probable != null && this.timeline.reading[probable].asks && missesService(orphan, probable)) {
			return "below " + probable;
		}
		return this.timeline.service(orphan) + "\n" + ((probable != null) ? this.timeline.service(probable) : "") + "\n"
				+ missesService(orphan, probable) + "\n" + isCycle(orphan);
	}

	/**
	 * Whether several others were called while this was under way, and nothing of whoever
	 * called them is there: most probably it did so itself, and some of its spans got
	 * lost.
	 */
	private boolean isOfLostCalls(@Nullable Integer probable) {
		return probable != null && this.lostCalls.getOrDefault(probable, 0L) >= MANY_CALLS;
	}

	/** By where they probably belong: how many calls have lost their asking side. */
	private static Map<Integer, Long> lostCalls(Timeline t) {
		return t.adopted.entrySet()
			.stream()
			.filter((orphan) -> t.spans.get(orphan.getKey()).kind() == Span.Kind.SERVER
					&& !t.reading[orphan.getValue()].asks
					&& !t.service(orphan.getKey()).equals(t.service(orphan.getValue())))
			.collect(Collectors.groupingBy(Map.Entry::getValue, Collectors.counting()));
	}

	/** What comes from outside has its parent in another service. */
	private boolean missesService(int orphan, @Nullable Integer probable) {
		if (sender(orphan) >= 0 || isOfLostCalls(probable)) {
			return false;
		}
		Span span = this.timeline.spans.get(orphan);
		if (probable != null && this.timeline.reading[probable].asks
				&& this.calls.askedName(probable).equals(Calls.plainName(span.service()))) {
			// Between a caller and whom it asked there may be a proxy, and no service.
			return false;
		}
		boolean called = span.parentId() != null && this.timeline.reading[orphan].receives;
		boolean unanswered = probable != null && this.timeline.reading[probable].asks
				&& !this.timeline.service(probable).equals(span.service());
		return unanswered || (called && (probable == null || !this.timeline.service(probable).equals(span.service())));
	}

	/**
	 * Who gave away a message that may be this one, and that nobody has taken; -1 if
	 * none.
	 */
	private int sender(int orphan) {
		Timeline t = this.timeline;
		int sender = (t.spans.get(orphan).kind() == Span.Kind.CONSUMER)
				? this.senders.getOrDefault(t.reading[orphan].destination(), -1) : -1;
		return (sender >= 0 && t.start[sender] <= t.start[orphan]) ? sender : -1;
	}

	/** By destination, the first whose message nobody has taken. */
	private static Map<String, Integer> senders(Timeline t) {
		Map<String, Integer> senders = new HashMap<>();
		for (int i = 0; i < t.size; i++) {
			if (t.spans.get(i).kind() == Span.Kind.PRODUCER && t.children[i].length == 0) {
				senders.merge(t.reading[i].destination(), i,
						(one, other) -> (t.start[one] <= t.start[other]) ? one : other);
			}
		}
		return senders;
	}

	private Draft draft(List<Integer> orphans) {
		Timeline t = this.timeline;
		int orphan = orphans.get(0);
		int sender = sender(orphan);
		Integer probable = (sender >= 0) ? Integer.valueOf(sender) : t.adopted.get(orphan);
		boolean missing = missesService(orphan, probable);
		Set<String> parents = new LinkedHashSet<>();
		orphans.forEach((one) -> parents.add(Objects.requireNonNullElse(t.spans.get(one).parentId(), "none")));
		boolean extraRoot = parents.contains("none");
		String many = (orphans.size() == 1) ? "" : ", and %d more".formatted(orphans.size() - 1);
		boolean cycle = isCycle(orphan);
		StringBuilder sentence = new StringBuilder();
		if (cycle) {
			sentence.append("%s (%s%s) names a parent that lies below itself (%s).".formatted(t.reading[orphan].title(),
					t.service(orphan), many, Words.list(parents.stream().limit(3).toList())));
		}
		else if (extraRoot) {
			sentence.append("%s (%s%s) begins anew in the middle of the trace, without any parent."
				.formatted(t.reading[orphan].title(), t.service(orphan), many));
		}
		else {
			sentence
				.append("%s (%s%s) names a parent that is not in the trace (%s).".formatted(t.reading[orphan].title(),
						t.service(orphan), many, Words.list(parents.stream().limit(3).toList())));
		}
		boolean named = missing && probable != null && t.reading[probable].asks;
		if (named) {
			String peer = t.reading[probable].peer();
			sentence.append(
					" By its time it belongs below %s of %s, which nobody answers: the service in between%s is missing."
						.formatted(t.reading[probable].title(), t.service(probable),
								peer.isEmpty() ? "" : " (" + peer + ")"));
		}
		else if (missing) {
			sentence.append(" Whoever called it is missing.");
		}
		else if (probable != null) {
			sentence.append(" By its time it belongs below %s of %s.".formatted(t.reading[probable].title(),
					t.service(probable)));
		}
		String advice = missing ? MISSING_ADVICE
				: "Look at what lies between the two: a thread pool or queue that does not carry the context, a span that was never ended or exported, or sampling that differs.";
		long time = named ? t.duration(probable) : orphans.stream().mapToLong(t::duration).max().orElse(0);
		double share = share(orphan, time);
		// Better if somebody knows who is missing, and what they do alone nobody else
		// says.
		double weight = named ? Math.max(weight(share), share(orphan, alone(probable, orphans)))
				: weight(share) * (missing ? 0.9 : 1);
		List<Integer> proofs = new ArrayList<>(orphans);
		if (probable != null) {
			proofs.add(probable);
		}
		return new Draft(missing ? Finding.Kind.MISSING_SERVICE : Finding.Kind.BROKEN_CONTEXT, Draft.proofs(proofs),
				time, share, cycle ? 0 : weight, new BitSet(), sentence.toString(), advice);
	}

}
