package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds calls that were tried again after they had failed. */
final class Retries {

	private final Timeline timeline;

	private final CriticalPath toAnswer;

	private final CriticalPath toEnd;

	private final Calls calls;

	private final List<Run> runs = new ArrayList<>();

	/** By span: the run in which it is an attempt, if any. */
	private final Map<Integer, Run> attempts = new HashMap<>();

	Retries(Timeline timeline, CriticalPath toAnswer, CriticalPath toEnd, Calls calls) {
		this.timeline = timeline;
		this.toAnswer = toAnswer;
		this.toEnd = toEnd;
		this.calls = calls;
		calls.alike().stream().filter((group) -> group.size() > 1).forEach((group) -> {
			findRuns(group, this::follows, this::close);
			findRunsSideBySide(group);
		});
		IntStream.range(0, timeline.size)
			.filter((giver) -> timeline.children[giver].length >= enoughTasks(giver))
			.forEach(this::findRunsOfTasks);
		IntStream.range(0, timeline.size)
			.filter((parent) -> timeline.children[parent].length > 2
					&& Arrays.stream(timeline.children[parent]).anyMatch(this::failed))
			.forEach(this::findRunsOfWork);
		findRunsOfDeliveries();
	}

	/** Several calls are made and tried again at the same time. */
	private void findRunsSideBySide(List<Integer> group) {
		group.stream()
			.filter((call) -> !this.attempts.containsKey(call))
			.collect(Collectors.groupingBy((call) -> this.timeline.reading[call].target()))
			.values()
			.forEach((alike) -> findRuns(alike, this::comesAfterFailed, this::close));
	}

	/** Own work that was done again more than once. */
	private void findRunsOfWork(int parent) {
		Arrays.stream(this.timeline.children[parent])
			.filter((work) -> this.timeline.spans.get(work).ownWork() && !this.timeline.reading[work].asks
					&& !this.attempts.containsKey(work))
			.boxed()
			.collect(Collectors.groupingBy(this.calls::work))
			.values()
			.forEach((alike) -> findRuns(alike, this::comesAfterFailed, (run) -> {
				if (run.size() > 2) {
					close(run);
				}
			}));
	}

	/** Each delivery that failed may have sent the message off to be delivered again. */
	private void findRunsOfDeliveries() {
		Map<Integer, Integer> before = new HashMap<>();
		for (int i : this.timeline.order) {
			int earlier = this.timeline.deliveryBefore(i);
			if (earlier >= 0) {
				before.put(i, earlier);
			}
		}
		before.keySet().stream().filter((last) -> !failed(last)).forEach((last) -> {
			List<Integer> run = new ArrayList<>();
			for (Integer delivery = last; delivery != null
					&& !this.attempts.containsKey(delivery); delivery = before.get(delivery)) {
				run.add(delivery);
			}
			if (run.size() >= Limits.REPEATED) {
				Collections.reverse(run);
				close(run);
			}
		});
	}

	/**
	 * What was handed over may be tried again, too, and so may a call, by somebody
	 * between caller and callee. Whether it failed for good is told as a failure that
	 * nobody heard of.
	 */
	private void findRunsOfTasks(int giver) {
		Map<String, List<Integer>> tasks = Arrays.stream(this.timeline.children[giver])
			.filter((task) -> this.timeline.detached[task]
					|| (this.timeline.reading[giver].asks && this.timeline.reading[task].receives))
			.filter((task) -> !this.attempts.containsKey(task))
			.boxed()
			.collect(Collectors.groupingBy(this.timeline::work));
		tasks.values()
			.stream()
			.filter((group) -> group.size() >= enoughTasks(giver))
			.forEach((group) -> findRuns(group, this::follows, (run) -> {
				if (run.size() >= enoughTasks(giver) && !failed(run.get(run.size() - 1))) {
					close(run);
				}
			}));
	}

	/** A message that the same listener takes more than once is delivered again. */
	private int enoughTasks(int giver) {
		return (this.timeline.spans.get(giver).kind() == Span.Kind.PRODUCER) ? Limits.DELIVERED : Limits.REPEATED;
	}

