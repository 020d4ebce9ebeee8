package io.twelveseconds.trace;

/**
 * Below these, nobody is accused. Each has an absolute part, since a large share of a
 * short time is nothing, and a relative one, since a second in a minute is not the cause.
 */
final class Limits {

	/** Nobody waits noticeably for so little; with no error it is healthy. */
	static final long SHORT_TRACE = millis(40);

	/** The same for work that nobody waits for. */
	static final long SHORT_WORK = millis(200);

	/** What explains less than this is not the cause. */
	static final double SHARE = 0.3;

	/** The same for what is told by a pattern rather than by its length alone. */
	static final double PATTERN_SHARE = 0.2;

	/** Work that nobody has asked for takes at least so long if it is a job. */
	static final long JOB = millis(5_000);

	/** A job consists of steps that take long, each for itself. */
	static final double STEP_SHARE = 0.6;

	/** A statement that takes longer has waited, or does too much. */
	static final long STATEMENT = millis(200);

	/** Own work may take its time. */
	static final long WORK = millis(400);

	/** And that of somebody who is not traced: a bank, a shop, another continent. */
	static final long OUTSIDE = millis(500);

	/** A language model thinks for seconds, and is healthy. */
	static final long MODEL = millis(30_000);

	/** Until a function's process is there. */
	static final long COLD_START = millis(2_000);

	/** Where nobody waits, a shorter delay hurts nobody. */
	static final long UNWAITED = millis(1_000);

	/** And after the answer, others may be waited for so long, or work lie unclaimed. */
	static final long LATER = millis(4_000);

	/** One stretch of time within a service that no span covers. */
	static final long GAP = millis(200);

	/** A program that goes on at once makes no such gaps; several may add up. */
	static final long PAUSE = GAP / 4;

	/** Between caller and callee, more than any network takes within a data centre. */
	static final long BETWEEN = millis(100);

	/** Many consumers look for work once a second; and clocks may be apart. */
	static final long QUEUE = millis(1_000);

	/** From so many on, repetition is a pattern; fewer are an ordinary loop. */
	static final int REPEATED = 5;

	/** So often one message may not be taken. */
	static final int DELIVERED = 4;

	/** From so many on, there is no doubt. */
	static final int OFTEN = 8;

	/** Fewer calls than {@link #OFTEN} must together take at least this. */
	static final long REPEATED_TIME = millis(100);

	/** And many calls at least this. */
	static final long OFTEN_TIME = millis(20);

	/** From the end of a call to the next, if this needs nothing else. */
	static final long AT_ONCE = millis(5);

	/** How much sooner the end would have come. */
	static final long SAVED = millis(150);

	/** Of fewer nobody knows what is usual. */
	static final int COMPARED = 4;

	/** How far above its like something is conspicuous. */
	static final double OUTLIER = 5;

	static final long OUTLIER_EXCESS = millis(100);

	/** How far above its usual time, and by how much. */
	static final double UNUSUAL = 3;

	static final long UNUSUAL_EXCESS = millis(50);

	/** Lost by trying again. */
	static final long RETRIED_TIME = millis(200);

	private Limits() {
	}

	static long millis(long millis) {
		return millis * 1_000_000;
	}

}
