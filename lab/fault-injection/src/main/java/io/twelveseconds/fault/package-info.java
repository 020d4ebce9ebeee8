/**
 * Real faults at the edges of a service: its HTTP server and clients, its database, its
 * Kafka consumer and producer. Which faults there are, whose they are and what they do is
 * in {@code faults.json}; {@link io.twelveseconds.fault.Flags} reads it through
 * OpenFeature. No class of a service knows of any of this, and nothing of it is there
 * unless {@code demo.faults.allowed} is true.
 */
@NullMarked
package io.twelveseconds.fault;

import org.jspecify.annotations.NullMarked;
