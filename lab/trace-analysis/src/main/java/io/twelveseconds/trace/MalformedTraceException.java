package io.twelveseconds.trace;

/** The text is not a trace; the message says what is wrong, and in which span. */
public class MalformedTraceException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	MalformedTraceException(String message) {
		super(message);
	}

	MalformedTraceException(String message, Throwable cause) {
		super(message, cause);
	}

}
