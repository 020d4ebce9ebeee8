/**
 * The shop from outside: its HTTP interface, and what the last order left behind.
 */
@NullMarked
package io.twelveseconds.demo.shop;

import org.jspecify.annotations.NullMarked;
