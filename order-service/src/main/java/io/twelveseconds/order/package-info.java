/**
 * The checkout: an order and the steps it goes through, kept in the database so that a
 * crash loses none. {@link io.twelveseconds.order.Checkout} is the story; neighbours,
 * outbox and tracing have packages of their own. Stock, cards, points, mails and figures
 * belong to other services.
 */
@NullMarked
package io.twelveseconds.order;

import org.jspecify.annotations.NullMarked;
