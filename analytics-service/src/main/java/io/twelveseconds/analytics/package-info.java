/**
 * Sales figures: facts from order events, and how checkouts ended from tracking calls.
 * Both may come late, twice or, the calls, never; nothing here is fit to bill anyone.
 */
@NullMarked
package io.twelveseconds.analytics;

import org.jspecify.annotations.NullMarked;
