package io.twelveseconds.loyalty;

/**
 * A customer's points so far.
 */
record Account(String customer, Tier tier, long points) {
}
