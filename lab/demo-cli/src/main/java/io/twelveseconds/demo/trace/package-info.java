/**
 * Traces: found in the store, drawn as a waterfall, diagnosed.
 */
@NullMarked
package io.twelveseconds.demo.trace;

import org.jspecify.annotations.NullMarked;
