package io.twelveseconds.trace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * Finds long stretches of the critical path. Time is always that of the deepest span that
 * was being waited for, so a slow callee never makes its callers look slow.
 */
final class Delays {

	enum Where {

		/** At somebody who was asked and is not traced, a database above all. */
		CALLEE,

		/** In a service that has no connection free, if its own span tells so. */
		POOL,

		/** In a service's own code, in a span without any other below. */
		CODE,

		/** In a service, between or beside the spans that it has. */
		GAP,

		/**
		 * After the caller has asked and before the callee has begun, or on the way back.
		 */
		BETWEEN,

		/** After a message or task was handed over and before anybody took it. */
		QUEUE

	}

	/** So long an answer may be on its way. */
	private static final long ANSWERED = Limits.millis(100);

	private static final String POOL_ADVICE = "Others hold the connections for so long: the service's other traces of that moment show who (a slow statement, a transaction that calls somebody, a connection that is never given back). Bound those or give them a pool of their own; a larger pool only puts it off.";

	private static final String QUEUE_ADVICE = "Look at the consumers: too few, too slow, stopped, rebalancing, or stuck on an earlier message. Their lag tells. If the delay is meant, all is well.";

	private final Timeline timeline;

	private final CriticalPath path;

	private final boolean asynchronous;

	private final Calls calls;

	private final Usual usual;

	private final Deliberate deliberate;

	/** By parent and name. */
	private final Map<Integer, Map<String, Long>> mediansBeside = new HashMap<>();

	/** By service and name, of what is done without anybody waiting. */
	private final Map<String, Long> mediansElsewhere = new HashMap<>();

	/** By the first of the calls that are alike. */
	private final Map<Integer, Long> medians = new HashMap<>();

	Delays(Timeline timeline, CriticalPath path, boolean asynchronous, Calls calls, Usual usual) {
		this.timeline = timeline;
		this.path = path;
		this.asynchronous = asynchronous;
		this.calls = calls;
		this.usual = usual;
		this.deliberate = new Deliberate(timeline, calls, path.nanos());
	}

	List<Draft> find() {
		Map<String, Stretch> stretches = new LinkedHashMap<>();
		List<CriticalPath.Segment> segments = this.path.segments();
		// A queue is as long as it is; elsewhere a span may be interrupted by its
		// children.
		Map<Integer, Long> self = new HashMap<>();
		Map<Integer, Long> pauses = new HashMap<>();
		Map<String, Long> steps = new HashMap<>();
		for (CriticalPath.Segment segment : segments) {
			if (!segment.waiting()) {
				self.merge(segment.span(), segment.nanos(), Long::sum);
				if (segment.nanos() >= Limits.PAUSE) {
					pauses.merge(segment.span(), segment.nanos(), Long::sum);
				}
				if (this.timeline.worksAlone(segment.span())) {
					steps.merge(this.timeline.step(segment.span()), segment.nanos(), Long::sum);
				}
			}
		}
		for (int step = 0; step < segments.size(); step++) {
			CriticalPath.Segment segment = segments.get(step);
			int span = segment.span();
			if ((segment.waiting() && this.deliberate.lies(span))
					|| (this.asynchronous && !this.timeline.asynchronous[span])) {
				continue;
			}
			Where where = segment.waiting() ? Where.QUEUE : where(span);
			long single = (where == Where.GAP || where == Where.QUEUE) ? segment.nanos() : self.getOrDefault(span, 0L);
			long all = (where == Where.GAP) ? pauses.getOrDefault(span, 0L)
					: this.timeline.worksAlone(span) ? steps.getOrDefault(this.timeline.step(span), 0L) : 0;
			single = addUp(all) ? all : single;
			Reason reason = reason(where, span, single);
			if (reason != null && !(where == Where.GAP && (this.deliberate.pauses(segment) || isEndedLate(segment)))) {
				String key = where + "\n" + this.timeline.service(span) + "\n" + this.timeline.shape(span) + "\n"
						+ reason.named();
				stretches.computeIfAbsent(key, (any) -> new Stretch(where, reason)).add(span, step, segment.nanos());
			}
		}
		return stretches.values()
			.stream()
			.filter((stretch) -> share(stretch.nanos) >= stretch.reason.share())
			.sorted(Comparator.comparingLong((Stretch stretch) -> stretch.nanos).reversed())
			.map(this::draft)
			.toList();
	}

