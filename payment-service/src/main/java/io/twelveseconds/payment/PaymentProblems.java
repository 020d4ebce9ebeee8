package io.twelveseconds.payment;

import java.net.URI;
import java.util.UUID;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Every problem this service answers with (RFC 9457), in one place.
 */
@RestControllerAdvice
class PaymentProblems extends ResponseEntityExceptionHandler {

	private static final Logger log = LoggerFactory.getLogger(PaymentProblems.class);

	@ExceptionHandler
	ProblemDetail otherCharge(OtherCharge ex) {
		return problem(HttpStatus.CONFLICT, "other-charge", "Another charge", ex.getMessage());
	}

	/** The database refuses or is silent; whatever was asked may be asked again. */
	@ExceptionHandler
	ResponseEntity<ProblemDetail> unavailable(DataAccessException ex) {
		log.error("No answer for lack of the database", ex);
		return tryAgain(problem(HttpStatus.SERVICE_UNAVAILABLE, "unavailable", "Not possible at the moment",
				"Try again in a few seconds: an order is never charged twice."));
	}

	private static ResponseEntity<ProblemDetail> tryAgain(ProblemDetail problem) {
		return ResponseEntity.status(problem.getStatus()).header(HttpHeaders.RETRY_AFTER, "5").body(problem);
	}

	private static ProblemDetail problem(HttpStatus status, String type, String title, String detail) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
		problem.setType(URI.create("urn:problem:payment:" + type));
		problem.setTitle(title);
		return problem;
	}

	static class OtherCharge extends RuntimeException {

		private static final long serialVersionUID = 1L;

		OtherCharge(UUID orderId) {
			super("Order " + orderId + " has a charge for another customer or amount. An order has one charge.");
		}

	}

}
