/**
 * Tests of the whole: everything is started once, as {@code ./demo up} does it, orders go
 * through the gateway, and what happened is read back from the answers, the databases,
 * Kafka, the mail server and the traces.
 */
@NullMarked
package io.twelveseconds.system;

import org.jspecify.annotations.NullMarked;