	/**
	 * Whether it is all that is left of a span whose caller has its answer: some
	 * instrumentations end the span with the connection.
	 */
	private boolean isEndedLate(CriticalPath.Segment gap) {
		int span = gap.span();
		int caller = this.timeline.parent[span];
		return this.timeline.spans.get(span).kind() == Span.Kind.SERVER && this.timeline.crosses(span)
				&& this.timeline.ending[caller].outcome == Ending.Outcome.FINE
				&& this.timeline.end[caller] <= gap.from() + ANSWERED && gap.to() == this.timeline.end[span];
	}

	/** Many short ones may take as much as a long one. */
	private boolean addUp(long all) {
		return all >= Limits.UNWAITED && share(all) >= Limits.STEP_SHARE;
	}

	private Where where(int span) {
		Reading reading = this.timeline.reading[span];
		if (reading.poolWait || 2 * reading.waitedForConnection() > this.timeline.duration(span)) {
			return Where.POOL;
		}
		int answering = this.timeline.answering(span);
		// If somebody between the two is missing, the time may well be theirs.
		if (answering >= 0 && !this.timeline.adopted.containsKey(answering)
				&& (reading.asks || reading.proxy() || reading.calledCall())) {
			return Where.BETWEEN;
		}
		if (reading.asks
				|| (this.timeline.crosses(span) && !reading.receives && this.timeline.children[span].length == 0)) {
			return Where.CALLEE;
		}
		return (this.timeline.children[span].length == 0) ? Where.CODE : Where.GAP;
	}

	private @Nullable Reason reason(Where where, int span, long single) {
		Reading reading = this.timeline.reading[span];
		// If others answer than whoever was asked, the time between is theirs who is
		// missing.
		if (this.deliberate.waits(where, span) || (where == Where.BETWEEN && this.calls.answeredByOthers(span))
				|| this.timeline.adopted.containsKey(this.timeline.answering(span))) {
			return null;
		}
		boolean model = this.timeline.byDesign[span].model();
		boolean statement = where == Where.CALLEE && !reading.database().isEmpty() && !this.deliberate.isShare(span);
		boolean later = this.asynchronous && this.timeline.spans.get(this.timeline.root).kind() != Span.Kind.PRODUCER;
		long unnoticed = this.timeline.waitedFor(span) ? 0 : later ? Limits.LATER : Limits.UNWAITED;
		long limit = switch (where) {
			case QUEUE -> Math.max(Limits.QUEUE, unnoticed);
			// From there it is the internet, with connections to be set up.
			case BETWEEN -> reading.browser() ? Limits.WORK : Limits.BETWEEN;
			case POOL -> Limits.GAP;
			case GAP -> Math.max(Limits.GAP, unnoticed);
			case CALLEE, CODE -> model ? Limits.MODEL : Math
				.max(statement ? Limits.STATEMENT : (where == Where.CALLEE) ? Limits.OUTSIDE : Limits.WORK, unnoticed);
		};
		String comparison = comparison(where, span, single);
		if (single >= limit && !this.deliberate.hasMuchToDo(where, span)) {
			boolean ordinaryStep = comparison.isEmpty() && this.deliberate.isStepOfJob(where, span);
			return new Reason(ordinaryStep ? Limits.STEP_SHARE : Limits.SHARE, comparison);
		}
		return comparison.isEmpty() ? null : new Reason(Limits.PATTERN_SHARE, comparison);
	}

