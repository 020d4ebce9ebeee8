package io.twelveseconds.inventory;

import java.util.List;

/** What was reserved most in the last 30 days: a page of the shop, made by a report. */
interface BestSellers {

	List<BestSeller> list();

	record BestSeller(String sku, String name, Money price, long sold) {
	}

}
