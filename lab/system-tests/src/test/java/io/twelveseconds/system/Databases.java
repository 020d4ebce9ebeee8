package io.twelveseconds.system;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks into the services' databases from outside: what the services say of themselves is
 * not proof.
 */
final class Databases {

	private final int port;

	Databases(int port) {
		this.port = port;
	}

	/** The single number that the query answers with. */
	long number(String database, String query, Object... parameters) {
		try (Connection connection = connect(database);
				PreparedStatement statement = connection.prepareStatement(query)) {
			bind(statement, parameters);
			try (ResultSet rows = statement.executeQuery()) {
				rows.next();
				return rows.getLong(1);
			}
		}
		catch (SQLException ex) {
			throw new AssertionError(query + " in " + database, ex);
		}
	}

	/** The first column of every row that the query answers with. */
	List<String> texts(String database, String query) {
		try (Connection connection = connect(database);
				PreparedStatement statement = connection.prepareStatement(query);
				ResultSet rows = statement.executeQuery()) {
			List<String> texts = new ArrayList<>();
			while (rows.next()) {
				texts.add(rows.getString(1));
			}
			return texts;
		}
		catch (SQLException ex) {
			throw new AssertionError(query + " in " + database, ex);
		}
	}

	void change(String database, String statement, Object... parameters) {
		try (Connection connection = connect(database);
				PreparedStatement prepared = connection.prepareStatement(statement)) {
			bind(prepared, parameters);
			prepared.executeUpdate();
		}
		catch (SQLException ex) {
			throw new AssertionError(statement + " in " + database, ex);
		}
	}

	private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
		for (int i = 0; i < parameters.length; i++) {
			statement.setObject(i + 1, parameters[i]);
		}
	}

	/** JUnit's timeout interrupts, and a socket does not hear that. */
	private Connection connect(String database) throws SQLException {
		String url = "jdbc:postgresql://127.0.0.1:%d/%s?connectTimeout=5&socketTimeout=60".formatted(this.port,
				database);
		return DriverManager.getConnection(url, database, database);
	}

}
