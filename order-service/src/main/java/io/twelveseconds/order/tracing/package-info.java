/**
 * The only package of this service that knows OpenTelemetry: carries the trace of a
 * request across the database. The agent makes the spans and moves the context between
 * threads and over the wire. Added here are the span {@code order recover}
 * ({@link TraceContext#runInSpan}), and what {@link OrderSpan}, {@link GuardSpan} and
 * {@link ResendSpan} write on the span at hand.
 */
@NullMarked
package io.twelveseconds.order.tracing;

import org.jspecify.annotations.NullMarked;
