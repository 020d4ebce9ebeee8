/**
 * Ways to sample, tried out and compared under a load whose failures are known.
 */
@NullMarked
package io.twelveseconds.demo.sampling;

import org.jspecify.annotations.NullMarked;
