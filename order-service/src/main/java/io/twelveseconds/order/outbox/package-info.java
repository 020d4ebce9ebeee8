/**
 * Events on their way to Kafka: written in the transaction of the change they tell of,
 * sent afterwards. What the events say is decided in {@code io.twelveseconds.order}; here
 * they are text.
 */
@NullMarked
package io.twelveseconds.order.outbox;

import org.jspecify.annotations.NullMarked;
