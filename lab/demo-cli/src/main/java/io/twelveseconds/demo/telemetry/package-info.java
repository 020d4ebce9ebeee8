/**
 * How the running system is traced: which spans are kept, what became of them, and what
 * was counted.
 */
@NullMarked
package io.twelveseconds.demo.telemetry;

import org.jspecify.annotations.NullMarked;
