/**
 * Customers in numbers, at a steady rate or one after the other, and how they were
 * served.
 */
@NullMarked
package io.twelveseconds.demo.load;

import org.jspecify.annotations.NullMarked;
