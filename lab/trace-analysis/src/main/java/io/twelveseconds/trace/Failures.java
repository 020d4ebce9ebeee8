package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.twelveseconds.trace.Chain.Reach;
import io.twelveseconds.trace.Ending.Outcome;

/** Finds where errors began, how far they came, and who gave up on whom. */
final class Failures {

	/** Farther down nobody looks for what was given up first. */
	private static final int FAR = 1000;

	private final Timeline timeline;

	private final Retries retries;

	private final Repairs repairs;

	private final Breakers breakers;

	private final FailureReport report;

	/** It has failed, or is a proxy within something that has. */
	private final boolean[] failing;

	/** By span: the nearest one above that says how it ended. */
	private final int[] above;

	/** Spans that handed over what was attempted, and whose attempts are explained. */
	private final Set<Integer> handovers = new HashSet<>();

	/** Spans at which an error is already explained. */
	private final Set<Integer> explained = new HashSet<>();

	Failures(Timeline timeline, CriticalPath toAnswer, CriticalPath toEnd, Calls calls, Retries retries) {
		this.timeline = timeline;
		this.retries = retries;
		this.repairs = new Repairs(timeline, calls, retries);
		this.breakers = new Breakers(timeline, toAnswer);
		this.report = new FailureReport(timeline, toAnswer, toEnd, this.repairs);
		this.failing = new boolean[timeline.size];
		this.above = new int[timeline.size];
		for (int i : timeline.order) {
			int p = timeline.parent[i];
			this.failing[i] = timeline.broken(i) || (p >= 0 && timeline.reading[i].proxy() && this.failing[p]);
			this.above[i] = (p >= 0 && passesOn(p)) ? this.above[p] : p;
		}
	}

	List<Draft> find() {
		List<Draft> drafts = new ArrayList<>(this.breakers.find());
		this.explained.addAll(this.breakers.refused());
		Map<String, List<Chain>> chains = new LinkedHashMap<>();
		for (int i : this.timeline.order) {
			if (isTop(i) && !this.explained.contains(i)) {
				Chain chain = chain(i);
				boolean told = this.explained.contains(chain.origin()) || (chain.reach() == Reach.MADE_GOOD
						&& chain.steps().stream().anyMatch(this.retries::madeGood));
				if (!told) {
					String key = chain.reach() + "\n" + this.timeline.shape(chain.origin()) + "\n"
							+ this.timeline.service(chain.origin()) + "\n" + this.timeline.gaveUp(chain.origin());
					chains.computeIfAbsent(key, (any) -> new ArrayList<>()).add(chain);
				}
				explainAttempts(chain);
			}
		}
		chains.values().forEach((alike) -> drafts.add(this.report.draft(alike)));
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

	/** Where an error stopped on its way up: whoever is above did not fail by it. */
	private boolean isTop(int i) {
		int p = this.above[i];
		return (this.timeline.broken(i) || isMissed(i))
				&& (p < 0 || !this.timeline.broken(p) || this.timeline.detached[i] || this.timeline.abandoned[i]);
	}

	/** What was refused may be all right; whoever wanted it wrote down that it is not. */
	private boolean isMissed(int call) {
		int asker = this.timeline.parent[call];
		return asker >= 0 && this.timeline.reading[call].asks && this.timeline.ending[call].forbidden()
				&& this.timeline.ending[asker].saysNothing() && this.timeline.ending[asker].notesFailure();
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
		boolean inner = this.timeline.spans.get(i).ownWork() && !this.timeline.crosses(i) && !reading.asks;
		int answering = this.timeline.answering(i);
		// A proxy or a client may know that an answer came, and not what it says.
		return inner || (reading.asks && answering >= 0 && this.timeline.broken(answering))
				|| ((reading.proxy() || (reading.receives && ending.saysNoStatus())) && this.failing[p]);
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
		if (this.timeline.isAnswer(top) || isInAnswer(top)) {
			return Reach.ANSWER;
		}
		// Whoever was given up fails unheard; it may still be why the others failed.
		if (this.timeline.abandoned[top]) {
			return Reach.UNHEARD;
		}
		if (this.timeline.asynchronous[top] && !isCaught(top)) {
			return this.repairs.isLastTry(top) ? Reach.ASYNCHRONOUS : Reach.MADE_GOOD;
		}
		if (this.timeline.parent[top] < 0) {
			return Reach.SWALLOWED;
		}
		if (refused(top, steps)) {
			return Reach.REFUSAL;
		}
		boolean good = this.repairs.repaired(top) || steps.stream().anyMatch(this.retries::madeGood)
				|| this.repairs.lostRace(top) || this.repairs.dispensable(top) || this.repairs.notOffered(top);
		return good ? Reach.MADE_GOOD : Reach.SWALLOWED;
	}

	/** Whether somebody within the work that nobody waited for says that all is well. */
	private boolean isCaught(int top) {
		int above = this.above[top];
		return !this.timeline.detached[top] && above >= 0 && this.timeline.asynchronous[above]
				&& this.timeline.spans.get(above).status() == Span.Status.OK;
	}

	/** GraphQL answers 200 and says in the body what went wrong. */
	private boolean isInAnswer(int top) {
		int answer = this.timeline.parent[top];
		return answer >= 0 && this.timeline.isAnswer(answer)
				&& this.timeline.reading[answer].path().endsWith("/graphql")
				&& this.timeline.spans.get(top)
					.attributes()
					.keySet()
					.stream()
					.anyMatch((key) -> key.startsWith("graphql."));
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
			// An open breaker is seldom marked: to whoever asked it, it worked.
			boolean unmarked = this.timeline.ending[child].breakerOpen || !this.timeline.ending[child].thrown.isEmpty();
			if (cause < 0 && unmarked && lastCall <= this.timeline.start[child]) {
				cause = child;
			}
			if (outcome == Outcome.FINE || this.timeline.detached[child] || this.timeline.abandoned[child]) {
				continue;
			}
			boolean refused = outcome == Outcome.REFUSED;
			// After a refusal that mattered, nobody goes on asking.
			if (refused && lastCall > this.timeline.start[child]) {
				continue;
			}
			if (!refused && (this.retries.madeGood(child) || this.repairs.succeededLater(child))) {
				continue;
			}
			boolean worse = cause >= 0 && !refused && !this.timeline.broken(cause);
			boolean alike = cause >= 0 && refused != this.timeline.broken(cause);
			if (cause < 0 || worse || (alike && this.timeline.end[child] >= this.timeline.end[cause])) {
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
				if (this.timeline.detached[task] && this.timeline.broken(task)
						&& (!message || endsWith(span, handover, task))
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

	/** If somebody gave up: what they had waited for, if that was itself given up. */
	private int openBelow(int span) {
		int abandoned = this.timeline.abandonedBy(span);
		if (abandoned < 0) {
			return -1;
		}
		long moment = this.timeline.end[span];
		int step = abandoned;
		int deepest = -1;
		for (int hops = 0; step >= 0 && hops < FAR; hops++) {
			int next = -1;
			for (int child : this.timeline.children[step]) {
				if (this.timeline.start[child] < moment && this.timeline.end[child] > moment
						&& this.timeline.spans.get(child).kind() != Span.Kind.CONSUMER) {
					next = child;
				}
			}
			step = next;
			if (step >= 0 && this.timeline.gaveUp(step) && this.timeline.broken(step)) {
				deepest = step;
			}
		}
		return deepest;
	}

}
