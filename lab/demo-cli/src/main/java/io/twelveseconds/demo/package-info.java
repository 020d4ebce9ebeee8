/**
 * The {@code ./demo} command. {@link io.twelveseconds.demo.Demo} names what it can do; a
 * package holds a part of that, with its commands. It talks to the shop only as everybody
 * can: over HTTP, Kafka, signals and files.
 */
@NullMarked
package io.twelveseconds.demo;

import org.jspecify.annotations.NullMarked;
