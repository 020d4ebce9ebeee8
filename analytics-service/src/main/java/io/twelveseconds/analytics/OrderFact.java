package io.twelveseconds.analytics;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

/**
 * How an order ended, and what was sold by it.
 */
record OrderFact(UUID orderId, UUID eventId, String outcome, int items, BigDecimal euros, Instant time) {
}
