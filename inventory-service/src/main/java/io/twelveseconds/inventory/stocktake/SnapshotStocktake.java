package io.twelveseconds.inventory.stocktake;

import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Counts all shelves as they are at one moment. A plain SELECT sees one snapshot, locks
 * no row and waits for none: nobody notices it.
 */
@Component
@Primary
class SnapshotStocktake implements Stocktake {

	private final JdbcClient jdbc;

	private final StocktakeSettings settings;

	SnapshotStocktake(JdbcClient jdbc, StocktakeSettings settings) {
		this.jdbc = jdbc;
		this.settings = settings;
	}

	@Override
	public Count count() {
		return this.jdbc.sql("""
				SELECT count(*) AS shelves, sum(available) AS units
				FROM (SELECT available FROM stock ORDER BY sku LIMIT :shelves) AS front
				""").param("shelves", this.settings.shelves()).query(Count.class).single();
	}

}
