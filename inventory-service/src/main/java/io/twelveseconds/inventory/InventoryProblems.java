package io.twelveseconds.inventory;

import java.net.URI;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Every problem this service answers with (RFC 9457), in one place.
 */
@RestControllerAdvice
class InventoryProblems extends ResponseEntityExceptionHandler {

	private static final Logger log = LoggerFactory.getLogger(InventoryProblems.class);

	static ErrorResponseException noProduct(String sku) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND,
				"There is no product " + sku + ". See the list of products.");
		problem.setType(URI.create("urn:problem:inventory:unknown-sku"));
		problem.setTitle("Unknown product");
		return new ErrorResponseException(HttpStatus.NOT_FOUND, problem, null);
	}

	static ErrorResponseException busy() {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"Others are waiting for this list as well. Try again in a few seconds.");
		problem.setType(URI.create("urn:problem:inventory:busy"));
		problem.setTitle("Too many ask for this at once");
		ErrorResponseException busy = new ErrorResponseException(HttpStatus.SERVICE_UNAVAILABLE, problem, null);
		busy.getHeaders().set(HttpHeaders.RETRY_AFTER, "5");
		return busy;
	}

	/**
	 * The database refuses or is silent; whatever was asked may be asked again, since an
	 * order is never reserved twice.
	 */
	@ExceptionHandler({ DataAccessException.class, TransactionException.class })
	ResponseEntity<ProblemDetail> unavailable(RuntimeException ex) {
		log.error("No answer for lack of the database", ex);
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"Try again in a few seconds.");
		problem.setType(URI.create("urn:problem:inventory:unavailable"));
		problem.setTitle("Not possible at the moment");
		return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).header(HttpHeaders.RETRY_AFTER, "5").body(problem);
	}

}
