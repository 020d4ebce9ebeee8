package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Who asked whom how often, for which piece of work. */
final class Calls {

	/** Those repeat themselves for a living. */
	private static final Pattern LOAD = Pattern.compile("load-?_?(gen|test)\\w*|k6|locust|gatling|jmeter",
			Pattern.CASE_INSENSITIVE);

	/** All calls that one piece of work made, in the order of their starts. */
	private final Map<Integer, List<Integer>> byOwner = new LinkedHashMap<>();

	/** Calls of one piece of work that ask the same of the same. */
	private final List<List<Integer>> alike = new ArrayList<>();

	private final Map<Integer, List<Integer>> likes = new LinkedHashMap<>();

	Calls(Timeline timeline) {
		for (int i = 0; i < timeline.size; i++) {
			if (timeline.parent[i] >= 0 && isCall(timeline, i)) {
				this.byOwner.computeIfAbsent(timeline.owner[i], (any) -> new ArrayList<>()).add(i);
			}
		}
		this.byOwner.forEach((owner, calls) -> {
			calls.sort(Comparator.comparingLong((Integer call) -> timeline.start[call]));
			Map<String, List<Integer>> byShape = new LinkedHashMap<>();
			calls
				.forEach((call) -> byShape.computeIfAbsent(timeline.shape(call), (any) -> new ArrayList<>()).add(call));
			byShape.values().forEach((group) -> {
				this.alike.add(group);
				group.forEach((call) -> this.likes.put(call, group));
			});
		});
	}

	/** The asking side if it is traced, else the answering one. */
	private static boolean isCall(Timeline timeline, int i) {
		Span.Kind kind = timeline.spans.get(i).kind();
		if (kind == Span.Kind.PRODUCER || kind == Span.Kind.CONSUMER) {
			return false;
		}
		boolean asked = timeline.crosses(i) && timeline.reading[timeline.parent[i]].asks;
		return timeline.reading[i].asks || (timeline.crosses(i) && !asked);
	}

	static boolean repeatsForALiving(Timeline timeline, int owner) {
		return LOAD.matcher(timeline.service(owner)).find() || timeline.reading[owner].browser();
	}

	Map<Integer, List<Integer>> byOwner() {
		return this.byOwner;
	}

	List<List<Integer>> alike() {
		return this.alike;
	}

	/** The calls like this one by the same piece of work, itself among them. */
	List<Integer> like(int call) {
		return this.likes.getOrDefault(call, List.of(call));
	}

}
