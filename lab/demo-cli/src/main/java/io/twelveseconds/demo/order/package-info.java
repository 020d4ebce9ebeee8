/**
 * Places orders.
 */
@NullMarked
package io.twelveseconds.demo.order;

import org.jspecify.annotations.NullMarked;
