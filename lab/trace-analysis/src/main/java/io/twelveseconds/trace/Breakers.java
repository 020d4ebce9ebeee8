package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds calls that were not made because earlier ones had failed. */
final class Breakers {

	private final Timeline timeline;

	private final CriticalPath toAnswer;

	/** By who asked and what: the calls that were refused. */
	private final Map<String, List<Integer>> open = new LinkedHashMap<>();

	Breakers(Timeline timeline, CriticalPath toAnswer) {
		this.timeline = timeline;
		this.toAnswer = toAnswer;
		for (int i = 0; i < timeline.size; i++) {
			if (timeline.ending[i].breakerOpen && !deeperOpen(i)) {
				this.open.computeIfAbsent(timeline.service(i) + "\n" + timeline.shape(i), (any) -> new ArrayList<>())
					.add(i);
			}
		}
	}

	/** The spans of the calls that were not made. */
	Set<Integer> refused() {
		return this.open.values().stream().flatMap(List::stream).collect(Collectors.toSet());
	}

	List<Draft> find() {
		return this.open.values().stream().map(this::draft).toList();
	}

	private Draft draft(List<Integer> refused) {
		Timeline t = this.timeline;
		int span = refused.get(0);
		Reading reading = t.reading[span];
		String what = reading.asks ? "did not ask %s (%s)".formatted(t.callee(span), reading.title())
				: "refused a call within %s".formatted(reading.title());
		String sentence = "%s %s, since its circuit breaker%s is open after earlier failures%s%s.".formatted(
				t.service(span), what, reading.breaker().isEmpty() ? "" : " " + reading.breaker(),
				t.ending[span].quoted(), (refused.size() > 1) ? ", %d times".formatted(refused.size()) : "");
		boolean reaches = t.broken(t.root) && refused.stream().anyMatch(t::failsAnswer);
		long nanos = refused.stream().mapToLong((one) -> this.toAnswer.inclusive[one]).sum();
		double share = nanos / (double) this.toAnswer.nanos();
		return new Draft(Finding.Kind.BREAKER_OPEN, Draft.proofs(refused), nanos, share,
				reaches ? 1.03 : Math.max(share, 0.55), new BitSet(), sentence,
				"The cause lies in earlier traces: look at why calls of this callee failed before the breaker opened, and whether it has come back.");
	}

	private boolean deeperOpen(int i) {
		for (int child : this.timeline.children[i]) {
			if (this.timeline.ending[child].breakerOpen) {
				return true;
			}
		}
		return false;
	}

}
