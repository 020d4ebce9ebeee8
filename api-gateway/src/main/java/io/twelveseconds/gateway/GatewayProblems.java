package io.twelveseconds.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * What is wrong with a request, in the words of {@link Problem}: where, and what to do
 * about it. Failures of the services behind us are in {@link NeighbourProblems}.
 */
@RestControllerAdvice
class GatewayProblems extends ResponseEntityExceptionHandler {

	private static final Logger log = LoggerFactory.getLogger(GatewayProblems.class);

	/** Where to stop listing: a body of 64 KiB can hold thousands of mistakes. */
	private static final int MOST_ERRORS = 20;

	@Override
	protected ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		if (ex.getCause() instanceof DatabindException || ex.getCause() instanceof InputCoercionException) {
			JacksonException cause = (JacksonException) ex.getCause();
			return invalid(List.of(Problem.Error.inBody(pointer(cause), expected(cause))));
		}
		ProblemDetail problem = Problem.MALFORMED_JSON.toProblemDetail();
		if (ex.getCause() instanceof JacksonException cause && cause.getLocation() != null) {
			problem.setDetail("%s What was read last is in line %d, column %d.".formatted(problem.getDetail(),
					cause.getLocation().getLineNr(), cause.getLocation().getColumnNr()));
		}
		return response(problem, headers);
	}

	private static String pointer(JacksonException ex) {
		String pointer = ex.getPath()
			.stream()
			.map((step) -> (step.getPropertyName() != null) ? step.getPropertyName() : String.valueOf(step.getIndex()))
			.map((step) -> "/" + step.replace("~", "~0").replace("/", "~1"))
			.collect(Collectors.joining());
		// Field names are the caller's: they may be long, or cut into what is no Unicode.
		return new String(pointer.substring(0, Math.min(pointer.length(), 100)).getBytes(StandardCharsets.UTF_8),
				StandardCharsets.UTF_8);
	}

	private static String expected(JacksonException ex) {
		if (ex instanceof UnrecognizedPropertyException) {
			return "is not known here: leave it out";
		}
		Class<?> type = (ex instanceof MismatchedInputException mismatch) ? mismatch.getTargetType() : Integer.class;
		if (ex.getPath().isEmpty()) {
			return "must be one JSON object with nothing after it";
		}
		if (type == Integer.class) {
			return "must be a whole number, not in quotes";
		}
		if (type == String.class) {
			return "must be a string";
		}
		return Collection.class.isAssignableFrom(type) ? "must be an array" : "must be an object";
	}

	@Override
	protected ResponseEntity<Object> handleMethodArgumentNotValid(MethodArgumentNotValidException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return invalid(ex.getFieldErrors().stream().map(GatewayProblems::inBody).toList());
	}

	@Override
	protected ResponseEntity<Object> handleHandlerMethodValidationException(HandlerMethodValidationException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return invalid(ex.getParameterValidationResults().stream().flatMap(GatewayProblems::errors).toList());
	}

	private static Stream<Problem.Error> errors(ParameterValidationResult result) {
		if (result instanceof ParameterErrors body) {
			return body.getFieldErrors().stream().map(GatewayProblems::inBody);
		}
		RequestHeader header = result.getMethodParameter().getParameterAnnotation(RequestHeader.class);
		String name = String.valueOf(result.getMethodParameter().getParameterName());
		return result.getResolvableErrors()
			.stream()
			.map((error) -> String.valueOf(error.getDefaultMessage()))
			.map((detail) -> (header != null) ? Problem.Error.inHeader(header.name(), detail)
					: Problem.Error.inParameter(name, detail));
	}

	private static Problem.Error inBody(FieldError error) {
		// lines[0].quantity is /lines/0/quantity as a JSON pointer.
		String pointer = "/"
				+ error.getField().replace("].", "/").replace('[', '/').replace(']', '/').replace('.', '/');
		return Problem.Error.inBody(pointer.replaceAll("/$", ""), String.valueOf(error.getDefaultMessage()));
	}

	@Override
	protected ResponseEntity<Object> handleTypeMismatch(TypeMismatchException ex, HttpHeaders headers,
			HttpStatusCode status, WebRequest request) {
		return invalid(
				List.of(Problem.Error.inParameter(String.valueOf(ex.getPropertyName()), "must be a whole number")));
	}

	@Override
	protected ResponseEntity<Object> handleMissingServletRequestParameter(MissingServletRequestParameterException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return invalid(List.of(Problem.Error.inParameter(ex.getParameterName(), "is missing")));
	}

	@ExceptionHandler
	ResponseEntity<Object> saidTwice(SaidOnce.SaidTwice ex) {
		return invalid(ex.errors());
	}

	private static ResponseEntity<Object> invalid(List<Problem.Error> errors) {
		ProblemDetail problem = Problem.INVALID_REQUEST.toProblemDetail();
		problem.setProperty("errors", errors.stream().limit(MOST_ERRORS).toList());
		return response(problem, new HttpHeaders());
	}

	/** All else that Spring MVC refuses: its status is right, its words are not ours. */
	@Override
	protected ResponseEntity<Object> handleExceptionInternal(Exception ex, @Nullable Object body, HttpHeaders headers,
			HttpStatusCode status, WebRequest request) {
		if (status.is5xxServerError()) {
			log.error("{} failed", request.getDescription(false), ex);
		}
		ProblemDetail problem = Problem.of(status.value()).toProblemDetail();
		problem.setStatus(status.value());
		return response(problem, headers);
	}

	/**
	 * A query that cannot be decoded, which Tomcat notices only when it is asked for it.
	 */
	@ExceptionHandler
	ResponseEntity<Object> unreadableQuery(InvalidParameterException ex) {
		return response(Problem.BAD_REQUEST.toProblemDetail(), new HttpHeaders());
	}

	/**
	 * Everything has an answer: what is left is a mistake of ours, or nobody is
	 * listening.
	 */
	@ExceptionHandler
	@Nullable ResponseEntity<Object> internalError(Exception ex, HttpServletRequest request) {
		if (DisconnectedClientHelper.isClientDisconnectedException(ex)) {
			return null;
		}
		log.error("{} {} failed", request.getMethod(), request.getRequestURI(), ex);
		return response(Problem.INTERNAL_ERROR.toProblemDetail(), new HttpHeaders());
	}

	/** The type is set here, or a wrong Accept header would leave the problem unsaid. */
	static ResponseEntity<Object> response(ProblemDetail problem, HttpHeaders headers) {
		return ResponseEntity.status(problem.getStatus())
			.headers(headers)
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(problem);
	}

}
