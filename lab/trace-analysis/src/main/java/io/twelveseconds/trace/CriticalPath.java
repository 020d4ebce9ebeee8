package io.twelveseconds.trace;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What had to be done one after the other: had any of it been quicker, the end would have
 * come sooner. At each moment it is in exactly one span, the deepest that was being
 * waited for.
 */
public final class CriticalPath {

	/**
	 * Some time on the path that no deeper span explains.
	 *
	 * @param offset from the start of the root
	 * @param waiting whether it passed before the span, while a message or task lay
	 */
	public record Step(Span span, Duration offset, Duration duration, boolean waiting) {
	}

	/** From a time to a time, in the span of this index. */
	record Segment(int span, long from, long to, boolean waiting) {

		long nanos() {
			return this.to - this.from;
		}

	}

	private final Timeline timeline;

	private final List<Segment> segments = new ArrayList<>();

	/**
	 * By span: its time on the path, with all that is below it; of a whole trace only.
	 */
	final long[] inclusive;

	final long from;

	final long to;

	private CriticalPath(Timeline timeline, long from, long to, boolean whole) {
		this.timeline = timeline;
		this.inclusive = new long[whole ? timeline.size : 0];
		this.from = from;
		this.to = to;
	}

	/** Up to the answer: the end of the root. */
	static CriticalPath toAnswer(Timeline timeline) {
		int root = timeline.root;
		CriticalPath path = new CriticalPath(timeline, timeline.start[root], timeline.end[root], true);
		path.walk(root, timeline.start[root], timeline.end[root]);
		path.sort();
		return path;
	}

	/** Up to the end of the last work, through what nobody waited for. */
	static CriticalPath toEnd(Timeline timeline) {
		int last = timeline.root;
		boolean[] within = new boolean[timeline.size];
		for (int i : timeline.order) {
			within[i] = i == timeline.root || (timeline.parent[i] >= 0 && within[timeline.parent[i]]);
			if (within[i] && timeline.end[i] > timeline.end[last] && !timeline.waitsByDesign(i)) {
				last = i;
			}
		}
		CriticalPath path = new CriticalPath(timeline, timeline.start[timeline.root], timeline.end[last], true);
		long until = timeline.end[last];
		int span = last;
		int later = last;
		while (true) {
			// What seems to have begun before the root does not make the path longer.
			long start = Math.max(path.from, timeline.start[span]);
			long end = Math.max(path.from, Math.min(until, timeline.end[span]));
			if (until > end && span != last) {
				path.segments.add(new Segment(later, end, until, true));
			}
			path.walk(span, start, Math.max(end, start));
			until = Math.min(until, start);
			if (span == timeline.root) {
				break;
			}
			later = span;
			span = timeline.parent[span];
		}
		path.sort();
		return path;
	}

	/** Of one span, whether anybody waited for it or not. */
	static CriticalPath within(Timeline timeline, int top) {
		CriticalPath path = new CriticalPath(timeline, timeline.start[top], timeline.end[top], false);
		path.walk(top, timeline.start[top], timeline.end[top]);
		path.sort();
		return path;
	}

	private void walk(int top, long from, long to) {
		Deque<Segment> open = new ArrayDeque<>();
		open.push(new Segment(top, from, to, false));
		while (!open.isEmpty()) {
			Segment part = open.pop();
			int span = part.span();
			if (this.inclusive.length > 0) {
				this.inclusive[span] += part.nanos();
			}
			long until = part.to();
			Deque<Integer> beside = new ArrayDeque<>();
			int[] children = latestFirst(span);
			int next = 0;
			while (true) {
				while (next < children.length && this.timeline.end[children[next]] > until) {
					beside.add(children[next++]);
				}
				while (!beside.isEmpty() && this.timeline.start[beside.peek()] >= until) {
					beside.remove();
				}
				// Whoever goes on at once had waited for what has just ended, whatever
				// else is under way.
				boolean atOnce = until < part.to() && next < children.length
						&& until - this.timeline.end[children[next]] <= Limits.AT_ONCE;
				if (next == children.length && beside.isEmpty()) {
					break;
				}
				int child = (beside.isEmpty() || atOnce) ? children[next++] : beside.remove();
				long start = Math.max(this.timeline.start[child], part.from());
				long end = Math.min(this.timeline.end[child], until);
				if (end > start) {
					own(span, end, until, open);
					open.push(new Segment(child, start, end, false));
					until = start;
				}
			}
			own(span, part.from(), until, open);
		}
	}

	/**
	 * What a span does itself may be to wait for the work that it has just handed over.
	 */
	private void own(int span, long from, long to, Deque<Segment> open) {
		int giver = this.timeline.giver(span);
		int task = this.timeline.awaited(giver, from, to);
		if (task < 0) {
			add(span, from, to);
			return;
		}
		long until = this.timeline.end[task];
		add(span, until, to);
		while (until > from) {
			long start = Math.max(from, this.timeline.start[task]);
			if (start < until) {
				open.push(new Segment(task, start, until, false));
			}
			int above = this.timeline.parent[task];
			if (above == giver) {
				add(span, from, start);
				return;
			}
			long handedOver = Math.max(from, this.timeline.end[above]);
			if (handedOver < start) {
				this.segments.add(new Segment(task, handedOver, start, true));
			}
			until = Math.min(handedOver, start);
			task = above;
		}
	}

	private int[] latestFirst(int span) {
		int[] children = this.timeline.children[span];
		long[] end = this.timeline.end;
		if (children.length == 0) {
			return children;
		}
		return Arrays.stream(children)
			.filter((child) -> !this.timeline.detached[child])
			.boxed()
			.sorted(Comparator.comparingLong((Integer child) -> end[child]).reversed())
			.mapToInt(Integer::intValue)
			.toArray();
	}

	private void add(int span, long from, long to) {
		if (to > from) {
			this.segments.add(new Segment(span, from, to, false));
		}
	}

	private void sort() {
		this.segments.sort(Comparator.comparingLong(Segment::from));
	}

	List<Segment> segments() {
		return this.segments;
	}

	long nanos() {
		return Math.max(1, this.to - this.from);
	}

	public Duration duration() {
		return Duration.ofNanos(this.to - this.from);
	}

	/** In the order of time. Offsets are from the start of the root. */
	public List<Step> steps() {
		return this.segments.stream()
			.map((segment) -> new Step(this.timeline.spans.get(segment.span()),
					Duration.ofNanos(segment.from() - this.from), Duration.ofNanos(segment.nanos()), segment.waiting()))
			.toList();
	}

	/**
	 * How much of the path each service worked itself, waited for a database or for
	 * anybody who is not in the trace; the most first. What was spent in a queue is no
	 * service's.
	 */
	public Map<String, Duration> selfTimes() {
		Map<String, Long> nanos = new LinkedHashMap<>();
		for (Segment segment : this.segments) {
			String who = segment.waiting() ? "(waiting in between)" : this.timeline.service(segment.span());
			nanos.merge(who, segment.nanos(), Long::sum);
		}
		Map<String, Duration> sorted = new LinkedHashMap<>();
		nanos.entrySet()
			.stream()
			.sorted(Map.Entry.<String, Long>comparingByValue().reversed())
			.forEach((entry) -> sorted.put(entry.getKey(), Duration.ofNanos(entry.getValue())));
		return sorted;
	}

}
