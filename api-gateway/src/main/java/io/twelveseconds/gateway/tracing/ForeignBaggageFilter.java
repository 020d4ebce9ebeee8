package io.twelveseconds.gateway.tracing;

import java.io.IOException;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.BaggageBuilder;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Takes out of a request's baggage what would ask the services for faults. Where faults
 * are not allowed nobody inside listens to it; this keeps strangers' wishes out of the
 * house altogether, its records and outbox included. Other baggage passes.
 */
@Component
@Conditional(ForeignBaggageFilter.FaultsNotAllowed.class)
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class ForeignBaggageFilter extends HttpFilter {

	private static final long serialVersionUID = 1L;

	private static final String OURS = "demo.";

	@Override
	protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		Scope scope = Context.current().with(stripped(Baggage.current())).makeCurrent();
		try {
			chain.doFilter(request, response);
		}
		finally {
			scope.close();
		}
	}

	private static Baggage stripped(Baggage baggage) {
		BaggageBuilder stripped = baggage.toBuilder();
		baggage.asMap().keySet().stream().filter((name) -> name.startsWith(OURS)).forEach(stripped::remove);
		return stripped.build();
	}

	/** Whatever does not allow faults: "no" and nothing as well as "false". */
	static class FaultsNotAllowed extends NoneNestedConditions {

		FaultsNotAllowed() {
			super(ConfigurationPhase.PARSE_CONFIGURATION);
		}

		@ConditionalOnBooleanProperty("demo.faults.allowed")
		static class FaultsAllowed {

		}

	}

}
