package io.twelveseconds.trace;

import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A finding in the making.
 *
 * @param share of the time, by which findings about time are compared
 * @param weight by which all findings are ordered: the share of the time, less if it is
 * not certain, or 1 and more for what explains why the answer was an error; 0 for a note
 * @param claims the steps of the path that it explains; another finding for the same time
 * would only say it twice
 */
record Draft(Finding.Kind kind, Set<Integer> spans, long explained, double share, double weight, BitSet claims,
		String sentence, String advice) {

	/** More spans prove no more. */
	private static final int MOST_PROOFS = 100;

	static Set<Integer> proofs(Collection<Integer> spans) {
		Set<Integer> proofs = new LinkedHashSet<>();
		for (Integer span : spans) {
			if (span >= 0 && proofs.size() < MOST_PROOFS) {
				proofs.add(span);
			}
		}
		return proofs;
	}

	Draft atMost(double weight) {
		return new Draft(this.kind, this.spans, this.explained, this.share, Math.min(this.weight, weight), this.claims,
				this.sentence, this.advice);
	}

	Finding finding(Timeline timeline) {
		return new Finding(this.kind, this.spans.stream().map(timeline.spans::get).toList(),
				Duration.ofNanos(this.explained), this.share, this.sentence, this.advice);
	}

}
