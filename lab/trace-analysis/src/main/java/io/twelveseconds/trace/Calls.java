package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Who asked whom how often, for which piece of work. */
final class Calls {

	private static final Pattern LOAD = Pattern.compile(
			"(?<![a-z0-9])(load-?_?(gen|test)\\w*|k6|locust|gatling|jmeter)(?![a-z0-9])", Pattern.CASE_INSENSITIVE);

	/**
	 * Attributes of this kind tell one attempt from the next, which may well go to
	 * another address of the same.
	 */
	private static final Pattern OF_ONE_ATTEMPT = Pattern.compile(
			"state|status|result|outcome|error|attempt|retry|retries|try_|replica|^net(work)?\\.(sock\\.)?peer\\.",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern PORT = Pattern.compile(":\\d+$");

	private static final Pattern DOMAIN = Pattern.compile("[.].*");

	private static final Pattern FILLERS = Pattern.compile("[-_ ]|service$");

	/** So near in the order of their starts are calls that are under way together. */
	private static final int NEAR = 8;

	/** So far may pauses differ that a program makes on purpose. */
	private static final double CLOCKWORK = 0.1;

	/** All calls that one piece of work made, in the order of their starts. */
	private final Map<Integer, List<Integer>> byOwner = new LinkedHashMap<>();

	/** Calls of one piece of work that ask the same of the same. */
	private final List<List<Integer>> alike = new ArrayList<>();

	private final Map<Integer, List<Integer>> likes = new LinkedHashMap<>();

	/** Which of its owner's calls a call is. */
	private final Map<Integer, Integer> places = new HashMap<>();

	/** When the same was last asked with success, by who asked and what. */
	private final Map<String, Long> successes = new HashMap<>();

	/** When the same had first failed, in the same way. */
	private final Map<String, Long> failures = new HashMap<>();

	private final Set<Integer> askedAnew = new HashSet<>();

	/** By the first of the calls that are alike. */
	private final Map<Integer, Boolean> polls = new HashMap<>();

	/** The same. */
	private final Map<Integer, Boolean> clocked = new HashMap<>();

	/** By call: whether whoever answered is not who was asked. */
	private final Map<Integer, Boolean> byOthers = new HashMap<>();

	/** By parent: whether all it does is to ask until it has an answer. */
	private final Map<Integer, Boolean> untilAnswered = new HashMap<>();

	/** By parent: how many spans below it wait until a call is allowed. */
	private final Map<Integer, Long> waitsForRate = new HashMap<>();

	private final Timeline timeline;

	Calls(Timeline timeline) {
		this.timeline = timeline;
		for (int i = 0; i < timeline.size; i++) {
			if (timeline.parent[i] >= 0 && isCall(timeline, i)) {
				this.byOwner.computeIfAbsent(timeline.owner[i], (any) -> new ArrayList<>()).add(i);
			}
		}
		this.byOwner.forEach((owner, calls) -> {
			calls.sort(Comparator.comparingLong((Integer call) -> timeline.start[call]));
			for (int place = 0; place < calls.size(); place++) {
				this.places.put(calls.get(place), place);
			}
			Map<String, List<Integer>> byShape = new LinkedHashMap<>();
			calls
				.forEach((call) -> byShape.computeIfAbsent(timeline.shape(call), (any) -> new ArrayList<>()).add(call));
			byShape.values().forEach((group) -> {
				this.alike.add(group);
				findAskedAnew(group);
				group.forEach((call) -> {
					this.likes.put(call, group);
					if (timeline.ending[call].outcome == Ending.Outcome.FINE) {
						this.successes.merge(what(call), timeline.start[call], Math::max);
					}
					else if (timeline.ending[call].mayBeTriedAgain()) {
						this.failures.merge(what(call), timeline.end[call], Math::min);
					}
				});
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

	/** It asks the same again and again because that is its purpose. */
	static boolean makesLoad(Timeline timeline, int owner) {
		return LOAD.matcher(timeline.service(owner)).find();
	}

	Map<Integer, List<Integer>> byOwner() {
		return this.byOwner;
	}

	List<List<Integer>> alike() {
		return this.alike;
	}

	/** What the same piece of work asked next; -1 if nothing. */
	int next(int call) {
		List<Integer> all = this.byOwner.getOrDefault(this.timeline.owner[call], List.of());
		int place = this.places.getOrDefault(call, all.size()) + 1;
		return (place < all.size()) ? all.get(place) : -1;
	}

	/**
	 * Whether two others for the same were under way with it: each is for an item of its
	 * own, of which the call does not say more.
	 */
	boolean oneOfACrowd(int call) {
		List<Integer> all = this.byOwner.getOrDefault(this.timeline.owner[call], List.of());
		int place = this.places.getOrDefault(call, 0);
		long beside = IntStream.range(Math.max(0, place - NEAR), Math.min(all.size(), place + NEAR + 1))
			.map(all::get)
			.filter((other) -> other != call && this.timeline.start[other] < this.timeline.end[call]
					&& this.timeline.end[other] > this.timeline.start[call] && what(other).equals(what(call)))
			.count();
		return beside >= 2;
	}

	/** The start of the last successful call for the very same, or long ago. */
	long lastSuccess(int call) {
		return this.likes.containsKey(call) ? this.successes.getOrDefault(what(call), Long.MIN_VALUE) : Long.MIN_VALUE;
	}

	/** Whether the very same had been asked before, without success. */
	boolean triedBefore(int call) {
		int parent = this.timeline.parent[call];
		return this.likes.containsKey(call)
				&& (this.failures.getOrDefault(what(call), Long.MAX_VALUE) <= this.timeline.start[call]
						|| asksAnew(call) || (untilAnswered(parent) && this.timeline.children[parent][0] != call));
	}

	/**
	 * Attempts that are not the very same, such as under another id: of the same one
	 * after the other, and each failed until the last. That is a second attempt if it
	 * succeeded, and one of several if its caller failed as well.
	 */
	private void findAskedAnew(List<Integer> group) {
		Timeline t = this.timeline;
		if (group.size() < 2 || !t.ending[group.get(0)].mayBeTriedAgain()) {
			return;
		}
		group.stream().collect(Collectors.groupingBy((call) -> t.parent[call])).forEach((parent, calls) -> {
			int last = calls.size() - 1;
			boolean failed = t.ending[calls.get(last)].mayBeTriedAgain();
			boolean given = IntStream.range(0, last)
				.allMatch((i) -> t.ending[calls.get(i)].mayBeTriedAgain()
						&& t.start[calls.get(i + 1)] >= t.end[calls.get(i)]
						&& t.reading[calls.get(i + 1)].server().equals(t.reading[calls.get(i)].server()));
			if (given && (failed ? t.broken(parent) : calls.size() == 2 && !t.broken(calls.get(last)))) {
				this.askedAnew.addAll(calls.subList(1, calls.size()));
			}
		});
	}

	/** Whether it is another attempt at what had been asked before in other words. */
	boolean asksAnew(int call) {
		return this.askedAnew.contains(call);
	}

	/** Own work that asks, whomever or for what, until it has an answer, and no more. */
	boolean untilAnswered(int work) {
		return work >= 0 && this.untilAnswered.computeIfAbsent(work, (any) -> {
			int[] tries = this.timeline.children[work];
			long failures = Arrays.stream(tries).filter((call) -> this.timeline.ending[call].mayBeTriedAgain()).count();
			return this.timeline.spans.get(work).ownWork() && failures > 1 && failures == tries.length - 1
					&& !this.timeline.ending[tries[tries.length - 1]].mayBeTriedAgain()
					&& Arrays.stream(tries).mapToObj(this.timeline::shape).distinct().count() == 1;
		});
	}

	/**
	 * Whether it asks the very same again and again, with even pauses in between, or
	 * whatever it asks by the clock.
	 */
	boolean polls(int call) {
		List<Integer> like = like(call);
		return this.polls.computeIfAbsent(like.get(0), (any) -> {
			List<Long> pauses = pauses(like);
			long even = Usual.median(pauses);
			return like.size() > 2 && this.timeline.reading[call].database().isEmpty()
					&& like.stream().map(this::what).distinct().count() == 1
					&& pauses.stream().allMatch((pause) -> pause > even / 3 && pause < even * 3);
		}) || byTheClock(call);
	}

	/**
	 * Whether nobody has asked for the work, and it only pauses between calls, on
	 * purpose.
	 */
	boolean byTheClock(int call) {
		List<Integer> like = like(call);
		return like.size() >= Limits.REPEATED && !this.timeline.reading[this.timeline.owner[call]].receives
				&& this.clocked.computeIfAbsent(like.get(0), (any) -> {
					if (keepToRate(like)) {
						return true;
					}
					List<Long> pauses = pauses(like);
					long even = Usual.median(pauses);
					return even >= Limits.GAP && nothingBetween(like)
							&& pauses.stream().allMatch((pause) -> Math.abs(pause - even) <= even * CLOCKWORK);
				});
	}

	/** Each but one has a span beside it that waits until a call is allowed. */
	private boolean keepToRate(List<Integer> like) {
		return like.stream()
			.map((call) -> this.timeline.parent[call])
			.distinct()
			.mapToLong((parent) -> this.waitsForRate.computeIfAbsent(parent, this::waitsForRate))
			.sum() >= like.size() - 1;
	}

	private long waitsForRate(int parent) {
		return Arrays.stream(this.timeline.children[parent])
			.filter((child) -> this.timeline.byDesign[child].keepsToRate())
			.count();
	}

	private boolean nothingBetween(List<Integer> like) {
		return this.places.getOrDefault(like.get(like.size() - 1), -1)
				- this.places.getOrDefault(like.get(0), 0) == like.size() - 1;
	}

	private List<Long> pauses(List<Integer> like) {
		List<Long> pauses = new ArrayList<>();
		for (int i = 1; i < like.size(); i++) {
			pauses.add(this.timeline.start[like.get(i)] - this.timeline.end[like.get(i - 1)]);
		}
		return pauses;
	}

	/**
	 * Whether not the one who was asked answers, but others: it passed the question on
	 * and has no span itself. They are several, or were asked for something else, since
	 * one alone may go by another name.
	 */
	boolean answeredByOthers(int call) {
		return this.timeline.reading[call].asks && this.timeline.children[call].length > 0
				&& this.byOthers.computeIfAbsent(call, this::areOthers);
	}

	private boolean areOthers(int call) {
		Reading reading = this.timeline.reading[call];
		String asked = askedName(call);
		List<String> answering = servers(call).map(this.timeline::service).map(Calls::plainName).distinct().toList();
		return !answering.isEmpty() && (answering.size() > 1 || askedForSomethingElse(call))
				&& asked.matches(".*[a-z].*") && !asked.equals("localhost")
				&& answering.stream().noneMatch((name) -> asked.contains(name) || name.contains(asked));
	}

	/** Whom it asks, by his plain name. */
	String askedName(int call) {
		return plainName(PORT.matcher(this.timeline.reading[call].peer()).replaceFirst(""));
	}

	/** Whether no word of the path that was asked for is in the one that was answered. */
	private boolean askedForSomethingElse(int call) {
		Set<String> asked = words(this.timeline.reading[call].path());
		return !asked.isEmpty() && servers(call).map((server) -> words(this.timeline.reading[server].path()))
			.allMatch((answered) -> !answered.isEmpty() && answered.stream().noneMatch(asked::contains));
	}

	private static Set<String> words(String path) {
		return Arrays.stream(path.split("/")).filter((word) -> word.matches("[a-z_-]{2,}")).collect(Collectors.toSet());
	}

	/** Who served that call in other processes. */
	Stream<Integer> servers(int call) {
		return Arrays.stream(this.timeline.children[call])
			.filter((child) -> this.timeline.spans.get(child).kind() == Span.Kind.SERVER
					&& this.timeline.process[child] != this.timeline.process[call]
					&& !this.timeline.adopted.containsKey(child))
			.boxed();
	}

	/**
	 * The same service is spelled in several ways; of a host's name the first part
	 * counts.
	 */
	static String plainName(String name) {
		return FILLERS.matcher(DOMAIN.matcher(name.toLowerCase(Locale.ROOT)).replaceFirst("")).replaceAll("");
	}

	/**
	 * Attempts at one piece of work differ only in how they ended, and which one it was.
	 * What lies within a call is all for this one call, whatever it tries for it.
	 */
	List<Object> work(int span) {
		if (this.timeline.reading[this.timeline.parent[span]].asks) {
			return List.of(this.timeline.reading[span].nameOfAnyAttempt());
		}
		Map<String, Object> what = new HashMap<>(this.timeline.spans.get(span).attributes());
		what.keySet().removeIf((key) -> OF_ONE_ATTEMPT.matcher(key).find());
		return List.of(this.timeline.reading[span].nameOfAnyAttempt(), what);
	}

	private String what(int call) {
		return this.timeline.owner[call] + "\n" + this.timeline.shape(call) + "\n"
				+ this.timeline.reading[call].target();
	}

	/** The calls like this one by the same piece of work, itself among them. */
	List<Integer> like(int call) {
		return this.likes.getOrDefault(call, List.of(call));
	}

}
