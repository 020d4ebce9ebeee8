/**
 * Stories: read from a file, told step by step, and held against what is expected of
 * them.
 */
@NullMarked
package io.twelveseconds.demo.scenario;

import org.jspecify.annotations.NullMarked;
