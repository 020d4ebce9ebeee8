package io.twelveseconds.order;

/**
 * Why an order did not become a sale.
 */
enum Reason {

	SOLD_OUT, UNKNOWN_SKU, INVENTORY_UNAVAILABLE, PAYMENT_DECLINED, PAYMENT_UNSETTLED

}
