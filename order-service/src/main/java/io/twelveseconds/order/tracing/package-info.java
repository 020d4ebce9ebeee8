/**
 * The only package of this service that knows OpenTelemetry: carries the trace of a
 * request across the database. The agent makes the spans and moves the context between
 * threads and over the wire; nothing here repeats that.
 */
@NullMarked
package io.twelveseconds.order.tracing;

import org.jspecify.annotations.NullMarked;
