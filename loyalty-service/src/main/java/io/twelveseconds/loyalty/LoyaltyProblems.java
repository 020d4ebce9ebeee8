package io.twelveseconds.loyalty;

import java.net.URI;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.client.RestClientException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Every problem this service answers with (RFC 9457), in one place.
 */
@RestControllerAdvice
class LoyaltyProblems extends ResponseEntityExceptionHandler {

	private static final Logger log = LoggerFactory.getLogger(LoyaltyProblems.class);

	@ExceptionHandler
	ProblemDetail unknownCustomer(UnknownCustomer ex) {
		return problem(HttpStatus.NOT_FOUND, "unknown-customer", "Unknown customer", ex.getMessage());
	}

	/** The database refuses or is silent; an award may be asked for again. */
	@ExceptionHandler
	ResponseEntity<ProblemDetail> noDatabase(DataAccessException ex) {
		log.error("No answer for lack of the database", ex);
		return unavailable();
	}

	/**
	 * Nothing was awarded: points that are wrong would be worse than points that are
	 * late.
	 */
	@ExceptionHandler
	ResponseEntity<ProblemDetail> noNeighbour(RestClientException ex) {
		log.warn("No answer for lack of one from inventory-service: {}", ex.getMessage());
		return unavailable();
	}

	private static ResponseEntity<ProblemDetail> unavailable() {
		return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
			.header(HttpHeaders.RETRY_AFTER, "5")
			.body(problem(HttpStatus.SERVICE_UNAVAILABLE, "unavailable", "Not possible at the moment",
					"Try again in a few seconds: an order is never awarded twice."));
	}

	private static ProblemDetail problem(HttpStatus status, String type, String title, String detail) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
		problem.setType(URI.create("urn:problem:loyalty:" + type));
		problem.setTitle(title);
		return problem;
	}

	static class UnknownCustomer extends RuntimeException {

		private static final long serialVersionUID = 1L;

		UnknownCustomer(String customer) {
			super("There is no customer " + customer + ". Check the id.");
		}

	}

}
