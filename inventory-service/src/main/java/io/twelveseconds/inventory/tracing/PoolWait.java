package io.twelveseconds.inventory.tracing;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.stereotype.Component;

/**
 * Shows the time that somebody waited for a connection, where it was long: a span that is
 * made afterwards. Where a connection was free nothing is made, and without this the wait
 * would be a gap in the trace.
 */
@Component
class PoolWait implements BeanPostProcessor {

	static final String SPAN = "wait for connection";

	/** Opening one more connection takes less, and is no wait for others. */
	private static final Duration NOTICEABLE = Duration.ofMillis(50);

	/** Not the clock itself, which would then be made before it can be processed. */
	private final ObjectProvider<Clock> clock;

	PoolWait(ObjectProvider<Clock> clock) {
		this.clock = clock;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		return (bean instanceof DataSource pool) ? new Watched(pool, this.clock) : bean;
	}

	private static final class Watched extends DelegatingDataSource {

		private final ObjectProvider<Clock> clock;

		Watched(DataSource pool, ObjectProvider<Clock> clock) {
			super(pool);
			this.clock = clock;
		}

		@Override
		public Connection getConnection() throws SQLException {
			Instant asked = this.clock.getObject().instant();
			try {
				Connection connection = super.getConnection();
				tell(asked, null);
				return connection;
			}
			catch (SQLException ex) {
				tell(asked, ex);
				throw ex;
			}
		}

		/**
		 * The pool says only that it waited in vain; that the database refuses is in the
		 * cause.
		 */
		private void tell(Instant asked, @Nullable SQLException ex) throws SQLException {
			if (Duration.between(asked, this.clock.getObject().instant()).compareTo(NOTICEABLE) < 0) {
				return;
			}
			Span span = GlobalOpenTelemetry.getTracer("inventory-service")
				.spanBuilder(SPAN)
				.setStartTimestamp(asked)
				.setAttribute("db.client.connection.pool.name", unwrap(HikariDataSource.class).getPoolName())
				.startSpan();
			if (ex != null) {
				Throwable cause = NestedExceptionUtils.getMostSpecificCause(ex);
				span.setStatus(StatusCode.ERROR, (cause == ex) ? ex.getMessage() : ex.getMessage() + ": " + cause);
			}
			span.end();
		}

	}

}
