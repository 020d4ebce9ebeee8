/**
 * The {@code ./demo} command: starts, stops and shows the local stack, places orders and
 * draws their traces. {@link io.twelveseconds.demo.Parts} lists what runs. It talks to
 * the shop only as everybody can: over HTTP, Kafka, signals and files.
 */
@NullMarked
package io.twelveseconds.demo;

import org.jspecify.annotations.NullMarked;
