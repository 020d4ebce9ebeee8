/**
 * What tracing costs.
 */
@NullMarked
package io.twelveseconds.demo.bench;

import org.jspecify.annotations.NullMarked;
