package io.twelveseconds.system;

/**
 * The shop's books: what each service has written down about the same sales, read from
 * its own database.
 *
 * @param open orders that are not settled yet
 * @param orders confirmed orders
 * @param charges charges that were not refunded
 * @param reservations reservations that were not released
 * @param mails orders whose customer was told
 * @param figures orders in the sales figures
 */
record Books(long open, long orders, long charges, long reservations, long mails, long figures) {

	static Books of(Databases databases) {
		return new Books(databases.number("orders", "SELECT count(*) FROM orders WHERE due_at IS NOT NULL"),
				databases.number("orders", "SELECT count(*) FROM orders WHERE status = 'CONFIRMED'"),
				databases.number("payment", "SELECT count(*) FROM charges WHERE status = 'CAPTURED'"),
				databases.number("inventory", "SELECT count(*) FROM reservations WHERE status = 'RESERVED'"),
				databases.number("notification", "SELECT count(*) FROM notifications WHERE kind = 'ORDER_CONFIRMED'"),
				databases.number("analytics", "SELECT count(*) FROM orders WHERE outcome = 'CONFIRMED'"));
	}

	boolean balance() {
		return this.open == 0 && this.orders == this.charges && this.orders == this.reservations
				&& this.orders == this.mails && this.orders == this.figures;
	}

}
