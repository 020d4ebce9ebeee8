package io.twelveseconds.analytics;

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
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Every problem this service answers with (RFC 9457), in one place.
 */
@RestControllerAdvice
class AnalyticsProblems extends ResponseEntityExceptionHandler {

	private static final Logger log = LoggerFactory.getLogger(AnalyticsProblems.class);

	@ExceptionHandler
	ResponseEntity<ProblemDetail> unavailable(DataAccessException ex) {
		log.error("No answer for lack of the database", ex);
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"Try again in a few seconds.");
		problem.setType(URI.create("urn:problem:analytics:unavailable"));
		problem.setTitle("Not possible at the moment");
		return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).header(HttpHeaders.RETRY_AFTER, "5").body(problem);
	}

}
