package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import io.twelveseconds.trace.Ending.Outcome;

/** Finds where errors began, how far they came, and who gave up on whom. */
final class Failures {

	/** Of more that failed alike, so many are shown, and the last. */
	private static final int MOST_ALIKE = 90;

	/**
	 * Attributes of this kind tell one attempt from the next, which may well go to
	 * another address of the same.
	 */
	private static final Pattern ENDING = Pattern.compile(
			"state|status|result|outcome|error|attempt|retry|retries|try_|^net(work)?\\.(sock\\.)?peer\\.",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern BROKEN_OFF = Pattern.compile("abort|interrupt|discard", Pattern.CASE_INSENSITIVE);

	/** Breaking off takes so long at most. */
	private static final long RACE = Limits.millis(5);

	private static final long NEVER = -1;

	/** Something succeeded and was done once more: it was no repair. */
	private static final long LOOP = -2;

	private final Timeline timeline;

	private final CriticalPath toAnswer;

	private final CriticalPath toEnd;

	private final Calls calls;

	private final Retries retries;

	/** By span: the nearest one above that says how it ended. */
	private final int[] above;

	private final Map<String, Long> lastConsumed = new HashMap<>();

	/** Deliveries that failed, and whose message was taken from a topic for retries. */
	private final Set<Integer> deliveredAgain = new HashSet<>();

	/** By parent and what work it was: when it was begun that succeeded at last. */
	private final Map<Integer, Map<List<Object>, Long>> doneAtLast = new HashMap<>();

	/** By parent and name: when those ended that succeeded. */
	private final Map<Integer, Map<String, TreeSet<Long>>> wins = new HashMap<>();

	/** Spans that handed over what was attempted, and whose attempts are explained. */
	private final Set<Integer> handovers = new HashSet<>();

	/** Spans at which an error is already explained. */
	private final Set<Integer> explained = new HashSet<>();

	Failures(Timeline timeline, CriticalPath toAnswer, CriticalPath toEnd, Calls calls, Retries retries) {
		this.timeline = timeline;
		this.toAnswer = toAnswer;
		this.toEnd = toEnd;
		this.calls = calls;
		this.retries = retries;
		this.above = new int[timeline.size];
		for (int i : timeline.order) {
			int p = timeline.parent[i];
			this.above[i] = (p >= 0 && passesOn(p)) ? this.above[p] : p;
			if (timeline.spans.get(i).kind() == Span.Kind.CONSUMER && !broken(i)) {
				this.lastConsumed.merge(consumption(i), timeline.start[i], Math::max);
				int before = timeline.deliveryBefore(i);
				while (before >= 0 && this.deliveredAgain.add(before)) {
					before = timeline.deliveryBefore(before);
				}
			}
		}
	}

	List<Draft> find() {
		List<Draft> drafts = new ArrayList<>(breakers());
		Map<String, List<Chain>> chains = new LinkedHashMap<>();
		for (int i : this.timeline.order) {
			if (isTop(i) && !this.explained.contains(i)) {
				Chain chain = chain(i);
				boolean told = this.explained.contains(chain.origin()) || (chain.reach() == Reach.MADE_GOOD
						&& chain.steps().stream().anyMatch(this.retries::madeGood));
				if (!told) {
					String key = chain.reach() + "\n" + this.timeline.shape(chain.origin()) + "\n"
							+ this.timeline.service(chain.origin()) + "\n" + isTimeout(chain.origin());
					chains.computeIfAbsent(key, (any) -> new ArrayList<>()).add(chain);
					explainAttempts(chain);
				}
			}
		}
		chains.values().forEach((alike) -> drafts.add(draft(alike)));
		return drafts;
	}

	/** All attempts at a task that was handed over are told with whoever failed by it. */
	private void explainAttempts(Chain chain) {
		for (int step : chain.steps()) {
			int handover = this.timeline.parent[step];
			if (step != chain.top() && this.timeline.detached[step] && this.handovers.add(handover)) {
				for (int attempt : this.timeline.children[handover]) {
					this.explained.add(attempt);
				}
			}
		}
	}

	private boolean broken(int i) {
		return this.timeline.ending[i].outcome == Outcome.BROKEN;
	}

	/** Where an error stopped on its way up: whoever is above did not fail by it. */
	private boolean isTop(int i) {
		int p = this.above[i];
		return broken(i) && (p < 0 || !broken(p) || this.timeline.detached[i] || this.timeline.abandoned[i]);
	}

	/**
	 * Whether it says nothing of how it ended: such spans are often left unmarked when an
	 * exception runs through them.
	 */
	private boolean passesOn(int i) {
		Reading reading = this.timeline.reading[i];
		Ending ending = this.timeline.ending[i];
		int p = this.timeline.parent[i];
		if (p < 0 || ending.outcome != Outcome.FINE || this.timeline.detached[i]
				|| this.timeline.spans.get(i).status() == Span.Status.OK) {
			return false;
		}
		boolean inner = this.timeline.spans.get(i).kind().ordinal() <= Span.Kind.INTERNAL.ordinal()
				&& !this.timeline.crosses(i) && !reading.asks;
		return inner || (reading.receives && ending.saysNoStatus() && broken(p));
	}

	private Chain chain(int top) {
		List<Integer> steps = new ArrayList<>(List.of(top));
		int step = top;
		while (true) {
			int next = causeBelow(step);
			if (next < 0) {
				break;
			}
			steps.add(next);
			step = next;
		}
		return new Chain(top, step, steps, reach(top, steps));
	}

	private Reach reach(int top, List<Integer> steps) {
		if (this.timeline.isAnswer(top)) {
			return Reach.ANSWER;
		}
		// Whoever was given up fails unheard; it may still be why the others failed.
		if (this.timeline.abandoned[top]) {
			return Reach.UNHEARD;
		}
		if (this.timeline.asynchronous[top]) {
			return lastTry(top) ? Reach.ASYNCHRONOUS : Reach.MADE_GOOD;
		}
		if (this.timeline.parent[top] < 0) {
			return Reach.SWALLOWED;
		}
		if (refused(top, steps)) {
			return Reach.REFUSAL;
		}
		boolean good = repaired(top) || steps.stream().anyMatch(this.retries::madeGood) || lostRace(top);
		return good ? Reach.MADE_GOOD : Reach.SWALLOWED;
	}

	/**
	 * Whether the answer says that this was not to be done: for the service an exception,
	 * for its caller an ordinary answer. That a call failed is no such reason.
	 */
	private boolean refused(int top, List<Integer> steps) {
		int answer = this.above[top];
		return this.timeline.ending[answer].refuses() && steps.stream()
			.allMatch((step) -> this.timeline.process[step] == this.timeline.process[answer]
					&& this.timeline.ending[step].mayBeRefused());
	}

	/** A consumer gets the same message again until it has done its work. */
	private boolean lastTry(int top) {
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
	private String consumption(int i) {
		int p = this.timeline.parent[i];
		boolean ofBatch = p >= 0 && this.timeline.spans.get(p).kind() == Span.Kind.CONSUMER;
		return p + "\n" + this.timeline.service(i) + "\n" + this.timeline.spans.get(i).name()
				+ (ofBatch ? "\n" + i : "");
	}

	/** The same was done once more, and succeeded. */
	private boolean repaired(int top) {
		return this.retries.madeGood(top) || succeededLater(top) || (this.timeline.parent[top] >= 0 && doneAgain(top));
	}

	private boolean succeededLater(int top) {
		return this.calls.lastSuccess(top) >= this.timeline.end[top] - Limits.millis(1);
	}

	/**
	 * Own work is tried again as calls are. It differs from a loop over items, of which
	 * each is a matter of its own, in that all failed but the last.
	 */
	private boolean doneAgain(int top) {
		return this.doneAtLast.computeIfAbsent(this.timeline.parent[top], this::doneAtLast)
			.get(work(top)) >= this.timeline.end[top] - Limits.millis(1);
	}

	private Map<List<Object>, Long> doneAtLast(int parent) {
		Map<List<Object>, Long> starts = new HashMap<>();
		for (int child : this.timeline.children[parent]) {
			starts.merge(work(child), broken(child) ? NEVER : this.timeline.start[child],
					(before, now) -> (before == NEVER) ? now : Long.valueOf(LOOP));
		}
		return starts;
	}

	/**
	 * Attempts at one piece of work differ only in how they ended, and which one it was.
	 * What lies within a call is all for this one call, whatever it tries for it.
	 */
	private List<Object> work(int span) {
		if (this.timeline.reading[this.timeline.parent[span]].asks) {
			return List.of(this.timeline.spans.get(span).name());
		}
		Map<String, Object> what = new HashMap<>(this.timeline.spans.get(span).attributes());
		what.keySet().removeIf((key) -> ENDING.matcher(key).find());
		return List.of(this.timeline.spans.get(span).name(), what);
	}

	/**
	 * Whoever asks several for the same, and takes what comes first, breaks the other
	 * calls off at that moment.
	 */
	private boolean lostRace(int top) {
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

	/** The child by whose failure this span failed, or -1 if it failed by itself. */
	private int causeBelow(int span) {
		int cause = -1;
		long lastCall = Long.MIN_VALUE;
		List<Integer> children = new ArrayList<>();
		for (int child : this.timeline.children[span]) {
			children.add(child);
		}
		for (int i = 0; i < children.size(); i++) {
			if (passesOn(children.get(i))) {
				for (int child : this.timeline.children[children.get(i)]) {
					children.add(child);
				}
			}
		}
		for (int child : children) {
			lastCall = Math.max(lastCall,
					this.timeline.reading[child].asks ? this.timeline.start[child] : Long.MIN_VALUE);
		}
		for (int child : children) {
			Outcome outcome = this.timeline.ending[child].outcome;
			if (outcome == Outcome.FINE || this.timeline.detached[child] || this.timeline.abandoned[child]) {
				continue;
			}
			boolean refused = outcome == Outcome.REFUSED;
			// After a refusal that mattered, nobody goes on asking.
			if (refused && lastCall > this.timeline.start[child]) {
				continue;
			}
			if (!refused && (this.retries.madeGood(child) || succeededLater(child))) {
				continue;
			}
			if (cause < 0 || rank(child) > rank(cause)
					|| (rank(child) == rank(cause) && this.timeline.end[child] >= this.timeline.end[cause])) {
				cause = child;
			}
		}
		cause = (cause >= 0) ? cause : openBelow(span);
		return (cause >= 0) ? cause : handedOverBelow(span);
	}

	/**
	 * Whoever hands work over, and fails after it has failed, had waited for it after
	 * all, as a workflow does for its tasks.
	 */
	private int handedOverBelow(int span) {
		int cause = -1;
		for (int handover : this.timeline.children[span]) {
			for (int task : this.timeline.children[handover]) {
				boolean message = this.timeline.spans.get(task).kind() == Span.Kind.CONSUMER;
				if (this.timeline.detached[task] && broken(task) && (!message || endsWith(span, handover, task))
						&& this.timeline.end[task] <= this.timeline.end[span]
						&& (cause < 0 || this.timeline.end[task] >= this.timeline.end[cause])) {
					cause = task;
				}
			}
		}
		return cause;
	}

	/** Whether all that follows the hand-over is that the work on the message ends. */
	private boolean endsWith(int span, int handover, int task) {
		for (int child : this.timeline.children[span]) {
			if (this.timeline.start[child] > this.timeline.end[handover]) {
				return false;
			}
		}
		return this.timeline.end[span] - this.timeline.end[task] <= Timeline.WAKE_UP;
	}

	private int rank(int child) {
		return (this.timeline.ending[child].outcome == Outcome.BROKEN) ? 1 : 0;
	}

	/** If somebody gave up: what they had waited for, if that was itself given up. */
	private int openBelow(int span) {
		int abandoned = abandonedBy(span);
		if (abandoned < 0) {
			return -1;
		}
		long moment = this.timeline.end[span];
		int step = abandoned;
		int deepest = -1;
		while (step >= 0) {
			int next = -1;
			for (int child : this.timeline.children[step]) {
				if (this.timeline.start[child] < moment && this.timeline.end[child] > moment
						&& this.timeline.spans.get(child).kind() != Span.Kind.CONSUMER) {
					next = child;
				}
			}
			step = next;
			if (step >= 0 && isTimeout(step) && broken(step)) {
				deepest = step;
			}
		}
		return deepest;
	}

	private int abandonedBy(int span) {
		for (int child : this.timeline.children[span]) {
			if (this.timeline.abandoned[child]) {
				return child;
			}
		}
		return -1;
	}

	private boolean isTimeout(int span) {
		return this.timeline.ending[span].timedOut || abandonedBy(span) >= 0;
	}

	private Draft draft(List<Chain> alike) {
		Chain chain = alike.get(0);
		return isTimeout(chain.origin()) ? timeout(alike) : error(alike);
	}

	private Draft error(List<Chain> alike) {
		Timeline t = this.timeline;
		Chain chain = alike.get(0);
		int origin = chain.origin();
		Reading reading = t.reading[origin];
		Ending ending = t.ending[origin];
		String problem = ending.problem.isEmpty() ? "no reason given" : ending.problem;
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
			default -> "The errors above it are only its consequences.";
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
		String rootSays = t.ending[t.root].httpStatus() > 0 ? "HTTP " + t.ending[t.root].httpStatus() : "success";
		return switch (chain.reach()) {
			case ANSWER -> "The error came" + came + " up to the answer.";
			case UNHEARD -> "Its caller had given up before.";
			case REFUSAL -> "The answer says so.";
			case ASYNCHRONOUS ->
				"Nobody waited for it: the answer says %s, and the failure reached nobody.".formatted(rootSays);
			case MADE_GOOD -> "A later attempt succeeded.";
			case SWALLOWED -> "The error came" + came + " as far as %s (%s), which goes on as if nothing had happened."
				.formatted(t.service(Math.max(0, above)), t.reading[Math.max(0, above)].title());
		};
	}

	private Draft timeout(List<Chain> alike) {
		Timeline t = this.timeline;
		Chain chain = alike.get(0);
		int origin = chain.origin();
		Reading reading = t.reading[origin];
		int abandoned = abandonedBy(origin);
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
					waited, callee, t.operation(origin), often, quoted(t.ending[origin])));
			if (t.answering(origin) < 0) {
				sentence.append(" The other side is not in the trace: it never answered, or nobody traces it.");
			}
		}
		else {
			sentence.append("%s gave up in %s after %s%s%s.".formatted(t.service(origin), reading.title(), waited,
					often, quoted(t.ending[origin])));
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

	private static String quoted(Ending ending) {
		return ending.problem.isEmpty() ? "" : " (" + ending.problem + ")";
	}

	private List<Draft> breakers() {
		Timeline t = this.timeline;
		Map<String, List<Integer>> open = new LinkedHashMap<>();
		for (int i = 0; i < t.size; i++) {
			if (t.ending[i].breakerOpen && !deeperOpen(i)) {
				open.computeIfAbsent(t.service(i) + "\n" + t.shape(i), (any) -> new ArrayList<>()).add(i);
			}
		}
		List<Draft> drafts = new ArrayList<>();
		open.values().forEach((spans) -> {
			this.explained.addAll(spans);
			int span = spans.get(0);
			Reading reading = t.reading[span];
			String what = reading.asks ? "did not ask %s (%s)".formatted(t.callee(span), reading.title())
					: "refused a call within %s".formatted(reading.title());
			String sentence = "%s %s, since its circuit breaker is open after earlier failures%s%s.".formatted(
					t.service(span), what, quoted(t.ending[span]),
					(spans.size() > 1) ? ", %d times".formatted(spans.size()) : "");
			boolean reaches = broken(t.root) && spans.stream().anyMatch(this::failsRoot);
			double share = spans.stream().mapToLong((one) -> this.toAnswer.inclusive[one]).sum()
					/ (double) this.toAnswer.nanos();
			drafts.add(new Draft(Finding.Kind.BREAKER_OPEN, Draft.proofs(spans),
					spans.stream().mapToLong((one) -> this.toAnswer.inclusive[one]).sum(), share,
					reaches ? 1.03 : Math.max(share, 0.55), new BitSet(), sentence,
					"The cause lies in earlier traces: look at why calls of this callee failed before the breaker opened, and whether it has come back."));
		});
		return drafts;
	}

	private boolean deeperOpen(int i) {
		for (int child : this.timeline.children[i]) {
			if (this.timeline.ending[child].breakerOpen) {
				return true;
			}
		}
		return false;
	}

	private boolean failsRoot(int span) {
		int step = span;
		while (step >= 0 && (step == span || broken(step))) {
			if (this.timeline.isAnswer(step)) {
				return true;
			}
			step = this.timeline.parent[step];
		}
		return false;
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

	/** One message that the same consumer got again and again. */
	private boolean isRedelivered(List<Chain> alike) {
		int top = alike.get(0).top();
		return alike.size() > 1 && this.timeline.spans.get(top).kind() == Span.Kind.CONSUMER
				&& this.timeline.parent[top] >= 0
				&& alike.stream().allMatch((chain) -> consumption(chain.top()).equals(consumption(top)));
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
			int abandoned = abandonedBy(chain.origin());
			// At the end of all work it is the callee that takes longer.
			return Math.max(path.inclusive[chain.origin()], (abandoned >= 0) ? path.inclusive[abandoned] : 0);
		}).sum();
	}

	private double share(List<Chain> alike) {
		CriticalPath path = this.timeline.asynchronous[alike.get(0).origin()] ? this.toEnd : this.toAnswer;
		return (double) nanos(alike) / path.nanos();
	}

	private double weight(List<Chain> alike, double ofTheAnswer) {
		boolean rootBroken = broken(this.timeline.root);
		return switch (alike.get(0).reach()) {
			case ANSWER -> ofTheAnswer;
			case ASYNCHRONOUS -> rootBroken ? 0.2 : Math.max(share(alike), 0.6);
			case SWALLOWED -> rootBroken ? 0.2 : Math.max(share(alike), 0.5);
			case UNHEARD, REFUSAL, MADE_GOOD -> 0;
		};
	}

	/** How far an error came. */
	private enum Reach {

		ANSWER(Finding.Kind.ERROR_ORIGIN), SWALLOWED(Finding.Kind.SWALLOWED_ERROR),
		ASYNCHRONOUS(Finding.Kind.FAILED_ASYNC), UNHEARD(Finding.Kind.ERROR_ORIGIN), REFUSAL(Finding.Kind.ERROR_ORIGIN),
		MADE_GOOD(Finding.Kind.SWALLOWED_ERROR);

		private final Finding.Kind kind;

		Reach(Finding.Kind kind) {
			this.kind = kind;
		}

	}

	/**
	 * An error from where it stopped down to where it began.
	 */
	private record Chain(int top, int origin, List<Integer> steps, Reach reach) {
	}

}
