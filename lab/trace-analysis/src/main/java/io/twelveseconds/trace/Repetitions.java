package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Finds time that went into calls which waited for each other without need. */
final class Repetitions {

	/** Deeper nesting of patterns than this tells nothing new. */
	private static final int MOST = 20;

	/** Fewer pieces of work may well need each other. */
	private static final int STEPS = 4;

	/** Of its time; the rest is not worth a thought. */
	private static final double ONLY_LOADS = 0.8;

	private final Timeline timeline;

	private final CriticalPath path;

	private final boolean asynchronous;

	private final Calls calls;

	private final Set<Integer> repeated = new HashSet<>();

	/** Calls that get page after page, each of which must wait for the one before. */
	private final Set<Integer> paged = new HashSet<>();

	/** By owner: how many pages it gets. */
	private final Map<Integer, Long> pages = new HashMap<>();

	Repetitions(Timeline timeline, CriticalPath path, boolean asynchronous, Calls calls) {
		this.timeline = timeline;
		this.path = path;
		this.asynchronous = asynchronous;
		this.calls = calls;
	}

	List<Draft> find() {
		this.calls.alike().forEach(this::countPages);
		List<Candidate> candidates = new ArrayList<>();
		for (List<Integer> group : this.calls.alike()) {
			if (group.size() >= Limits.REPEATED && concerns(group.get(0))) {
				Candidate candidate = repeated(group);
				if (candidate.nanos() > 0) {
					candidates.add(candidate);
				}
			}
		}
		this.calls.byOwner().forEach((owner, all) -> {
			if (all.size() >= 2 && concerns(all.get(0)) && !Calls.makesLoad(this.timeline, owner)) {
				sequential(owner, all, candidates);
			}
		});
		for (int parent = 0; parent < this.timeline.size; parent++) {
			if (this.timeline.children[parent].length >= STEPS && concerns(this.timeline.children[parent][0])) {
				sequentialSteps(parent, candidates);
			}
		}
		return candidates.stream()
			.sorted(Comparator.comparingLong(Candidate::nanos).reversed())
			.limit(MOST)
			.map(this::draft)
			.toList();
	}

	private void countPages(List<Integer> group) {
		long different = group.stream()
			.map((call) -> new Pages(this.timeline.spans.get(call), this.timeline.reading[call]).asked())
			.filter((page) -> !page.isEmpty())
			.distinct()
			.count();
		if (different > 1) {
			this.paged.addAll(group);
			this.pages.merge(this.timeline.owner[group.get(0)], different, Math::max);
		}
	}

	private boolean concerns(int call) {
		return !this.asynchronous || this.timeline.asynchronous[call];
	}

	private Candidate repeated(List<Integer> group) {
		Candidate none = new Candidate(Finding.Kind.N_PLUS_ONE, -1, group, 0);
		int owner = this.timeline.owner[group.get(0)];
		long failed = group.stream().filter(this.timeline::broken).count();
		boolean oncePerPage = group.size() <= this.pages.getOrDefault(owner, 0L) + 1;
		if (failed * 2 > group.size() || oncePerPage || Calls.makesLoad(this.timeline, owner)
				|| (this.timeline.reading[owner].browser() && !inOneGo(owner, group))
				|| this.calls.byTheClock(group.get(0)) || this.timeline.reading[group.get(0)].batch()
				|| this.timeline.reading[group.get(0)].wholeTables() || this.timeline.byDesign[group.get(0)].transfers()
				|| oncePerChunk(group) || !oneAfterTheOther(group)) {
			return none;
		}
		long median = Usual.median(group.stream().map(this.timeline::duration).toList());
		// A handful of long ones is a matter of why each takes so long.
		if (group.size() < 2 * Limits.REPEATED && median >= Limits.WORK) {
			return none;
		}
		// What only one of them took beyond the others is not due to their number.
		long nanos = group.stream().mapToLong((call) -> Math.min(this.path.inclusive[call], 3 * median)).sum();
		boolean often = group.size() >= Limits.OFTEN;
		boolean enough = often ? nanos >= Limits.OFTEN_TIME && share(nanos) >= Limits.PATTERN_SHARE
				: nanos >= Limits.REPEATED_TIME && share(nanos) >= 2 * Limits.PATTERN_SHARE;
		if (!enough) {
			return none;
		}
		this.repeated.addAll(group);
		return new Candidate(Finding.Kind.N_PLUS_ONE, owner, group, nanos);
	}

	private boolean oncePerChunk(List<Integer> group) {
		return this.timeline.ofChunk(group.get(0))
				&& group.stream().map((call) -> this.timeline.parent[call]).distinct().count() == group.size();
	}

