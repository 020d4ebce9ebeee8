package io.twelveseconds.demo.command;

import org.jspecify.annotations.Nullable;

/** Something a person must know and can act on: the message is all they get to see. */
public class DemoException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	public DemoException(String message) {
		this(message, null);
	}

	public DemoException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
