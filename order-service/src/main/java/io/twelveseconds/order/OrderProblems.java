package io.twelveseconds.order;

import java.net.URI;
import java.util.UUID;

import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
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
 * Every problem this service answers with (RFC 9457), in one place. The types are stable;
 * details say what to do.
 */
@RestControllerAdvice
class OrderProblems extends ResponseEntityExceptionHandler {

	private static final Logger log = LoggerFactory.getLogger(OrderProblems.class);

	/**
	 * The problem of an order that was written down and then refused.
	 */
	static ProblemDetail refused(Order order) {
		ProblemDetail problem = switch (order.reason()) {
			case SOLD_OUT -> problem(HttpStatus.CONFLICT, "sold-out", "Sold out", "There is not enough of "
					+ order.refusedSku() + " left. Nothing was charged; order less of it, or something else.");
			case UNKNOWN_SKU -> problem(HttpStatus.UNPROCESSABLE_CONTENT, "unknown-sku", "Unknown product",
					"There is no product " + order.refusedSku() + ". Nothing was charged; see the list of products.");
			case PAYMENT_DECLINED -> problem(HttpStatus.PAYMENT_REQUIRED, "payment-declined", "Payment declined",
					"The card was declined and the goods are given back. Order less, or with another card.");
			// The order was written down, and its key has this answer from now on.
			case INVENTORY_UNAVAILABLE -> problem(HttpStatus.SERVICE_UNAVAILABLE, "not-reserved", "Not reserved",
					"The stock could not be asked, and nothing was charged. Order again in a few seconds, "
							+ "with a new Idempotency-Key if there was one.");
			case PAYMENT_UNSETTLED -> problem(HttpStatus.CONFLICT, "payment-unsettled", "Payment not settled",
					"The payment could not be settled in time. What was charged is refunded; order again.");
		};
		problem.setProperty("orderId", order.id());
		if (order.refusedSku() != null) {
			problem.setProperty("sku", order.refusedSku());
		}
		return problem;
	}

	static ErrorResponseException notFound(UUID id) {
		return exception(problem(HttpStatus.NOT_FOUND, "not-found", "No such order",
				"There is no order " + id + ". Check the id."));
	}

	static ErrorResponseException stillOpen(Order order) {
		return exception(problem(HttpStatus.CONFLICT, "still-open", "The order has not ended",
				"Order " + order.id() + " is " + order.status() + ". Its end is told when it has come."));
	}

	static ErrorResponseException keyReused() {
		return exception(
				problem(HttpStatus.UNPROCESSABLE_CONTENT, "idempotency-key-reused", "Idempotency key used before",
						"This Idempotency-Key came with another request before. Use a new key for a new order."));
	}

	static ErrorResponseException keyInProgress() {
		ErrorResponseException ex = exception(
				problem(HttpStatus.CONFLICT, "idempotency-in-progress", "The first request is still at work",
						"A request with this Idempotency-Key has no answer yet. Send it again in a second."));
		ex.getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
		return ex;
	}

	private static ErrorResponseException exception(ProblemDetail problem) {
		return new ErrorResponseException(HttpStatus.valueOf(problem.getStatus()), problem, null);
	}

	/** The only key in the schema that a request can violate is the customer's. */
	@ExceptionHandler
	ProblemDetail unknownCustomer(DataIntegrityViolationException ex, HttpServletRequest request) {
		if (!String.valueOf(ex.getMessage()).contains("orders_customer_known")) {
			log.error("A mistake of ours: the database does not take what we write", ex);
			return problem(HttpStatus.INTERNAL_SERVER_ERROR, "internal-error", "A mistake in order-service",
					"Nothing can be done about it from outside."
							+ (placesOrder(request) ? " Whether an order was placed: see your orders." : ""));
		}
		return problem(HttpStatus.UNPROCESSABLE_CONTENT, "unknown-customer", "Unknown customer",
				"There is no such customer. Nothing was ordered; use one of cust-01 to cust-20.");
	}

	/**
	 * The database refuses or is silent. If that happens in the middle of a checkout, the
	 * order is there and recovery takes it up.
	 */
	@ExceptionHandler({ DataAccessException.class, TransactionException.class })
	ResponseEntity<ProblemDetail> unavailable(RuntimeException ex, HttpServletRequest request) {
		log.error("{} {} failed for lack of the database", request.getMethod(), request.getRequestURI(), ex);
		String detail = placesOrder(request)
				? "An order may have been placed all the same. Try again in a few seconds, with the same "
						+ "Idempotency-Key if there was one; without one, see first whether the order is there."
				: "Try again in a few seconds.";
		return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
			.header(HttpHeaders.RETRY_AFTER, "5")
			.body(problem(HttpStatus.SERVICE_UNAVAILABLE, "unavailable", "Not possible at the moment", detail));
	}

	private static boolean placesOrder(HttpServletRequest request) {
		return request.getMethod().equals("POST") && request.getRequestURI().equals("/orders");
	}

	private static ProblemDetail problem(HttpStatus status, String type, String title, String detail) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
		problem.setType(URI.create("urn:problem:order:" + type));
		problem.setTitle(title);
		return problem;
	}

}
