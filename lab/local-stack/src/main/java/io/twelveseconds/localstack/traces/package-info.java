/**
 * A small trace store: OTLP/HTTP in, the subset of Jaeger's {@code /api/v3} that we use
 * out, and a page to look at a trace. It stands in for a Collector and Jaeger where there
 * are none; it keeps everything in bounded memory and forgets the oldest traces first.
 */
@NullMarked
package io.twelveseconds.localstack.traces;

import org.jspecify.annotations.NullMarked;
