/**
 * The stock: what there is, what it costs, and what is reserved for which order.
 * Reserving takes all lines of an order or none; releasing gives them back. What an order
 * is, and whether it was paid, is not known here.
 */
@NullMarked
package io.twelveseconds.inventory;

import org.jspecify.annotations.NullMarked;
