package io.twelveseconds.gateway.tracing;

import java.io.IOException;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import jakarta.servlet.ServletException;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

class TraceResponseFilterTests {

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	@Test
	void namesTheTraceOnTheAnswer() throws ServletException, IOException {
		Span span = Span.wrap(SpanContext.create("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7",
				TraceFlags.getDefault(), TraceState.getDefault()));
		Scope scope = span.makeCurrent();
		try {
			filter();
			assertThat(CurrentTrace.id()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
		}
		finally {
			scope.close();
		}
		assertThat(this.response.getHeader("traceresponse"))
			.isEqualTo("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
	}

	@Test
	void saysNothingWithoutAnAgent() throws ServletException, IOException {
		filter();
		assertThat(this.response.getHeaderNames()).isEmpty();
		assertThat(CurrentTrace.id()).isNull();
	}

	private void filter() throws ServletException, IOException {
		new TraceResponseFilter().doFilter(new MockHttpServletRequest(), this.response, new MockFilterChain());
	}

}
