package io.twelveseconds.fault;

import java.io.IOException;
import java.util.List;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Disturbs the requests that come in: the answer comes late, is an error, or never comes.
 */
final class HttpServerFaults extends HttpFilter {

	private static final long serialVersionUID = 1L;

	private final transient Faults faults;

	HttpServerFaults(Faults faults) {
		this.faults = faults;
	}

	@Override
	protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		List<Fault> striking = this.faults.strike(Edge.HTTP_SERVER,
				request.getMethod() + " " + request.getRequestURI());
		if (striking.isEmpty()) {
			chain.doFilter(request, response);
		}
		else if (!isAnsweredBy(striking, response)) {
			answerLate(striking, request, response, chain);
		}
	}

	/** The work is not begun, let alone done. */
	private boolean isAnsweredBy(List<Fault> striking, HttpServletResponse response) {
		for (Fault fault : striking) {
			if (fault.time("hang").isPresent()) {
				// A servlet does not notice that its caller has gone, so there is an end
				// to it. By then nobody should be left to read this.
				this.faults.hold(fault, fault.time("hang").get());
				response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
				return true;
			}
			if (fault.number("status").isPresent()) {
				response.setStatus(fault.number("status").get());
				return true;
			}
		}
		return false;
	}

	/** The work is done, but its answer lies here for a while. */
	private void answerLate(List<Fault> striking, HttpServletRequest request, HttpServletResponse response,
			FilterChain chain) throws IOException, ServletException {
		ContentCachingResponseWrapper kept = new ContentCachingResponseWrapper(response);
		chain.doFilter(request, kept);
		striking.forEach((fault) -> fault.time("delay-response").ifPresent((late) -> this.faults.hold(fault, late)));
		kept.copyBodyToResponse();
	}

}