	private void findRuns(List<Integer> group, BiPredicate<Integer, Integer> again, Consumer<List<Integer>> close) {
		List<Integer> run = new ArrayList<>();
		for (int call : group) {
			if (run.isEmpty() || !again.test(run.get(run.size() - 1), call)) {
				close.accept(run);
				run = new ArrayList<>();
			}
			run.add(call);
		}
		close.accept(run);
	}

	private boolean follows(int earlier, int later) {
		return comesAfterFailed(earlier, later)
				&& (this.timeline.reading[earlier].target().equals(this.timeline.reading[later].target())
						|| this.calls.asksAnew(later) || this.calls.untilAnswered(this.timeline.parent[later]));
	}

	private boolean comesAfterFailed(int earlier, int later) {
		return failed(earlier) && this.timeline.start[later] >= this.timeline.end[earlier] - Limits.millis(1);
	}

	private void close(List<Integer> calls) {
		if (calls.size() > 1) {
			Run run = new Run(List.copyOf(calls), failed(calls.get(calls.size() - 1)));
			this.runs.add(run);
			calls.forEach((call) -> this.attempts.put(call, run));
		}
	}

	private boolean failed(int call) {
		return this.timeline.ending[call].mayBeTriedAgain();
	}

	/** Whether this failure was made good by a later attempt. */
	boolean madeGood(int call) {
		Run run = this.attempts.get(call);
		return run != null && !run.failed();
	}

	List<Draft> find() {
		Run[] nearest = new Run[this.timeline.size];
		Map<Run, List<Run>> nested = new HashMap<>();
		for (int i : this.timeline.order) {
			int p = this.timeline.parent[i];
			Run above = (p >= 0) ? nearest[p] : null;
			Run own = this.attempts.get(i);
			nearest[i] = (own != null) ? own : above;
			if (own != null && above != null && own != above && own.calls().get(0) == i) {
				nested.computeIfAbsent(above, (any) -> new ArrayList<>()).add(own);
			}
		}
		List<Run> outermost = this.runs.stream().filter((run) -> {
			int p = this.timeline.parent[run.calls().get(0)];
			return p < 0 || nearest[p] == null;
		}).toList();
		Map<String, List<Run>> alike = new LinkedHashMap<>();
		outermost.forEach(
				(run) -> alike
					.computeIfAbsent(run.failed() + " " + run.calls().size() + " " + nested.containsKey(run) + " "
							+ this.timeline.owner[run.calls().get(0)] + " " + this.timeline.shape(run.calls().get(0)),
							(any) -> new ArrayList<>())
					.add(run));
		return alike.values().stream().map((runs) -> draft(runs, nested)).toList();
	}

