/**
 * A trace in, findings out. Reads the OTLP JSON of any store and puts the spans of one
 * trace into a tree. Plain Java without Spring or I/O: whoever has the text can use it.
 */
@NullMarked
package io.twelveseconds.trace;

import org.jspecify.annotations.NullMarked;
