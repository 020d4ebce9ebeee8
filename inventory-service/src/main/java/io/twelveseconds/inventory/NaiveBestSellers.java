package io.twelveseconds.inventory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Reads every reservation of the last 30 days, for each visitor anew, and holds one of
 * the pool's connections for as long as that takes. It locks nothing and disturbs nobody,
 * as long as few ask: the reservations live from the same pool, and whoever comes when
 * reports have all of it waits, though the database is idle.
 */
@Component
class NaiveBestSellers implements BestSellers {

	private static final Duration PERIOD = Duration.ofDays(30);

	private final JdbcClient jdbc;

	private final Clock clock;

	NaiveBestSellers(JdbcClient jdbc, Clock clock) {
		this.jdbc = jdbc;
		this.clock = clock;
	}

	@Override
	public List<BestSeller> list() {
		return this.jdbc.sql("""
				SELECT stock.sku, name, price, currency, sum(line.quantity) AS sold
				FROM reservations, jsonb_to_recordset(lines) AS line (sku text, quantity integer) JOIN stock USING (sku)
				WHERE status = 'RESERVED' AND at > :since
				GROUP BY stock.sku ORDER BY sold DESC, stock.sku LIMIT 10
				""")
			.param("since", this.clock.instant().minus(PERIOD).atOffset(ZoneOffset.UTC))
			.query(NaiveBestSellers::bestSeller)
			.list();
	}

	private static BestSeller bestSeller(ResultSet row, int number) throws SQLException {
		return new BestSeller(row.getString("sku"), row.getString("name"), Stock.price(row), row.getLong("sold"));
	}

}