	/** How far it is above its like or its usual time; empty if it is not. */
	private String comparison(Where where, int span, long single) {
		if (where == Where.QUEUE || this.timeline.byDesign[span].model()) {
			return "";
		}
		Optional<Duration> known = this.usual.duration(this.timeline.spans.get(span));
		if (known.isPresent()) {
			long usually = known.get().toNanos();
			long excess = this.timeline.duration(span) - usually;
			if (excess >= Limits.UNUSUAL_EXCESS && this.timeline.duration(span) >= usually * Limits.UNUSUAL
					&& single * 2 >= excess) {
				return "usually %s".formatted(Words.time(usually));
			}
		}
		List<Integer> like = this.calls.like(span);
		if (like.size() >= Limits.COMPARED && (where == Where.CALLEE || where == Where.CODE)) {
			long median = this.medians.computeIfAbsent(like.get(0),
					(any) -> Usual.median(like.stream().map(this.timeline::duration).toList()));
			if (single >= median * Limits.OUTLIER && single - median >= Limits.OUTLIER_EXCESS) {
				return "the median of the %d calls of this kind is %s".formatted(like.size(), Words.time(median));
			}
		}
		long beside = (where == Where.CODE) ? medianBeside(span) : 0;
		long alone = Math.min(single, this.timeline.duration(span));
		if (beside > 0 && alone >= beside * Limits.OUTLIER && alone - beside >= Limits.OUTLIER_EXCESS) {
			return "the median of its like beside it is %s".formatted(Words.time(beside));
		}
		long elsewhere = (where == Where.CODE && this.asynchronous) ? medianElsewhere(span) : 0;
		if (elsewhere > 0 && alone >= elsewhere * Limits.OUTLIER && alone - elsewhere >= Limits.UNWAITED) {
			return "the median of its like for other messages is %s".formatted(Words.time(elsewhere));
		}
		return "";
	}

	/** How long the same piece of work takes for each message; 0 if they are few. */
	private long medianElsewhere(int span) {
		if (this.mediansElsewhere.isEmpty()) {
			IntStream.range(0, this.timeline.size)
				.filter((i) -> this.timeline.asynchronous[i] && this.timeline.children[i].length == 0)
				.boxed()
				.collect(Collectors.groupingBy(this.timeline::work,
						Collectors.mapping(this.timeline::duration, Collectors.toList())))
				.forEach((work, all) -> this.mediansElsewhere.put(work,
						(all.size() > Limits.COMPARED) ? Usual.median(all) : 0));
		}
		return this.mediansElsewhere.getOrDefault(this.timeline.work(span), 0L);
	}

	/** How long what the same piece of work does often takes; 0 if it is not often. */
	private long medianBeside(int span) {
		int parent = this.timeline.parent[span];
		return (parent < 0) ? 0 : this.mediansBeside.computeIfAbsent(parent, (any) -> {
			Map<String, Long> medians = new HashMap<>();
			this.timeline.childrenByName(parent).forEach((name, alike) -> {
				if (alike.size() >= Limits.OFTEN) {
					medians.put(name, Usual.median(alike.stream().map(this.timeline::duration).toList()));
				}
			});
			return medians;
		}).getOrDefault(this.timeline.commonName(span), 0L);
	}

	private double share(long nanos) {
		return (double) nanos / this.path.nanos();
	}

