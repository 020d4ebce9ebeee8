/**
 * Our view of payment-service: the calls we make and the fields we read, and no more. The
 * bodies are checked against {@code contracts/http/payment-service}.
 */
@NullMarked
package io.twelveseconds.order.payment;

import org.jspecify.annotations.NullMarked;
