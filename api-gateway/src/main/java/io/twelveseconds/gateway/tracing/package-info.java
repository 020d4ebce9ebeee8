/**
 * The only package of the gateway that knows OpenTelemetry: tells the caller which trace
 * its request made. The agent makes the spans; nothing here does.
 */
@NullMarked
package io.twelveseconds.gateway.tracing;

import org.jspecify.annotations.NullMarked;
