/**
 * Every order held against its trace.
 */
@NullMarked
package io.twelveseconds.demo.completeness;

import org.jspecify.annotations.NullMarked;
