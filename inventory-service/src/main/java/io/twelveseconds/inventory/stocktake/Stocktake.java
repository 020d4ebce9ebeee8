package io.twelveseconds.inventory.stocktake;

/** Counts what lies on the front shelves. */
interface Stocktake {

	Count count();

	record Count(int shelves, long units) {
	}

}
