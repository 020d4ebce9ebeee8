package io.twelveseconds.gateway;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/**
 * What the services behind us refuse is passed on; how they fail stays inside. Asked
 * before {@link GatewayProblems}, which takes every exception.
 */
@RestControllerAdvice
@Order(0)
class NeighbourProblems {

	private static final Logger log = LoggerFactory.getLogger(NeighbourProblems.class);

	private static final String SECONDS_TO_WAIT = "5";

	/**
	 * A neighbour's refusal is the caller's to read, and so is its own 503: passed on
	 * with all it says. Any other failure of a neighbour stays inside. An answer that is
	 * replayed will be the same whenever it is asked for.
	 */
	@ExceptionHandler
	ResponseEntity<Object> answeredBehind(RestClientResponseException ex, HttpServletRequest request) {
		ProblemDetail problem = typedProblem(ex);
		HttpHeaders headers = new HttpHeaders();
		for (String name : List.of(HttpHeaders.RETRY_AFTER, OrderController.IDEMPOTENT_REPLAYED)) {
			List<String> values = (ex.getResponseHeaders() != null) ? ex.getResponseHeaders().get(name) : null;
			if (values != null) {
				headers.put(name, values);
			}
		}
		if (ex.getStatusCode().value() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
			warn(request, ex);
			if (!headers.containsHeader(OrderController.IDEMPOTENT_REPLAYED)) {
				headers.putIfAbsent(HttpHeaders.RETRY_AFTER, List.of(SECONDS_TO_WAIT));
			}
			return GatewayProblems.response((problem != null) ? problem : Problem.UNAVAILABLE.toProblemDetail(),
					headers);
		}
		if (!ex.getStatusCode().is4xxClientError()) {
			return failedBehind(ex, request);
		}
		if (problem == null) {
			problem = ((ex.getStatusCode().value() == 404) ? Problem.NOT_FOUND : Problem.REFUSED).toProblemDetail();
			problem.setStatus(ex.getStatusCode().value());
		}
		return GatewayProblems.response(problem, headers);
	}

	private static @Nullable ProblemDetail typedProblem(RestClientResponseException ex) {
		try {
			MediaType type = (ex.getResponseHeaders() != null) ? ex.getResponseHeaders().getContentType() : null;
			if (!MediaType.APPLICATION_PROBLEM_JSON.isCompatibleWith(type)) {
				return null;
			}
			ProblemDetail problem = ex.getResponseBodyAs(ProblemDetail.class);
			if (problem == null || problem.getType() == null || !"urn".equals(problem.getType().getScheme())) {
				return null;
			}
			problem.setStatus(ex.getStatusCode().value());
			problem.setInstance(null);
			return Problem.withTraceId(problem);
		}
		catch (RestClientException | InvalidMediaTypeException unreadable) {
			return null;
		}
	}

	/** No answer, or none that can be used. */
	@ExceptionHandler({ RestClientException.class, InvalidMediaTypeException.class })
	ResponseEntity<Object> failedBehind(RuntimeException ex, HttpServletRequest request) {
		warn(request, ex);
		Problem problem = failure(ex);
		HttpHeaders headers = new HttpHeaders();
		if (problem == Problem.UNAVAILABLE) {
			headers.set(HttpHeaders.RETRY_AFTER, SECONDS_TO_WAIT);
		}
		return GatewayProblems.response(problem.toProblemDetail(), headers);
	}

	private static Problem failure(RuntimeException ex) {
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			// Nothing was sent. Asked first, since a connect timeout is a
			// SocketTimeoutException too.
			if (cause instanceof ConnectException || cause instanceof ConnectTimeoutException
					|| cause instanceof NoRouteToHostException || cause instanceof UnknownHostException
					|| cause instanceof ConnectionRequestTimeoutException) {
				return Problem.UNAVAILABLE;
			}
			if (cause instanceof SocketTimeoutException) {
				return Problem.TIMEOUT;
			}
		}
		return Problem.BAD_ANSWER;
	}

	private static void warn(HttpServletRequest request, RuntimeException ex) {
		log.warn("{} {} failed behind us: {}, {}", request.getMethod(), request.getRequestURI(), ex.getMessage(),
				NestedExceptionUtils.getMostSpecificCause(ex).toString());
	}

}
