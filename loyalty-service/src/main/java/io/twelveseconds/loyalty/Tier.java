package io.twelveseconds.loyalty;

/**
 * What kind of customer an account belongs to.
 */
enum Tier {

	/** One point per EUR. */
	STANDARD,
	/** Some products count more than once. */
	PREMIUM

}
