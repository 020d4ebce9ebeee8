package io.twelveseconds.fault;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Disturbs statements, on a slow network or in PostgreSQL itself: it sleeps before the
 * statement, on its own connection and in its transaction, or somebody else holds a lock
 * that it needs, or it must not write. While nothing could strike, connections are handed
 * out as they are.
 */
final class JdbcFaults extends DelegatingDataSource {

	private static final Logger log = LoggerFactory.getLogger(JdbcFaults.class);

	private final Faults faults;

	JdbcFaults(DataSource dataSource, Faults faults) {
		super(dataSource);
		this.faults = faults;
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection connection = super.getConnection();
		return this.faults.mayStrike(Edge.JDBC) ? disturbed(connection) : connection;
	}

	private Connection disturbed(Connection connection) {
		return proxy(Connection.class, (method, arguments) -> {
			Object result = method.invoke(connection, arguments);
			if (result instanceof Statement statement) {
				@Nullable String sql = (method.getName().startsWith("prepare")) ? (String) arguments[0] : null;
				return disturbed(connection, statement, sql, method.getReturnType());
			}
			return result;
		});
	}

	private Object disturbed(Connection connection, Statement statement, @Nullable String sql, Class<?> type) {
		return proxy(type, (method, arguments) -> {
			if (method.getName().startsWith("execute")) {
				@Nullable String executed = (sql == null && arguments != null && arguments.length > 0) ? (String) arguments[0]
						: sql;
				if (executed != null) {
					before(connection, executed);
				}
			}
			return method.invoke(statement, arguments);
		});
	}

	private void before(Connection connection, String sql) throws SQLException {
		for (Fault fault : this.faults.strike(Edge.JDBC, sql)) {
			fault.time("latency").ifPresent((latency) -> this.faults.hold(fault, latency));
			if (fault.time("slow").isPresent()) {
				sleep(connection, fault.time("slow").get());
			}
			if (fault.text("lock-table").isPresent()) {
				lock(fault, fault.text("lock-table").get(), fault.time("hold").orElse(Duration.ofSeconds(1)));
			}
			if (fault.is("read-only")) {
				refuseWrites(connection);
			}
		}
	}

	private static void sleep(Connection connection, Duration time) throws SQLException {
		try (PreparedStatement sleep = connection.prepareStatement("SELECT pg_sleep(?)")) {
			sleep.setDouble(1, time.toMillis() / 1e3);
			sleep.execute();
		}
	}

	/** From here on PostgreSQL itself refuses what the transaction writes. */
	private static void refuseWrites(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET TRANSACTION READ ONLY");
		}
	}

	/**
	 * Returns when the lock is held, or cannot be had in time: the transaction that is to
	 * wait for it may have written to the table before, and so be what the lock waits
	 * for. It stops writers, not readers, and goes by itself.
	 */
	private void lock(Fault fault, String table, Duration time) {
		CompletableFuture<Void> held = new CompletableFuture<>();
		Thread holder = new Thread(() -> hold(fault, table, time, held), "fault-lock");
		holder.setDaemon(true);
		holder.start();
		// A server that does not answer at all is no reason to wait for ever.
		held.completeOnTimeout(null, 10, TimeUnit.SECONDS).join();
	}

	private void hold(Fault fault, String table, Duration time, CompletableFuture<Void> held) {
		try (Connection other = anotherConnection(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("SET LOCAL lock_timeout = '2s'");
			statement.execute("LOCK TABLE " + table + " IN SHARE MODE");
			held.complete(null);
			this.faults.hold(fault, time);
			other.rollback();
		}
		catch (SQLException ex) {
			log.warn("The fault {} does not strike, or no longer: the lock on {} was not to be had or kept: {}",
					fault.name(), table, ex.getMessage());
		}
		finally {
			held.complete(null);
		}
	}

	/**
	 * With the same timeouts as those of the pool, but not from there: that somebody
	 * holds a lock must not cost a connection.
	 */
	private Connection anotherConnection() throws SQLException {
		HikariDataSource pool = unwrap(HikariDataSource.class);
		Properties properties = new Properties();
		pool.getDataSourceProperties()
			.forEach((name, value) -> properties.setProperty(name.toString(), value.toString()));
		properties.setProperty("user", pool.getUsername());
		properties.setProperty("password", pool.getPassword());
		return DriverManager.getConnection(pool.getJdbcUrl(), properties);
	}

	private static <T> T proxy(Class<T> type, Call call) {
		InvocationHandler handler = (proxy, method, arguments) -> {
			try {
				return call.invoke(method, arguments);
			}
			catch (InvocationTargetException ex) {
				throw ex.getTargetException();
			}
		};
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler));
	}

	private interface Call {

		@Nullable Object invoke(Method method, Object @Nullable [] arguments) throws Throwable;

	}

}
