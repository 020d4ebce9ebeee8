package io.twelveseconds.trace;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import io.twelveseconds.trace.Ending.Outcome;

/** Which failures were made good: somebody did the same again, and succeeded. */
final class Repairs {

	private static final Pattern BROKEN_OFF = Pattern.compile("abort|interrupt|discard", Pattern.CASE_INSENSITIVE);

	private static final Pattern DISPENSABLE = Pattern
		.compile("\\b(optional|best[-_ ]?effort|non[-_ ]?(critical|essential))\\b", Pattern.CASE_INSENSITIVE);

	/** The same, as an attribute says it, or that it is settled what to do without it. */
	private static final Pattern DISPENSABLE_IF = Pattern.compile(
			"(^|[._-])((required|mandatory|critical|essential)=false|optional=true)$|^(\\S+[._-])?fallback[._-]policy=(?!none$|false$).",
			Pattern.CASE_INSENSITIVE);

	/** What many browsers keep from being loaded. */
	private static final Pattern TRACKER = Pattern.compile(
			"^https?://[^/]*\\b(ads?|stats?|analytics|track(er|ing)?|pixel|metrics|beacon|doubleclick|googletagmanager)\\b",
			Pattern.CASE_INSENSITIVE);

	/** Breaking off takes so long at most. */
	private static final long RACE = Limits.millis(5);

	private static final long NEVER = -1;

	/** Something succeeded and was done once more: it was no repair. */
	private static final long LOOP = -2;

	private final Timeline timeline;

	private final Calls calls;

	private final Retries retries;

	private final Map<String, Long> lastConsumed = new HashMap<>();

	/** Deliveries that failed, and whose message was taken from a topic for retries. */
	private final Set<Integer> deliveredAgain = new HashSet<>();

	/** By parent and what work it was: when it was begun that succeeded at last. */
	private final Map<Integer, Map<List<Object>, Long>> doneAtLast = new HashMap<>();

	/** By parent and name: when those ended that succeeded. */
	private final Map<Integer, Map<String, TreeSet<Long>>> wins = new HashMap<>();

	/** By parent and name: when those began that were broken off when another had won. */
	private final Map<Integer, Map<String, TreeSet<Long>>> races = new HashMap<>();

	Repairs(Timeline timeline, Calls calls, Retries retries) {
		this.timeline = timeline;
		this.calls = calls;
		this.retries = retries;
		for (int i : timeline.order) {
			if (timeline.spans.get(i).kind() == Span.Kind.CONSUMER && !timeline.broken(i)) {
				this.lastConsumed.merge(consumption(i), timeline.start[i], Math::max);
				int before = timeline.deliveryBefore(i);
				while (before >= 0 && this.deliveredAgain.add(before)) {
					before = timeline.deliveryBefore(before);
				}
			}
		}
	}

	/** A consumer gets the same message again until it has done its work. */
	boolean isLastTry(int top) {
		int p = this.timeline.parent[top];
		boolean consumer = this.timeline.spans.get(top).kind() == Span.Kind.CONSUMER;
		if (p < 0 || !consumer) {
			return !repaired(top);
		}
		return !this.deliveredAgain.contains(top)
				&& this.lastConsumed.getOrDefault(consumption(top), Long.MIN_VALUE) < this.timeline.end[top];
	}

	/**
	 * Deliveries of one message to one listener have this in common. What lies below
	 * another delivery is one message of many that came together, and comes but once.
	 */
	String consumption(int i) {
		int p = this.timeline.parent[i];
		boolean ofBatch = p >= 0 && this.timeline.spans.get(p).kind() == Span.Kind.CONSUMER;
		return p + "\n" + this.timeline.service(i) + "\n" + this.timeline.spans.get(i).name()
				+ (ofBatch ? "\n" + i : "");
	}

	/** The same was done once more, and succeeded. */
	boolean repaired(int top) {
		return this.retries.madeGood(top) || succeededLater(top) || readElsewhere(top) || otherModel(top)
				|| (this.timeline.parent[top] >= 0 && doneAgain(top));
	}

	/** Who asks whether somebody can do a thing is told no, and does without. */
	boolean notOffered(int top) {
		int asker = this.timeline.parent[top];
		return asker >= 0 && this.timeline.ending[top].notImplemented() && !this.timeline.broken(asker);
	}

	/** Why this failure did no harm, in words. */
	String instead(int top) {
		if (readElsewhere(top)) {
			return "The database was asked instead.";
		}
		if (otherModel(top)) {
			return "Another model was asked instead.";
		}
		if (notOffered(top)) {
			return "The callee does not offer that, and the caller does without.";
		}
		if (tracker(top)) {
			return "Many browsers do not load such a thing.";
		}
		if (dispensable(top)) {
			return "As is said there, it can be done without.";
		}
		return lostRace(top) ? "Another that was under way with it was quicker." : "A later attempt succeeded.";
	}

