/**
 * Our view of analytics-service: the calls we make and the fields we read, and no more,
 * and what is remembered until it has answered. The bodies are checked against
 * {@code contracts/http/analytics-service}.
 */
@NullMarked
package io.twelveseconds.order.analytics;

import org.jspecify.annotations.NullMarked;
