package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a trace says about itself. The findings are ordered by how much they explain: the
 * first is the cause. Notes are worth knowing, but nothing is wrong with them, such as an
 * attempt that failed and a second that did not.
 */
public final class Diagnosis {

	/**
	 * So much of its time explained by something weightier, a finding has nothing to add.
	 */
	private static final double TOLD = 0.6;

	/**
	 * A delay that nobody waited for weighs less than any other, and than any failure.
	 */
	private static final double LATE = 0.14;

	private final Trace trace;

	private final List<Finding> findings;

	private final List<Finding> notes;

	private final CriticalPath toAnswer;

	private final CriticalPath toEnd;

	private Diagnosis(Trace trace, List<Finding> findings, List<Finding> notes, CriticalPath toAnswer,
			CriticalPath toEnd) {
		this.trace = trace;
		this.findings = List.copyOf(findings);
		this.notes = List.copyOf(notes);
		this.toAnswer = toAnswer;
		this.toEnd = toEnd;
	}

	public static Diagnosis of(Trace trace) {
		return of(trace, Usual.UNKNOWN);
	}

	/**
	 * With other traces of the same time at hand, among which its own lost pieces may be.
	 */
	public static Diagnosis of(Trace trace, Collection<Trace> others) {
		List<Trace> all = new ArrayList<>(others);
		all.add(trace);
		return of(trace, Usual.UNKNOWN, Strays.of(all));
	}

	/** With what other traces say about how long things usually take. */
	public static Diagnosis of(Trace trace, Usual usual) {
		return of(trace, usual, Strays.NONE);
	}

	public static Diagnosis of(Trace trace, Usual usual, Strays strays) {
		Timeline timeline = new Timeline(trace);
		CriticalPath toAnswer = CriticalPath.toAnswer(timeline);
		CriticalPath toEnd = CriticalPath.toEnd(timeline);
		Calls calls = new Calls(timeline);
		Retries retries = new Retries(timeline, toAnswer, toEnd, calls);
		List<Draft> drafts = new ArrayList<>(new Failures(timeline, toAnswer, toEnd, calls, retries).find());
		drafts.addAll(retries.find());
		List<Draft> told = List.copyOf(drafts);
		drafts.addAll(new Breaks(timeline, toAnswer, toEnd, calls).find());
		drafts.addAll(strays.find(timeline));
		drafts.addAll(ofTime(timeline, toAnswer, false, calls, usual, told));
		if (toEnd.to > toAnswer.to) {
			ofTime(timeline, toEnd, true, calls, usual, told).forEach((draft) -> drafts.add(draft.atMost(LATE)));
		}
		List<Draft> sorted = drafts.stream().sorted(Comparator.comparingDouble(Draft::weight).reversed()).toList();
		List<Finding> findings = sorted.stream()
			.filter((draft) -> draft.weight() > 0)
			.map((draft) -> draft.finding(timeline))
			.toList();
		List<Finding> notes = sorted.stream()
			.filter((draft) -> draft.weight() <= 0)
			.map((draft) -> draft.finding(timeline))
			.toList();
		return new Diagnosis(trace, findings, notes, toAnswer, toEnd);
	}

	private static List<Draft> ofTime(Timeline timeline, CriticalPath path, boolean asynchronous, Calls calls,
			Usual usual, List<Draft> failures) {
		boolean waitedFor = !asynchronous && timeline.waitedFor(timeline.root);
		if (path.nanos() < (waitedFor ? Limits.SHORT_TRACE : Limits.SHORT_WORK)) {
			return List.of();
		}
		List<Draft> drafts = new ArrayList<>(new Repetitions(timeline, path, asynchronous, calls).find());
		drafts.addAll(new Delays(timeline, path, asynchronous, calls, usual).find());
		drafts.sort(Comparator.comparingDouble(Draft::share).reversed());
		List<Draft> kept = new ArrayList<>();
		// How long a failed call took is no news once it is told that it failed.
		Set<Integer> failed = new HashSet<>();
		failures.stream().filter((draft) -> draft.weight() > 0).forEach((draft) -> failed.addAll(draft.spans()));
		BitSet told = Repetitions.steps(path, failed);
		for (Draft draft : drafts) {
			BitSet again = (BitSet) draft.claims().clone();
			again.and(told);
			long repeated = again.stream().mapToLong((step) -> path.segments().get(step).nanos()).sum();
			long all = draft.claims().stream().mapToLong((step) -> path.segments().get(step).nanos()).sum();
			if (repeated < all * TOLD) {
				kept.add(draft);
				told.or(draft.claims());
			}
		}
		return kept;
	}

	public Trace trace() {
		return this.trace;
	}

	public boolean healthy() {
		return this.findings.isEmpty();
	}

	/** The first one is the cause. */
	public List<Finding> findings() {
		return this.findings;
	}

	public List<Finding> notes() {
		return this.notes;
	}

	/** What the answer had to wait for. */
	public CriticalPath toAnswer() {
		return this.toAnswer;
	}

	/** What the end of all work had to wait for, asynchronous work included. */
	public CriticalPath toEnd() {
		return this.toEnd;
	}

	/** The diagnosis in one sentence. */
	public String headline() {
		if (!healthy()) {
			return this.findings.get(0).sentence();
		}
		Span root = this.trace.root();
		String notes = this.notes.isEmpty() ? "" : " (%s)".formatted(Words.count(this.notes.size(), "note"));
		return "Healthy: %s %s took %s, and nothing in the trace is conspicuous%s.".formatted(root.service(),
				new Reading(root).title(), Words.time(root.duration().toNanos()), notes);
	}

}
