/**
 * The only package of this service that knows OpenTelemetry: keeps a dead letter in the
 * trace of its order. The agent makes all spans.
 */
@NullMarked
package io.twelveseconds.notification.tracing;

import org.jspecify.annotations.NullMarked;