	/** What a cache does not say, the database does. */
	private boolean readElsewhere(int top) {
		int next = this.calls.next(top);
		if (next < 0 || this.timeline.start[next] < this.timeline.end[top]) {
			return false;
		}
		Reading cache = this.timeline.reading[top];
		Reading database = this.timeline.reading[next];
		return cache.cache() && cache.onlyReads() && !database.database().isEmpty() && !database.cache()
				&& database.onlyReads() && this.timeline.ending[next].outcome == Outcome.FINE;
	}

	/** If one language model has no time, another is asked. */
	private boolean otherModel(int top) {
		int next = this.calls.next(top);
		return next >= 0 && this.timeline.start[next] >= this.timeline.end[top] && this.timeline.byDesign[top].model()
				&& this.timeline.byDesign[next].model() && this.timeline.ending[next].outcome == Outcome.FINE;
	}

	/** It says by its name, or its asker does, that one can do without. */
	boolean dispensable(int top) {
		int asker = this.timeline.parent[top];
		boolean own = asker >= 0 && !this.timeline.reading[asker].receives;
		String asking = own ? Reading.spaced(this.timeline.reading[asker].title()) : "";
		return tracker(top) || saysSo(top) || (own && saysSo(asker))
				|| DISPENSABLE
					.matcher(
							this.timeline.reading[top].title() + " " + this.timeline.reading[top].path() + " " + asking)
					.find();
	}

	private boolean saysSo(int span) {
		return this.timeline.spans.get(span)
			.attributes()
			.entrySet()
			.stream()
			.anyMatch((attribute) -> DISPENSABLE_IF.matcher(attribute.toString()).find());
	}

	/** A page counts its visitors, if the browser lets it. */
	private boolean tracker(int top) {
		return this.timeline.reading[top].page() && this.timeline.reading[top].httpStatus() == 0
				&& TRACKER.matcher(this.timeline.spans.get(top).text("url.full", "http.url")).find();
	}

	boolean succeededLater(int top) {
		return this.calls.lastSuccess(top) >= this.timeline.end[top] - Limits.millis(1) && !this.calls.oneOfACrowd(top);
	}

	/**
	 * Own work is tried again as calls are. It differs from a loop over items, of which
	 * each is a matter of its own, in that all failed but the last.
	 */
	private boolean doneAgain(int top) {
		return this.doneAtLast.computeIfAbsent(this.timeline.parent[top], this::doneAtLast)
			.get(this.calls.work(top)) >= this.timeline.end[top] - Limits.millis(1);
	}

	private Map<List<Object>, Long> doneAtLast(int parent) {
		Map<List<Object>, Long> starts = new HashMap<>();
		for (int child : this.timeline.children[parent]) {
			starts.merge(this.calls.work(child), this.timeline.broken(child) ? NEVER : this.timeline.start[child],
					(before, now) -> (before == NEVER) ? now : Long.valueOf(LOOP));
		}
		return starts;
	}

	/**
	 * Whoever asks several for the same, and takes what comes first, breaks the other
	 * calls off at that moment.
	 */
	boolean lostRace(int top) {
		int parent = this.timeline.parent[top];
		return brokenOff(top) || (parent >= 0 && this.races.computeIfAbsent(parent, this::races)
			.getOrDefault(this.timeline.spans.get(top).name(), new TreeSet<>())
			.subSet(this.timeline.start[top] - RACE, this.timeline.start[top] + RACE)
			.stream()
			.findAny()
			.isPresent());
	}

	/** When those were begun that were broken off: whoever began with them raced, too. */
	private Map<String, TreeSet<Long>> races(int parent) {
		Map<String, TreeSet<Long>> starts = new HashMap<>();
		for (int child : this.timeline.children[parent]) {
			if (brokenOff(child)) {
				starts.computeIfAbsent(this.timeline.spans.get(child).name(), (any) -> new TreeSet<>())
					.add(this.timeline.start[child]);
			}
		}
		return starts;
	}

	private boolean brokenOff(int top) {
		if (!BROKEN_OFF.matcher(this.timeline.ending[top].problem).find()) {
			return false;
		}
		Long won = this.wins.computeIfAbsent(this.timeline.parent[top], this::wins)
			.getOrDefault(this.timeline.spans.get(top).name(), new TreeSet<>())
			.floor(this.timeline.end[top]);
		return won != null && won > this.timeline.start[top] && won >= this.timeline.end[top] - RACE;
	}

	private Map<String, TreeSet<Long>> wins(int parent) {
		Map<String, TreeSet<Long>> ends = new HashMap<>();
		for (int child : this.timeline.children[parent]) {
			if (this.timeline.ending[child].outcome == Outcome.FINE) {
				ends.computeIfAbsent(this.timeline.spans.get(child).name(), (any) -> new TreeSet<>())
					.add(this.timeline.end[child]);
			}
		}
		return ends;
	}

}
