package io.twelveseconds.gateway.tracing;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Before anything else, so that no answer leaves without it; what Tomcat refuses on its
 * own never comes this far, and gets the header where that answer is written.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class TraceResponseFilter extends HttpFilter {

	private static final long serialVersionUID = 1L;

	@Override
	protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		CurrentTrace.writeTo(response);
		chain.doFilter(request, response);
	}

}
