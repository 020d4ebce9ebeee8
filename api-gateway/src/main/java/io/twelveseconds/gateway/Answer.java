package io.twelveseconds.gateway;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.web.client.RestClientException;

/**
 * The body of a neighbour's answer.
 */
final class Answer {

	private Answer() {
	}

	/** An answer without a body is none: it is a failure, not an empty list. */
	static ObjectNode of(@Nullable ObjectNode body) {
		if (body == null) {
			throw new RestClientException("The answer has no body");
		}
		return body;
	}

}