	private Draft draft(Stretch stretch) {
		int span = stretch.longest();
		Timeline t = this.timeline;
		String service = t.service(span);
		String title = t.reading[span].title();
		int many = stretch.spans.size();
		String time = Words.time(stretch.nanos);
		String share = Words.percent(share(stretch.nanos));
		String compared = stretch.reason.named().isEmpty() ? "" : " (" + stretch.reason.named() + ")";
		String each = (many > 1) ? ", about %s each".formatted(Words.time(stretch.nanos / many)) : "";
		List<Integer> proofs = new ArrayList<>(List.of(span));
		proofs.addAll(stretch.spans);
		Finding.Kind kind;
		String sentence;
		String advice;
		String remark = t.reading[span].remark();
		switch (stretch.where) {
			case CALLEE -> {
				kind = Finding.Kind.SLOW_SPAN;
				boolean statement = !t.reading[span].database().isEmpty();
				String asker = t.caller(span);
				sentence = "%s waits %s for %s: %s%s%s%s. That is %s of the time.".formatted(asker, time,
						t.callee(span), (many > 1) ? many + " times " : "", title, each, compared, share);
				advice = statement
						? "Look at what the statement waits for (locks held by other transactions, a missing index, too many rows): its plan and the database's list of waiting sessions tell."
						: "Look into the callee, which is not in this trace: trace it too, give the call a timeout that the customer can bear.";
			}
			case POOL -> {
				kind = Finding.Kind.POOL_WAIT;
				String pool = t.reading[span].pool();
				sentence = "%s waits %s in %s for a free connection of its pool%s (%s%s)%s. That is %s of the time."
					.formatted(service, time, t.reading[Math.max(0, t.parent[span])].title(),
							pool.isEmpty() ? "" : " " + pool, (many > 1) ? many + " times " : "", title, each, share);
				advice = POOL_ADVICE;
			}
			case CODE -> {
				kind = t.byDesign[span].pausesBeforeRetry() ? Finding.Kind.RETRIES : Finding.Kind.SLOW_SPAN;
				sentence = "%s spends %s in %s%s%s%s, without calling anybody in the trace. That is %s of the time."
					.formatted(service, time, (many > 1) ? many + " times " : "", title, each, compared, share);
				advice = (kind == Finding.Kind.RETRIES)
						? "These are pauses between attempts: look at why the attempts before them failed, and whether somebody may be made to wait for so many."
						: "Profile this operation, or add spans to it: it computes, sleeps, or waits for something that is not traced.";
			}
			case GAP -> {
				boolean pool = Ending.tellsOfPool(remark);
				kind = pool ? Finding.Kind.POOL_WAIT : Finding.Kind.UNEXPLAINED_GAP;
				Neighbours neighbours = neighbours(stretch);
				sentence = "%s spends %s in %s%s without any span that says on what%s%s. That is %s of the time."
					.formatted(service, time, title, (many > 1) ? " (%d times%s)".formatted(many, each) : "", compared,
							neighbours.words(), share);
				advice = pool ? POOL_ADVICE
						: "Look for waiting that is not traced: a connection or thread pool without a free place, a lock, garbage collection; then for computing. Pool metrics and a profile at that time tell.";
				proofs.addAll(neighbours.spans());
			}
			case BETWEEN -> {
				int answering = t.answering(span);
				boolean pool = Ending.tellsOfPool(remark);
				if (t.leftEarly(span)) {
					kind = Finding.Kind.TIMEOUT;
					sentence = "%s waits %s for %s of %s%s and leaves; the callee goes on for %s. That is %s of the time."
						.formatted(service, time, t.reading[answering].title(), t.service(answering),
								(many > 1) ? ", %d times,".formatted(many) : "",
								Words.time(t.end[answering] - t.end[span]), share);
					advice = "Look at why the callee takes so long, and whether what it does is of use to anybody when its caller has gone.";
				}
				else if (!pool && t.reading[span].givesTask()
						&& 2 * (t.start[answering] - t.start[span]) > stretch.nanos) {
					kind = Finding.Kind.QUEUEING;
					sentence = workWaits(service, time, t.service(answering), t.reading[answering].title(), share);
					advice = QUEUE_ADVICE;
				}
				else {
					kind = pool ? Finding.Kind.POOL_WAIT : Finding.Kind.LOST_BETWEEN;
					sentence = "%s lies between %s and %s: the caller waits %s for %s, but the callee works only %s on it%s%s. That is %s of the time."
						.formatted(time, service, t.service(answering), Words.time(t.duration(span)),
								t.reading[answering].title(), Words.time(t.duration(answering)),
								(many > 1) ? ", %d times".formatted(many) : "", compared, share);
					advice = pool ? POOL_ADVICE
							: "Look at what lies between the two: setting up connections (DNS, TLS), a full connection pool of the caller, a proxy, the network, or requests that queue before the callee takes them.";
					remark = pool ? remark : t.reading[answering].remark();
				}
				stretch.spans.forEach((call) -> proofs.add(t.answering(call)));
			}
			default -> {
				kind = Finding.Kind.QUEUEING;
				int giver = t.parent[span];
				boolean message = t.spans.get(giver).kind() == Span.Kind.PRODUCER
						|| t.spans.get(span).kind() == Span.Kind.CONSUMER;
				sentence = message ? "%s in %s for %s before %s takes %s (%s). That is %s of the time.".formatted(
						(many > 1) ? many + " messages lie" : "A message lies", t.reading[giver].destination(),
						(many > 1) ? time + " together" : time, service, (many > 1) ? "them" : "it", title, share)
						: workWaits(t.service(giver), time, service, title, share);
				advice = QUEUE_ADVICE;
				proofs.add(giver);
			}
		}
		if (!remark.isEmpty()) {
			sentence += " The span itself says: " + remark + ".";
		}
		// What an orphan does for so long somebody may know who has its lost parent.
		boolean lost = (stretch.where == Where.CODE || stretch.where == Where.GAP)
				&& t.adopted.keySet().containsAll(stretch.spans);
		// Work that is done after the answer takes its time, or it would be done before.
		boolean meant = this.asynchronous && stretch.where == Where.CODE && stretch.reason.named().isEmpty();
		// What takes less than a second outside may always take so long; a failure is
		// one.
		boolean usual = stretch.where == Where.CALLEE && t.reading[span].database().isEmpty()
				&& stretch.reason.named().isEmpty() && stretch.nanos < Limits.UNWAITED;
		double weight = meant ? 0 : share(stretch.nanos) * (lost ? 0.5 : usual ? 0.59 : 1);
		return new Draft(kind, Draft.proofs(proofs), stretch.nanos, share(stretch.nanos), weight, stretch.claims,
				sentence, advice);
	}

