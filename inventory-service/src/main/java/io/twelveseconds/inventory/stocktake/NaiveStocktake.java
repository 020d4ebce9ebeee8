package io.twelveseconds.inventory.stocktake;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

/**
 * Counts one shelf after the other, as a person does, and lets nobody change a shelf
 * while it is counted: its row stays locked for that time. It goes hand over hand, taking
 * the next row before it lets go of this one, so that nothing is carried behind its back.
 * <p>
 * That is why it is slow for others. A reservation takes the same rows in the same order:
 * where it meets this one it cannot overtake, and waits again at each shelf.
 */
@Component
class NaiveStocktake implements Stocktake {

	private final DataSource dataSource;

	private final StocktakeSettings settings;

	private volatile boolean closed;

	NaiveStocktake(DataSource dataSource, StocktakeSettings settings) {
		this.dataSource = dataSource;
		this.settings = settings;
	}

	@Override
	public Count count() {
		try (Connection left = this.dataSource.getConnection(); Connection right = this.dataSource.getConnection()) {
			return count(new Hand(left), new Hand(right));
		}
		catch (SQLException ex) {
			throw new DataAccessResourceFailureException("The stocktake has no hands free", ex);
		}
	}

	private Count count(Hand next, Hand last) throws SQLException {
		int shelves = 0;
		long units = 0;
		for (String sku : next.shelves(this.settings.shelves())) {
			if (this.closed) {
				break;
			}
			units += next.take(sku);
			last.letGo();
			next.dwell(this.settings.dwell());
			shelves++;
			Hand free = last;
			last = next;
			next = free;
		}
		last.letGo();
		return new Count(shelves, units);
	}

	/** Ends it after the shelf at hand: the service would wait for it. */
	@EventListener(ContextClosedEvent.class)
	void close() {
		this.closed = true;
	}

	/** A transaction, which holds one row at a time. */
	private static final class Hand {

		private final Connection connection;

		private final JdbcClient jdbc;

		Hand(Connection connection) throws SQLException {
			connection.setAutoCommit(false);
			this.connection = connection;
			this.jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
		}

		List<String> shelves(int atMost) {
			return this.jdbc.sql("SELECT sku FROM stock ORDER BY sku LIMIT :atMost")
				.param("atMost", atMost)
				.query(String.class)
				.list();
		}

		/** Waits for whoever has the row. */
		long take(String sku) {
			return this.jdbc.sql("SELECT available FROM stock WHERE sku = :sku FOR UPDATE")
				.param("sku", sku)
				.query(Long.class)
				.single();
		}

		/** What a person needs to count the shelf. */
		void dwell(Duration time) {
			this.jdbc.sql("SELECT 1 FROM (SELECT pg_sleep(:seconds)) AS counting")
				.param("seconds", time.toMillis() / 1e3)
				.query(Integer.class)
				.single();
		}

		void letGo() throws SQLException {
			this.connection.commit();
		}

	}

}
