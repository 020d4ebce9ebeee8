package io.twelveseconds.trace;

import java.util.List;

/**
 * An error from where it stopped down to where it began.
 *
 * @param steps all spans from the top to the origin, both included
 */
record Chain(int top, int origin, List<Integer> steps, Reach reach) {

	/** How far an error came. */
	enum Reach {

		ANSWER(Finding.Kind.ERROR_ORIGIN), SWALLOWED(Finding.Kind.SWALLOWED_ERROR),
		ASYNCHRONOUS(Finding.Kind.FAILED_ASYNC), UNHEARD(Finding.Kind.ERROR_ORIGIN), REFUSAL(Finding.Kind.ERROR_ORIGIN),
		MADE_GOOD(Finding.Kind.SWALLOWED_ERROR);

		final Finding.Kind kind;

		Reach(Finding.Kind kind) {
			this.kind = kind;
		}

	}

}
