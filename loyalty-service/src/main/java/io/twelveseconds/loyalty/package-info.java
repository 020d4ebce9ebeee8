/**
 * Points for orders, and the accounts that hold them. An order is awarded once, however
 * often the award is asked for. What was sold, and whether it was paid, is not known
 * here.
 */
@NullMarked
package io.twelveseconds.loyalty;

import org.jspecify.annotations.NullMarked;
