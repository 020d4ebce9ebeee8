package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Says of failures what they cost, and how far they came. */
final class FailureReport {

	/** Less than anything that takes time. */
	private static final double OF_CACHE = 0.13;

	/** Of more that failed alike, so many are shown, and the last. */
	private static final int MOST_ALIKE = 90;

	private final Timeline timeline;

	private final CriticalPath toAnswer;

	private final CriticalPath toEnd;

	private final Repairs repairs;

	FailureReport(Timeline timeline, CriticalPath toAnswer, CriticalPath toEnd, Repairs repairs) {
		this.timeline = timeline;
		this.toAnswer = toAnswer;
		this.toEnd = toEnd;
		this.repairs = repairs;
	}

	/** Of failures that are alike in where they began and how far they came. */
	Draft draft(List<Chain> alike) {
		Chain chain = alike.get(0);
		boolean later = chain.reach() == Chain.Reach.ASYNCHRONOUS && this.timeline.abandonedBy(chain.origin()) < 0;
		return (this.timeline.gaveUp(chain.origin()) && !later) ? timeout(alike) : error(alike);
	}

	private Draft error(List<Chain> alike) {
		Timeline t = this.timeline;
		Chain chain = alike.get(0);
		int origin = chain.origin();
		Reading reading = t.reading[origin];
		Ending ending = t.ending[origin];
		String problem = !ending.problem.isEmpty() ? ending.problem
				: !ending.thrown.isEmpty() ? ending.thrown : "no reason given";
		boolean unanswered = reading.asks && t.answering(origin) < 0;
		String what = reading.poolWait
				? "%s gets no connection from its pool%s (%s): %s".formatted(t.service(origin),
						reading.pool().isEmpty() ? "" : " " + reading.pool(), reading.title(), problem)
				: unanswered ? "%s fails to call %s (%s): %s".formatted(t.caller(origin), t.callee(origin),
						reading.title(), problem)
						: "%s fails in %s: %s".formatted(t.service(origin), reading.title(), problem);
		String often = (alike.size() > 1) ? ", %d times".formatted(alike.size()) : "";
		if (isRedelivered(alike)) {
			often += " within " + Words.time(nanos(alike));
		}
		String sentence = what + often + ". " + fate(chain);
		return new Draft(chain.reach().kind, proofs(alike), nanos(alike), share(alike), weight(alike, 1), new BitSet(),
				sentence, advice(chain, ending, unanswered));
	}

	private String advice(Chain chain, Ending ending, boolean unanswered) {
		String first = ending.poolExhausted
				? "The pool of connections is empty: find who holds them for so long, and bound them. "
				: unanswered ? "Look whether the callee is up and reachable, and at what it logs. "
						: "Begin with this span's exception and its service's log. ";
		return first + switch (chain.reach()) {
			case ASYNCHRONOUS ->
				"Then make such failures visible: a metric, an alarm, a bounded retry that survives a restart.";
			case SWALLOWED -> "Then decide whether the answer may hide it: if so, count it; if not, let it through.";
			case MADE_GOOD -> "It did no harm this time; count how often it happens.";
			case REFUSAL -> "If what was asked should be possible, the callee's log tells why it is not.";
			case UNHEARD -> "Why its caller did not wait any longer matters more.";
			case ANSWER -> "The errors above it are only its consequences.";
		};
	}

	private String fate(Chain chain) {
		Timeline t = this.timeline;
		Set<String> through = new LinkedHashSet<>();
		for (int i = chain.steps().size() - 1; i >= 0; i--) {
			through.add(t.service(chain.steps().get(i)));
		}
		through.remove(t.service(chain.origin()));
		String came = through.isEmpty() ? "" : " through " + Words.list(through);
		int above = t.parent[chain.top()];
		String rootSays = t.ending[t.root].httpStatus() > 0 ? "HTTP " + t.ending[t.root].httpStatus()
				: t.broken(t.root) ? "failure, for another reason" : "success";
		return switch (chain.reach()) {
			case ANSWER -> "The error came" + came + " up to the answer.";
			case UNHEARD -> "Its caller had given up before.";
			case REFUSAL -> "The answer says so.";
			case ASYNCHRONOUS ->
				"Nobody waited for it: the answer says %s, and the failure reached nobody.".formatted(rootSays);
			case MADE_GOOD -> this.repairs.instead(chain.top());
			case SWALLOWED ->
				(above < 0) ? "The error came" + came + " no further that can be seen: who asked is not in the trace."
						: "The error came" + came + " as far as %s (%s), which goes on as if nothing had happened."
							.formatted(t.service(above), t.reading[above].title());
		};
	}