	private Draft draft(List<Run> runs, Map<Run, List<Run>> nested) {
		Run run = runs.get(0);
		int alike = runs.size();
		Timeline t = this.timeline;
		List<Integer> calls = run.calls();
		int first = calls.get(0);
		int last = calls.get(calls.size() - 1);
		// Level by level, as deep as attempts lie within attempts.
		List<List<Run>> levels = new ArrayList<>(List.of(List.of(run)));
		while (true) {
			List<Run> deeper = levels.get(levels.size() - 1)
				.stream()
				.flatMap((one) -> nested.getOrDefault(one, List.of()).stream())
				.toList();
			if (deeper.isEmpty()) {
				break;
			}
			levels.add(deeper);
		}
		List<Run> lowest = levels.get(levels.size() - 1);
		int tried = lowest.stream().mapToInt((one) -> one.calls().size()).sum();
		int owner = t.owner[first];
		CriticalPath path = t.asynchronous[first] ? this.toEnd : this.toAnswer;
		long wasted = wasted(runs, path);
		double share = (double) wasted / path.nanos();
		boolean slow = wasted >= (t.waitedFor(first) ? Limits.RETRIED_TIME : Limits.UNWAITED) && share >= Limits.SHARE;
		boolean many = run.failed() && (calls.size() > 2 || levels.size() > 1);
		double weight = 0;
		if (many || slow) {
			weight = (run.failed() && t.broken(last) && t.failsAnswer(last)) ? 1.05
					: Math.max(share, run.failed() ? 0.55 : 0);
			boolean ordinary = onlyTimeouts(run) || calls.size() == 2;
			weight *= (ordinary && run.failed() && levels.size() == 1) ? 0.93 : 1;
			// Slow attempts are slow again and again because they are multiplied.
			weight = (slow && levels.size() > 1) ? Math.max(weight, 1) : weight;
		}
		String sentence = "%s tries %s of %s %d times within %s%s; %s. Trying again took %s, %s of the time.%s"
			.formatted(t.caller(first), t.operation(first), t.callee(first), calls.size(), t.reading[owner].title(),
					(alike == 1) ? ""
							: (alike == 2) ? ", and another call like it"
									: ", and %d other calls like it".formatted(alike - 1),
					run.failed() ? "every attempt failed (%s)".formatted(problem(last))
							: "the last attempt succeeded (before it: %s)".formatted(problem(first)),
					Words.time(wasted), Words.percent(share),
					(levels.size() > 1) ? amplified(levels, lowest, tried) : "");
		String advice = (levels.size() > 1)
				? "Retry on one level only, with a budget and jitter: retries on several levels multiply, and keep a service down that tries to come back."
				: run.failed()
						? "Find out why the callee fails; until then, retry less: with backoff, jitter and a budget, and behind a circuit breaker."
						: "Find out why the first attempt fails; give it a shorter timeout if it is the waiting that costs.";
		List<Integer> proofs = new ArrayList<>();
		runs.forEach((one) -> proofs.addAll(one.calls()));
		levels.stream().skip(1).forEach((level) -> level.forEach((one) -> proofs.addAll(one.calls())));
		return new Draft(Finding.Kind.RETRIES, Draft.proofs(proofs), wasted, share, weight, new BitSet(), sentence,
				advice);
	}

	/** Where several try at the same time, it is wasted once. */
	private long wasted(List<Run> runs, CriticalPath path) {
		long wasted = 0;
		long until = path.from;
		List<Run> byStart = runs.stream()
			.filter((run) -> isOn(path, run))
			.sorted(Comparator.comparingLong((Run run) -> this.timeline.start[run.calls().get(0)]))
			.toList();
		for (Run run : byStart) {
			int last = run.calls().get(run.calls().size() - 1);
			long from = Math.max(this.timeline.start[run.calls().get(0)], until);
			until = Math.max(until,
					Math.min(run.failed() ? this.timeline.end[last] : this.timeline.start[last], path.to));
			wasted += Math.max(0, until - from);
		}
		return wasted;
	}

	/** Whoever waits for a task that was handed over does not show it. */
	private boolean isOn(CriticalPath path, Run run) {
		return isTask(run.calls().get(0)) || run.calls().stream().anyMatch((call) -> path.inclusive[call] > 0);
	}

	private boolean isTask(int call) {
		return this.timeline.detached[call] && !this.timeline.reading[call].asks;
	}

	/** Then it is the waiting that explains the time, more than how often it was done. */
	private boolean onlyTimeouts(Run run) {
		return run.calls().stream().allMatch((call) -> this.timeline.ending[call].timedOut);
	}

	private String amplified(List<List<Run>> levels, List<Run> lowest, int tried) {
		int call = lowest.get(0).calls().get(0);
		return " Retries lie within retries, %d levels deep: one request became %d calls of %s (%s)."
			.formatted(levels.size(), tried, this.timeline.callee(call), this.timeline.operation(call));
	}

	private String problem(int call) {
		String problem = this.timeline.ending[call].problem;
		return problem.isEmpty() ? "no reason given" : problem;
	}

	/** Attempts of one call, one after the other, by their spans. */
	private record Run(List<Integer> calls, boolean failed) {

		@Override
		public boolean equals(Object other) {
			return this == other;
		}

		@Override
		public int hashCode() {
			return System.identityHashCode(this);
		}

	}

}