	private static String workWaits(String giver, String time, String taker, String task, String share) {
		return "Work waits in %s for %s before %s starts it (%s). That is %s of the time.".formatted(giver, time, taker,
				task, share);
	}

	/** What ended before the longest gap and what began after it. */
	private Neighbours neighbours(Stretch stretch) {
		CriticalPath.Segment gap = this.path.segments().get(stretch.longestStep);
		int before = -1;
		int after = -1;
		for (int child : this.timeline.children[gap.span()]) {
			if (this.timeline.end[child] <= gap.from()
					&& (before < 0 || this.timeline.end[child] > this.timeline.end[before])) {
				before = child;
			}
			if (this.timeline.start[child] >= gap.to()
					&& (after < 0 || this.timeline.start[child] < this.timeline.start[after])) {
				after = child;
			}
		}
		List<String> words = new ArrayList<>();
		Set<Integer> spans = new LinkedHashSet<>();
		if (before >= 0) {
			words.add("after " + this.timeline.reading[before].title());
			spans.add(before);
		}
		if (after >= 0) {
			words.add("before " + this.timeline.reading[after].title());
			spans.add(after);
		}
		return new Neighbours(words.isEmpty() ? "" : ", " + Words.list(words), spans);
	}

	private record Neighbours(String words, Set<Integer> spans) {
	}

	private record Reason(double share, String named) {
	}

	private static final class Stretch {

		private final Where where;

		private final Reason reason;

		private final Set<Integer> spans = new LinkedHashSet<>();

		private final BitSet claims = new BitSet();

		private long nanos;

		private long longestNanos;

		private int longestStep;

		private int longestSpan;

		Stretch(Where where, Reason reason) {
			this.where = where;
			this.reason = reason;
		}

		void add(int span, int step, long nanos) {
			this.spans.add(span);
			this.claims.set(step);
			this.nanos += nanos;
			if (nanos > this.longestNanos) {
				this.longestNanos = nanos;
				this.longestStep = step;
				this.longestSpan = span;
			}
		}

		int longest() {
			return this.longestSpan;
		}

	}

}