	/** No person is so quick: it goes on by itself. Of a page a few are not enough. */
	private boolean inOneGo(int owner, List<Integer> calls) {
		if (this.timeline.reading[owner].page() && calls.size() < Limits.OFTEN) {
			return false;
		}
		long quick = IntStream.range(1, calls.size())
			.filter((i) -> this.timeline.start[calls.get(i)] - this.timeline.end[calls.get(i - 1)] <= Limits.PAUSE)
			.count();
		return quick >= 0.9 * (calls.size() - 1);
	}

	private boolean oneAfterTheOther(List<Integer> calls) {
		long sum = 0;
		long covered = 0;
		long until = Long.MIN_VALUE;
		for (int call : calls) {
			sum += this.timeline.duration(call);
			covered += Math.max(0, this.timeline.end[call] - Math.max(until, this.timeline.start[call]));
			until = Math.max(until, this.timeline.end[call]);
		}
		return sum <= covered * 1.2;
	}

	/** Runs of calls that only read, each begun when the one before had its answer. */
	private void sequential(int owner, List<Integer> all, List<Candidate> candidates) {
		List<Integer> run = new ArrayList<>();
		Set<String> asked = new HashSet<>();
		for (int call : all) {
			boolean fits = this.path.inclusive[call] > 0 && !this.timeline.broken(call)
					&& (this.timeline.reading[call].onlyReads() || isPartOfQuestion(owner, call, asked))
					&& this.timeline.reading[call].database().isEmpty() && !this.repeated.contains(call)
					&& !this.timeline.waitsByDesign(call) && !this.paged.contains(call);
			if (!fits && !run.isEmpty() && isTrifle(run.get(run.size() - 1), call)) {
				continue;
			}
			if (!fits || (!run.isEmpty() && !follows(run.get(run.size() - 1), call))) {
				addRun(owner, run, candidates);
				run.clear();
				asked.clear();
			}
			if (fits) {
				run.add(call);
				asked.add(this.timeline.callee(call));
			}
		}
		addRun(owner, run, candidates);
	}

	/**
	 * Pieces of work that by their names load something, each another thing, and do
	 * nothing else.
	 */
	private void sequentialSteps(int parent, List<Candidate> candidates) {
		List<Integer> run = new ArrayList<>();
		Set<String> names = new HashSet<>();
		for (int step : this.timeline.children[parent]) {
			boolean fits = this.path.inclusive[step] > 0 && onlyLoads(step);
			String name = this.timeline.spans.get(step).name();
			if (!fits || names.contains(name) || (!run.isEmpty() && !follows(run.get(run.size() - 1), step))) {
				addSteps(run, candidates);
				run.clear();
				names.clear();
			}
			if (fits) {
				run.add(step);
				names.add(name);
			}
		}
		addSteps(run, candidates);
	}

	private void addSteps(List<Integer> run, List<Candidate> candidates) {
		if (run.size() >= STEPS) {
			addRun(this.timeline.owner[run.get(0)], run, candidates);
		}
	}

	private boolean onlyLoads(int step) {
		int[] calls = this.timeline.children[step];
		return this.timeline.spans.get(step).ownWork() && !this.timeline.reading[step].asks
				&& !this.timeline.crosses(step) && this.timeline.reading[step].onlyReads() && calls.length > 0
				&& Arrays.stream(calls)
					.allMatch((call) -> this.timeline.reading[call].asks && this.timeline.reading[call].onlyReads())
				&& Arrays.stream(calls).mapToLong((call) -> this.path.inclusive[call]).sum() >= ONLY_LOADS
						* this.timeline.duration(step);
	}

	/**
	 * What is posted to several others to answer a question that was posted itself only
	 * asks, too, and so does a procedure whose name does not say otherwise; unless it is
	 * for leave to ask.
	 */
	private boolean isPartOfQuestion(int owner, int call, Set<String> asked) {
		Reading reading = this.timeline.reading[call];
		Reading question = this.timeline.reading[owner];
		boolean mayAsk = question.method().equals("POST") ? reading.method().equals("POST") : reading.mayOnlyRead();
		return question.receives && question.onlyReads() && mayAsk && !reading.asksForLeave()
				&& !asked.contains(this.timeline.callee(call));
	}

	/** Of what was answered something is written down, and it takes next to no time. */
	private boolean isTrifle(int earlier, int call) {
		return !this.timeline.reading[call].database().isEmpty()
				&& this.timeline.ending[call].outcome == Ending.Outcome.FINE
				&& this.timeline.duration(call) * 10 <= this.timeline.duration(earlier);
	}

