package io.twelveseconds.gateway;

import java.net.URI;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.twelveseconds.gateway.tracing.CurrentTrace;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/**
 * Every problem of the gateway's own (RFC 9457). The types are stable and listed in
 * openapi.yaml; details say what to do.
 */
enum Problem {

	BAD_REQUEST(400, "Not a valid HTTP request", "The request could not be read. Check its path, query and headers."),

	MALFORMED_JSON(400, "Not JSON",
			"The body could not be read as JSON. Send one JSON object in UTF-8, each field once."),

	INVALID_REQUEST(400, "Not a valid request", "Change what is named under errors and send it again."),

	NOT_FOUND(404, "Nothing here", "There is nothing at this path. See /openapi.yaml for what there is."),

	METHOD_NOT_ALLOWED(405, "Method not allowed", "Use one of the methods named in the Allow header."),

	NOT_ACCEPTABLE(406, "Not acceptable", "Answers are application/json: allow that in the Accept header."),

	BODY_TOO_LARGE(413, "Body too large", "Send at most 64 KiB."),

	UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type", "Send the body as application/json."),

	REFUSED(422, "Refused", "The shop refused this request. Check the ids in it."),

	INTERNAL_ERROR(500, "Internal error", "This is our mistake. Report it with the trace id."),

	BAD_ANSWER(502, "Bad answer from behind",
			"A service behind the gateway failed. If this is an order, send it again with the same Idempotency-Key."),

	UNAVAILABLE(503, "Not available at the moment",
			"Try again in a few seconds. If this is an order, with the same Idempotency-Key."),

	TIMEOUT(504, "No answer in time",
			"What was asked may be done all the same. If this is an order, send it again with the same Idempotency-Key.");

	private final int status;

	private final String title;

	private final String detail;

	Problem(int status, String title, String detail) {
		this.status = status;
		this.title = title;
		this.detail = detail;
	}

	/** The problem, the first listed, for a status that Spring MVC or Tomcat chose. */
	static Problem of(int status) {
		for (Problem problem : values()) {
			if (problem.status == status) {
				return problem;
			}
		}
		return (status < 500) ? BAD_REQUEST : INTERNAL_ERROR;
	}

	URI type() {
		return URI.create("urn:problem:gateway:" + name().toLowerCase(Locale.ROOT).replace('_', '-'));
	}

	ProblemDetail toProblemDetail() {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatusCode.valueOf(this.status), this.detail);
		problem.setType(type());
		problem.setTitle(this.title);
		return withTraceId(problem);
	}

	static ProblemDetail withTraceId(ProblemDetail problem) {
		String traceId = CurrentTrace.id();
		if (traceId != null) {
			problem.setProperty("traceId", traceId);
		}
		return problem;
	}

	/**
	 * One thing to change: where in the request, and into what.
	 *
	 * @param pointer a JSON pointer into the body
	 * @param parameter the name of a query parameter or of a part of the path
	 * @param header the name of a header
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Error(@Nullable String pointer, @Nullable String parameter, @Nullable String header, String detail) {

		static Error inBody(String pointer, String detail) {
			return new Error(pointer, null, null, detail);
		}

		static Error inParameter(String name, String detail) {
			return new Error(null, name, null, detail);
		}

		static Error inHeader(String name, String detail) {
			return new Error(null, null, name, detail);
		}

	}

}
