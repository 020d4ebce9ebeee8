/**
 * Starts, stops and breaks the whole, as processes
 * ({@link io.twelveseconds.demo.stack.LocalStack}) or containers
 * ({@link io.twelveseconds.demo.stack.Compose}).
 */
@NullMarked
package io.twelveseconds.demo.stack;

import org.jspecify.annotations.NullMarked;