	/** At once: whoever has to think first may need the answer for it. */
	private boolean follows(int earlier, int later) {
		long pause = this.timeline.start[later] - this.timeline.end[earlier];
		long longer = Math.max(this.timeline.duration(earlier), this.timeline.duration(later));
		return pause >= -Limits.millis(1) && pause <= Math.max(Limits.AT_ONCE, longer / 10);
	}

	private void addRun(int owner, List<Integer> run, List<Candidate> candidates) {
		long longest = run.stream().mapToLong(this.timeline::duration).max().orElse(0);
		// That there is no such thing is an answer; it is not counted.
		List<Integer> similar = run.stream()
			.filter((call) -> this.timeline.duration(call) * 4 >= longest
					&& this.timeline.ending[call].outcome == Ending.Outcome.FINE)
			.toList();
		long saved = similar.stream().mapToLong((call) -> this.path.inclusive[call]).sum() - longest;
		// What a page loads next it may know from what it has loaded.
		int enough = this.timeline.reading[owner].page() ? Limits.REPEATED : 3;
		if (similar.size() >= enough && saved >= Limits.SAVED && share(saved) >= 2 * Limits.PATTERN_SHARE) {
			candidates.add(new Candidate(Finding.Kind.SEQUENTIAL_CALLS, owner, similar, saved));
		}
	}

	private double share(long nanos) {
		return (double) nanos / this.path.nanos();
	}

	private Draft draft(Candidate candidate) {
		Timeline t = this.timeline;
		List<Integer> group = candidate.calls();
		int first = group.get(0);
		String work = "%s (%s)".formatted(t.reading[candidate.owner()].title(), t.service(candidate.owner()));
		long sum = group.stream().mapToLong((call) -> this.path.inclusive[call]).sum();
		String sentence;
		String advice;
		if (candidate.kind() == Finding.Kind.N_PLUS_ONE) {
			boolean statement = !t.reading[first].database().isEmpty();
			sentence = "%s asks %s the same %d times, one after the other, within %s: %s, %s each, %s together, %s of the time."
				.formatted(asker(first), t.callee(first), group.size(), work, t.operation(first),
						Words.time(Usual.median(group.stream().map(t::duration).toList())), Words.time(sum),
						Words.percent(share(sum)));
			advice = statement
					? "Ask for all rows at once: a join, an IN list, a batch or a multi-key command instead of a statement per item."
					: "Ask for all items in one call (a batch endpoint), or keep what was asked before.";
		}
		else {
			sentence = "%s makes %d calls one after the other within %s, though none of them seems to need another's answer (%s): %s. Side by side they would save %s, %s of the time."
				.formatted(asker(first), group.size(), work,
						"all only read, each starts as soon as the one before ends",
						Words.list(group.stream()
							.limit(6)
							.map((call) -> t.callee(call) + " " + t.operation(call) + " "
									+ Words.time(t.duration(call)))
							.toList()),
						Words.time(candidate.nanos()), Words.percent(share(candidate.nanos())));
			advice = "If they are indeed independent, start them together and wait for the last one.";
		}
		List<Integer> proofs = new ArrayList<>(group);
		proofs.add(candidate.owner());
		return new Draft(candidate.kind(), Draft.proofs(proofs), candidate.nanos(), share(candidate.nanos()),
				share(candidate.nanos()) * certainty(candidate.kind()), claims(this.timeline, this.path, group),
				sentence, advice);
	}

	/** Whether calls need each other no trace can tell for sure. */
	private static double certainty(Finding.Kind kind) {
		return (kind == Finding.Kind.SEQUENTIAL_CALLS) ? 0.5 : 1;
	}

	private String asker(int call) {
		return this.timeline.crosses(call) ? this.timeline.service(this.timeline.parent[call])
				: this.timeline.service(call);
	}

	/** The steps of the path that these spans have for themselves. */
	static BitSet steps(CriticalPath path, Collection<Integer> spans) {
		BitSet steps = new BitSet();
		for (int step = 0; step < path.segments().size(); step++) {
			if (spans.contains(path.segments().get(step).span())) {
				steps.set(step);
			}
		}
		return steps;
	}

	/** The steps of the path in or below these spans. */
	static BitSet claims(Timeline timeline, CriticalPath path, Collection<Integer> tops) {
		boolean[] below = new boolean[timeline.size];
		tops.forEach((top) -> below[top] = true);
		for (int i : timeline.order) {
			below[i] |= timeline.parent[i] >= 0 && below[timeline.parent[i]];
		}
		BitSet claims = new BitSet();
		for (int step = 0; step < path.segments().size(); step++) {
			if (below[path.segments().get(step).span()] && !path.segments().get(step).waiting()) {
				claims.set(step);
			}
		}
		return claims;
	}

	private record Candidate(Finding.Kind kind, int owner, List<Integer> calls, long nanos) {
	}

}
