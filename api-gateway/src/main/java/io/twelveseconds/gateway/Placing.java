package io.twelveseconds.gateway;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.ResponseEntity;

/**
 * How an order is handed to order-service.
 */
interface Placing {

	/**
	 * @throws org.springframework.web.client.RestClientException if it is refused, or not
	 * answered
	 */
	ResponseEntity<ObjectNode> place(@Nullable String idempotencyKey, OrderController.PlaceRequest request);

}
