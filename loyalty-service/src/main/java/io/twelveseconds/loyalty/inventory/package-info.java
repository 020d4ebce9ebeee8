/**
 * Our view of inventory-service: the calls we make and the fields we read, and no more.
 * The bodies are checked against {@code contracts/http/inventory-service}.
 */
@NullMarked
package io.twelveseconds.loyalty.inventory;

import org.jspecify.annotations.NullMarked;
