package io.twelveseconds.trace;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.twelveseconds.trace.Delays.Where;
import org.jspecify.annotations.Nullable;

/**
 * Time that is meant to pass, by what a span says itself and by what lies around it:
 * whoever waits on purpose, and work that is as long as there is much to do.
 */
final class Deliberate {

	/** How a large piece of work is divided, if it is. */
	private enum Share {

		NONE,

		/** All begun together. */
		AT_ONCE,

		/** By fewer than there are shares. */
		IN_TURNS

	}

	/** Where more began at about the same time, they are looked at no further. */
	private static final int NEIGHBOURS = 100;

	/** Libraries put so many spans of their own around a call. */
	private static final int HOPS = 3;

	private final Timeline timeline;

	private final Calls calls;

	/** Nobody has asked for it from outside. */
	private final boolean nobodyAsked;

	/** Nobody has, and it takes long, comes by the clock or is known to be long. */
	private final boolean job;

	/** By parent: when those began that were not asked for the first time. */
	private final Map<Integer, Set<Long>> laterAttempts = new HashMap<>();

	/** By span: whether all it does is to hand over work to others. */
	private final Map<Integer, Boolean> orchestrators = new HashMap<>();

	/** By service, in the order of their starts. */
	private @Nullable Map<String, List<Integer>> longSteps;

	/** By parent: whether it asks again and again. */
	private final Map<Integer, Boolean> polling = new HashMap<>();

	/** By parent and name. */
	private final Map<Integer, Map<String, Share>> shares = new HashMap<>();

	/**
	 * Of own work that is done often and evenly, by owner and shape: how long it may
	 * take.
	 */
	private @Nullable Map<String, Long> rounds;

	/** By the first of the calls that are alike. */
	private final Map<Integer, Long> perMegabyte = new HashMap<>();

	/** By parent and consumer: when it first ended in failure. */
	private final Map<Integer, Map<String, Long>> failedDeliveries = new HashMap<>();

	/**
	 * @param nanos that all of it takes
	 */
	Deliberate(Timeline timeline, Calls calls, long nanos) {
		this.timeline = timeline;
		this.calls = calls;
		LongByDesign root = timeline.byDesign[timeline.root];
		boolean scheduled = root.scheduled();
		this.nobodyAsked = scheduled || beginsByItself(timeline, timeline.root);
		this.job = this.nobodyAsked && (nanos >= Limits.JOB || scheduled || root.startsApplication());
	}

	/** It says nothing of anybody who asked. */
	private static boolean beginsByItself(Timeline timeline, int root) {
		Span.Kind kind = timeline.spans.get(root).kind();
		return kind == Span.Kind.INTERNAL || (kind == Span.Kind.UNSPECIFIED && timeline.reading[root].path().isEmpty());
	}

	/** Whether its time is its own affair, however long. */
	boolean waits(Where where, int span) {
		boolean forNews = where != Where.QUEUE
				&& (this.timeline.waitsByDesign(span) || transfers(span) || transfersFor(span));
		boolean person = where != Where.BETWEEN && this.timeline.reading[span].browser()
				&& !this.timeline.byDesign[this.timeline.root].startsApplication();
		return forNews || person || (where == Where.CODE && (isColdStart(span) || isPauseOfPolling(span)
				|| isPaced(span) || waitsForOwner(span) || fillsBatch(span)));
	}

	/** What is large takes its time, but not much more than what is as large. */
	private boolean transfers(int span) {
		return this.timeline.byDesign[span].transfers() && (this.calls.like(span).size() < Limits.COMPARED
				|| this.timeline.byDesign[span].nanosPerMegabyte() <= Limits.OUTLIER * usualPerMegabyte(span));
	}

	private long usualPerMegabyte(int span) {
		List<Integer> like = this.calls.like(span);
		return this.perMegabyte.computeIfAbsent(like.get(0), (any) -> Usual
			.median(like.stream().map((one) -> this.timeline.byDesign[one].nanosPerMegabyte()).toList()));
	}

	/** The part of long polling, or of a step whose kind is to wait, that does so. */
	private boolean waitsForOwner(int span) {
		int owner = this.timeline.owner[span];
		int step = this.timeline.parent[span];
		return (owner >= 0 && this.timeline.byDesign[span].awaits() && this.timeline.waitsByDesign(owner))
				|| (step >= 0 && this.timeline.byDesign[step].isWaitingKind());
	}

	/** Whether it sends or gets what work above it says to be large. */
	private boolean transfersFor(int call) {
		Reading reading = this.timeline.reading[call];
		int work = this.timeline.parent[call];
		for (int hops = 0; reading.asks && !reading.method().isEmpty() && work >= 0 && hops < HOPS; hops++) {
			if (!this.timeline.spans.get(work).ownWork()) {
				return false;
			}
			if (this.timeline.byDesign[work].isLarge()) {
				return 2 * this.timeline.duration(call) > this.timeline.duration(work);
			}
			work = this.timeline.parent[work];
		}
		return false;
	}

