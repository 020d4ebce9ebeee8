/**
 * Our view of loyalty-service: the calls we make and the fields we read, and no more. The
 * bodies are checked against {@code contracts/http/loyalty-service}.
 */
@NullMarked
package io.twelveseconds.order.loyalty;

import org.jspecify.annotations.NullMarked;
