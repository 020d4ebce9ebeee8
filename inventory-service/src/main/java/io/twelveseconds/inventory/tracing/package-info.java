/**
 * The only package of this service that knows OpenTelemetry. The agent makes the spans of
 * requests and statements; here is what no request began, and how long a connection was
 * waited for.
 */
@NullMarked
package io.twelveseconds.inventory.tracing;

import org.jspecify.annotations.NullMarked;