	/**
	 * Whether it takes long because there is much to do. It may be longer than its like.
	 */
	boolean hasMuchToDo(Where where, int span) {
		Reading reading = this.timeline.reading[span];
		return switch (where) {
			case CODE -> share(span) != Share.NONE || isOneOfSeveral(span) || isOneOfManyRounds(span)
					|| this.timeline.reading[this.timeline.root].pipeline();
			case CALLEE -> (share(span) == Share.IN_TURNS && reading.database().isEmpty())
					|| (!reading.asks && isOneOfSeveral(span))
					|| (this.job && (reading.wholeTables() || isOfOneOfManyChunks(span) || isOfShareOfJob(span)))
					|| (this.nobodyAsked && reading.batch());
			default -> false;
		};
	}

	/** Who works by himself does the same again and again, as long each time. */
	private boolean isOneOfManyRounds(int span) {
		if (!this.nobodyAsked) {
			return false;
		}
		if (this.rounds == null) {
			this.rounds = IntStream.range(0, this.timeline.size)
				.filter(this.timeline::worksAlone)
				.boxed()
				.collect(Collectors.groupingBy(this.timeline::step, Collectors.collectingAndThen(
						Collectors.mapping(this.timeline::duration, Collectors.toList()), Deliberate::evenRound)));
		}
		return this.timeline.duration(span) <= this.rounds.getOrDefault(this.timeline.step(span), 0L);
	}

	private boolean isOfOneOfManyChunks(int span) {
		return this.timeline.ofChunk(span) && this.calls.like(span).size() >= Limits.REPEATED;
	}

	private boolean isOfShareOfJob(int call) {
		int parent = this.timeline.parent[call];
		return parent >= 0 && share(parent) == Share.IN_TURNS;
	}

	/** Whether it does one share of a large piece of work, others beside it the rest. */
	boolean isShare(int span) {
		return share(span) != Share.NONE;
	}

	/** Whether a message or task was to lie so long, or did not lie unclaimed. */
	boolean lies(int span) {
		// Who tries again later waits for the callee to come back, and in no queue.
		return this.timeline.adopted.containsKey(span) || this.calls.triedBefore(span) || deliveredBefore(span)
				|| orchestrates(this.timeline.parent[span]) || heldBack(span);
	}

	/**
	 * Whether a gap is a pause. How long somebody pauses before trying again is told with
	 * the attempts; who asks again and again whether something is done pauses on purpose.
	 */
	boolean pauses(CriticalPath.Segment gap) {
		return isPause(gap) || orchestrates(gap.span())
				|| (inBackground() && this.timeline.byDesign[gap.span()].notesPacing());
	}

	/** It is done where the job runs. */
	boolean isStepOfJob(Where where, int span) {
		return this.job && (where == Where.CODE || (where == Where.CALLEE && this.timeline.ofChunk(span)))
				&& this.timeline.process[span] == this.timeline.process[this.timeline.root];
	}

	private boolean isPause(CriticalPath.Segment gap) {
		return this.laterAttempts.computeIfAbsent(gap.span(), this::laterAttempts).contains(gap.to());
	}

	private Set<Long> laterAttempts(int parent) {
		return Arrays.stream(this.timeline.children[parent])
			.filter((child) -> this.calls.triedBefore(child) || this.calls.polls(child))
			.mapToObj((child) -> this.timeline.start[child])
			.collect(Collectors.toSet());
	}

	/**
	 * A workflow does no work itself, but hands over one task after the other. What lies
	 * between them is a timer, or an event to come.
	 */
	private boolean orchestrates(int span) {
		return this.orchestrators.computeIfAbsent(span, (any) -> {
			int[] children = this.timeline.children[span];
			return Arrays.stream(children).anyMatch(this.timeline::handsOver)
					&& Arrays.stream(children).allMatch((child) -> this.timeline.handsOver(child) || isMark(child));
		});
	}

	/** It says that something is so, and takes no time. */
	private boolean isMark(int span) {
		return this.timeline.spans.get(span).ownWork() && !this.timeline.reading[span].asks
				&& this.timeline.children[span].length == 0 && this.timeline.duration(span) < Limits.millis(1);
	}

	/** Either side may say that it was to lie for so long. */
	private boolean heldBack(int span) {
		int giver = this.timeline.parent[span];
		long handedOver = this.timeline.end[giver];
		long taken = this.timeline.start[span];
		return this.timeline.byDesign[giver].heldBack(handedOver, taken)
				|| this.timeline.byDesign[span].heldBack(handedOver, taken);
	}

	/** It did not lie unclaimed: the same consumer had taken it, and failed. */
	private boolean deliveredBefore(int span) {
		int parent = this.timeline.parent[span];
		return this.timeline.deliveryBefore(span) >= 0
				|| this.failedDeliveries.computeIfAbsent(parent, this::failedDeliveries)
					.getOrDefault(this.timeline.service(span), Long.MAX_VALUE) <= this.timeline.start[span];
	}

