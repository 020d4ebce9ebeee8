package io.twelveseconds.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls beside the work that makes them. Where the work's span is not made the current
 * one, or a proxy makes the spans of the calls, both hang below the same span, and the
 * work seems to call nobody. Work is taken for such if the calls of its service beside it
 * fill nearly all of it, and then they are put below it.
 */
final class BesideCalls {

	/** What is filled by less may do something else at the same time. */
	private static final double FILLED = 0.7;

	/** Calls are made by one of the last pieces of work that began before them. */
	private static final int NEAR = 8;

	private final Timeline timeline;

	/** By work: how much of it is filled, and until when. */
	private final Map<Integer, Long> filled = new HashMap<>();

	private final Map<Integer, Long> until = new HashMap<>();

	BesideCalls(Timeline timeline) {
		this.timeline = timeline;
	}

	/** Whether there were any. */
	boolean put() {
		boolean any = false;
		for (int[] siblings : this.timeline.children) {
			if (siblings.length > 1 && Arrays.stream(siblings).anyMatch(this::mayCall)) {
				any |= put(siblings);
			}
		}
		return any;
	}

	/** In the order in which they started, the longer first. */
	private boolean put(int[] siblings) {
		Map<Integer, List<Integer>> around = new HashMap<>();
		Deque<Integer> open = new ArrayDeque<>();
		for (int sibling : siblings) {
			open.removeIf((work) -> end(work) < start(sibling));
			List<Integer> works = new ArrayList<>();
			for (int work : open) {
				if (end(work) >= end(sibling) && this.timeline.service(work).equals(this.timeline.service(sibling))) {
					works.add(work);
				}
			}
			around.put(sibling, works);
			if (this.timeline.reading[sibling].asks) {
				works.forEach((work) -> fill(work, sibling));
			}
			else if (mayCall(sibling)) {
				open.push(sibling);
				if (open.size() > NEAR) {
					open.removeLast();
				}
			}
		}
		boolean any = false;
		for (int sibling : siblings) {
			int work = around.get(sibling).stream().filter(this::isFilled).findFirst().orElse(-1);
			if (work >= 0 && (this.timeline.reading[sibling].asks || isFilled(sibling))) {
				this.timeline.parent[sibling] = work;
				any = true;
			}
		}
		return any;
	}

	/** Work of which no more is said. */
	private boolean mayCall(int work) {
		return this.timeline.children[work].length == 0 && !this.timeline.reading[work].asks
				&& !this.timeline.reading[work].receives && !this.timeline.reading[work].poolWait;
	}

	private void fill(int work, int call) {
		long from = Math.max(start(call), this.until.getOrDefault(work, Long.MIN_VALUE));
		if (end(call) > from) {
			this.filled.merge(work, end(call) - from, Long::sum);
			this.until.put(work, end(call));
		}
	}

	private boolean isFilled(int work) {
		return this.filled.containsKey(work) && this.filled.get(work) >= FILLED * (end(work) - start(work));
	}

	private long start(int span) {
		return this.timeline.spans.get(span).startNanos();
	}

	private long end(int span) {
		return this.timeline.spans.get(span).endNanos();
	}

}