	private Draft timeout(List<Chain> alike) {
		Timeline t = this.timeline;
		Chain chain = alike.get(0);
		int origin = chain.origin();
		Reading reading = t.reading[origin];
		int abandoned = this.timeline.abandonedBy(origin);
		String waited = Words.time(t.duration(origin));
		String callee = reading.asks || abandoned < 0 ? t.callee(origin) : t.callee(abandoned);
		String often = (alike.size() > 1) ? ", %d times".formatted(alike.size()) : "";
		StringBuilder sentence = new StringBuilder();
		List<Integer> more = new ArrayList<>();
		if (abandoned >= 0) {
			more.add(abandoned);
			CriticalPath.Segment longest = CriticalPath.within(t, abandoned)
				.segments()
				.stream()
				.max(Comparator.comparingLong(CriticalPath.Segment::nanos))
				.orElse(null);
			sentence.append("%s gave up on %s (%s) after %s%s, while %s went on for %s more".formatted(t.caller(origin),
					callee, t.operation(origin), waited, often, t.service(abandoned),
					Words.time(t.end[abandoned] - t.end[origin])));
			if (longest != null && longest.span() != abandoned) {
				more.add(longest.span());
				sentence.append(", waiting %s for %s of %s".formatted(Words.time(longest.nanos()),
						t.reading[longest.span()].title(), t.callee(longest.span())));
			}
			sentence.append('.');
		}
		else if (reading.asks) {
			sentence.append("%s waited %s for %s (%s)%s and got no answer in time%s.".formatted(t.caller(origin),
					waited, callee, t.operation(origin), often, t.ending[origin].quoted()));
			if (t.answering(origin) < 0) {
				sentence.append(" The other side is not in the trace: it never answered, or nobody traces it.");
			}
		}
		else {
			sentence.append("%s gave up in %s after %s%s%s.".formatted(t.service(origin), reading.title(), waited,
					often, t.ending[origin].quoted()));
		}
		sentence.append(' ').append(fate(chain));
		Set<Integer> proofs = new LinkedHashSet<>();
		proofs.add(origin);
		proofs.addAll(more);
		proofs.addAll(proofs(alike));
		return new Draft(Finding.Kind.TIMEOUT, Draft.proofs(proofs), nanos(alike), share(alike), weight(alike, 1.02),
				new BitSet(), sentence.toString(),
				"Find out what the callee was waiting for or working at; then let the deadlines shrink on the way down, so that no callee works on for a caller that has left.");
	}

	private Set<Integer> proofs(List<Chain> alike) {
		List<Integer> spans = new ArrayList<>();
		alike.stream().limit(MOST_ALIKE).forEach((chain) -> spans.add(chain.origin()));
		spans.add(alike.get(alike.size() - 1).origin());
		List<Integer> steps = alike.get(0).steps();
		for (int i = steps.size() - 2; i >= 0; i--) {
			spans.add(steps.get(i));
		}
		spans.add(this.timeline.parent[alike.get(0).top()]);
		return Draft.proofs(spans);
	}

	/** What a cache does not keep only makes something slower. */
	private boolean isOfCache(List<Chain> alike) {
		return this.timeline.reading[alike.get(0).origin()].cache();
	}

	/** One message that the same consumer got again and again. */
	private boolean isRedelivered(List<Chain> alike) {
		int top = alike.get(0).top();
		return alike.size() > 1 && this.timeline.spans.get(top).kind() == Span.Kind.CONSUMER
				&& this.timeline.parent[top] >= 0 && alike.stream()
					.allMatch((chain) -> this.repairs.consumption(chain.top()).equals(this.repairs.consumption(top)));
	}

	private long nanos(List<Chain> alike) {
		if (isRedelivered(alike)) {
			// The pauses in between as well: whatever lies behind it waits for all of it.
			long from = alike.stream().mapToLong((chain) -> this.timeline.start[chain.top()]).min().orElse(0);
			long to = alike.stream().mapToLong((chain) -> this.timeline.end[chain.top()]).max().orElse(0);
			return Math.min(to - from, this.toEnd.nanos());
		}
		CriticalPath path = this.timeline.asynchronous[alike.get(0).origin()] ? this.toEnd : this.toAnswer;
		return alike.stream().mapToLong((chain) -> {
			int abandoned = this.timeline.abandonedBy(chain.origin());
			// At the end of all work it is the callee that takes longer.
			return Math.max(path.inclusive[chain.origin()], (abandoned >= 0) ? path.inclusive[abandoned] : 0);
		}).sum();
	}

	private double share(List<Chain> alike) {
		CriticalPath path = this.timeline.asynchronous[alike.get(0).origin()] ? this.toEnd : this.toAnswer;
		return (double) nanos(alike) / path.nanos();
	}

	private double weight(List<Chain> alike, double ofTheAnswer) {
		boolean rootBroken = this.timeline.broken(this.timeline.root);
		return switch (alike.get(0).reach()) {
			case ANSWER -> ofTheAnswer;
			case ASYNCHRONOUS -> rootBroken ? 0.2 : Math.max(share(alike), 0.6);
			case SWALLOWED -> rootBroken ? 0.2 : Math.max(share(alike), isOfCache(alike) ? OF_CACHE : 0.5);
			case UNHEARD, REFUSAL, MADE_GOOD -> 0;
		};
	}

}