	private Map<String, Long> failedDeliveries(int parent) {
		Map<String, Long> ends = new HashMap<>();
		for (int child : this.timeline.children[parent]) {
			if (this.timeline.broken(child)
					&& (this.timeline.detached[child] || this.timeline.spans.get(child).kind() == Span.Kind.CONSUMER)) {
				ends.merge(this.timeline.service(child), this.timeline.end[child], Math::min);
			}
		}
		return ends;
	}

	/**
	 * Whether a large piece of work is shared out evenly, to be done side by side: then
	 * how long each share takes is a matter of how much there is to do.
	 */
	private Share share(int span) {
		int parent = this.timeline.parent[span];
		return (parent < 0) ? Share.NONE : this.shares.computeIfAbsent(parent, this::shares)
			.getOrDefault(this.timeline.commonName(span), Share.NONE);
	}

	private Map<String, Share> shares(int parent) {
		Map<String, Share> shares = new HashMap<>();
		this.timeline.childrenByName(parent)
			.forEach((name, alike) -> shares.put(name, (alike.size() >= Limits.OFTEN) ? share(alike) : Share.NONE));
		return shares;
	}

	private Share share(List<Integer> alike) {
		List<Long> durations = alike.stream().map(this.timeline::duration).toList();
		long from = alike.stream().mapToLong((one) -> this.timeline.start[one]).min().orElse(0);
		long to = alike.stream().mapToLong((one) -> this.timeline.end[one]).max().orElse(0);
		long sum = durations.stream().mapToLong(Long::longValue).sum();
		if (sum < 2 * (to - from) || !isEven(durations)) {
			return Share.NONE;
		}
		return (Collections.max(durations) * 2 <= to - from) ? Share.IN_TURNS : Share.AT_ONCE;
	}

	private static boolean isEven(List<Long> durations) {
		return Collections.max(durations) <= 3 * Usual.median(durations);
	}

	/** Few may stand out, and are told by themselves. */
	private static long evenRound(List<Long> durations) {
		long most = 3 * Usual.median(durations);
		boolean even = durations.stream().filter((one) -> one > most).count() <= durations.size() / 10;
		return (even && durations.size() >= Limits.REPEATED) ? most : 0;
	}

	/**
	 * In the background, others of its service do as much at the same time: the work is
	 * shared out, by whatever names.
	 */
	private boolean isOneOfSeveral(int span) {
		Timeline t = this.timeline;
		if (!inBackground()) {
			return false;
		}
		List<Integer> others = longSteps().getOrDefault(t.service(span), List.of());
		int found = Collections.binarySearch(others, span, Comparator.comparingLong((one) -> t.start[one]));
		int place = (found >= 0) ? found : -found - 1;
		for (int i = Math.max(0, place - NEIGHBOURS); i < Math.min(others.size(), place + NEIGHBOURS); i++) {
			int other = others.get(i);
			long together = Math.min(t.end[span], t.end[other]) - Math.max(t.start[span], t.start[other]);
			if (other != span && 2 * Math.min(t.duration(other), together) >= t.duration(span)) {
				return true;
			}
		}
		return false;
	}

	private Map<String, List<Integer>> longSteps() {
		if (this.longSteps == null) {
			Timeline t = this.timeline;
			this.longSteps = IntStream.range(0, t.size)
				.filter((span) -> isOwnWork(span) && t.duration(span) >= Limits.WORK)
				.boxed()
				.sorted(Comparator.comparingLong((span) -> t.start[span]))
				.collect(Collectors.groupingBy(t::service));
		}
		return this.longSteps;
	}

	/** Of its service, even if another one began it; it calls nobody. */
	private boolean isOwnWork(int span) {
		Reading reading = this.timeline.reading[span];
		return this.timeline.children[span].length == 0 && !reading.asks && !reading.receives;
	}

	/** Whoever began it does not wait for it. */
	private boolean inBackground() {
		int root = this.timeline.root;
		return this.nobodyAsked || this.timeline.spans.get(root).kind() == Span.Kind.CONSUMER
				|| this.timeline.reading[root].pipeline();
	}

	private boolean isColdStart(int span) {
		int parent = this.timeline.parent[span];
		return this.timeline.byDesign[span].preparesFunction() && parent >= 0
				&& this.timeline.reading[parent].coldStart();
	}

	/** Nobody is kept waiting by a job that keeps to a rate. */
	private boolean isPaced(int span) {
		return inBackground() && this.timeline.byDesign[span].keepsToRate();
	}

	/** It collects what comes until it is time to work on it. */
	private boolean fillsBatch(int span) {
		int parent = this.timeline.parent[span];
		long nanos = this.timeline.duration(span);
		return inBackground() && (this.timeline.byDesign[span].lastsInterval(nanos)
				|| (parent >= 0 && this.timeline.byDesign[parent].lastsInterval(nanos)));
	}

	/** Who asks again and again whether something is done may say how it pauses. */
	private boolean isPauseOfPolling(int span) {
		int parent = this.timeline.parent[span];
		return this.timeline.byDesign[span].sleeps() && parent >= 0
				&& this.polling.computeIfAbsent(parent, (any) -> Arrays.stream(this.timeline.children[parent])
					.anyMatch((child) -> this.timeline.reading[child].asks && this.calls.polls(child)));
	}

}
