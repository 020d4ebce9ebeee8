/**
 * The only package of this service that knows OpenTelemetry. The agent makes the spans of
 * requests and statements; here is only what no request began.
 */
@NullMarked
package io.twelveseconds.inventory.tracing;

import org.jspecify.annotations.NullMarked;
