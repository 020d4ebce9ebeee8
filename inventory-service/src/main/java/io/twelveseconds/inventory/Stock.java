package io.twelveseconds.inventory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The shelves: one row for each product, which whoever takes from it locks until its
 * transaction ends.
 */
@Repository
class Stock {

	private final JdbcClient jdbc;

	Stock(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Takes the quantity off the shelf if there is enough of it.
	 * @return the unit price; empty if there is not enough, or no such product
	 */
	Optional<Money> take(String sku, int quantity) {
		return this.jdbc.sql("""
				UPDATE stock SET available = available - :quantity WHERE sku = :sku AND available >= :quantity
				RETURNING price, currency
				""").param("sku", sku).param("quantity", quantity).query((row, number) -> price(row)).optional();
	}

	void putBack(String sku, int quantity) {
		this.jdbc.sql("UPDATE stock SET available = available + :quantity WHERE sku = :sku")
			.param("sku", sku)
			.param("quantity", quantity)
			.update();
	}

	boolean has(String sku) {
		return this.jdbc.sql("SELECT EXISTS (SELECT FROM stock WHERE sku = :sku)")
			.param("sku", sku)
			.query(Boolean.class)
			.single();
	}

	List<Product> products() {
		return this.jdbc.sql("SELECT * FROM stock ORDER BY sku").query(Stock::product).list();
	}

	/** In one statement, however many there are; those that do not exist are left out. */
	List<Product> products(List<String> skus) {
		return this.jdbc.sql("SELECT * FROM stock WHERE sku = ANY (:skus) ORDER BY sku")
			// An array, so that the statement is the same text for any number of
			// products.
			.param("skus", skus.toArray(String[]::new))
			.query(Stock::product)
			.list();
	}

	Optional<Product> product(String sku) {
		return this.jdbc.sql("SELECT * FROM stock WHERE sku = :sku").param("sku", sku).query(Stock::product).optional();
	}

	private static Product product(ResultSet row, int number) throws SQLException {
		return new Product(row.getString("sku"), row.getString("name"), row.getString("category"), price(row),
				row.getInt("available"));
	}

	static Money price(ResultSet row) throws SQLException {
		return new Money(row.getBigDecimal("price"), Currency.getInstance(row.getString("currency")));
	}

	record Product(String sku, String name, String category, Money price, int inStock) {
	}

}
