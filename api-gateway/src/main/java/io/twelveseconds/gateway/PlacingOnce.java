package io.twelveseconds.gateway;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.context.annotation.Primary;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * Asks once. Whether an order that was refused is still wanted, the customer decides.
 */
@Component
@Primary
class PlacingOnce implements Placing {

	private final OrderApi orders;

	PlacingOnce(OrderApi orders) {
		this.orders = orders;
	}

	@Override
	public ResponseEntity<ObjectNode> place(@Nullable String idempotencyKey, OrderController.PlaceRequest request) {
		return this.orders.place(idempotencyKey, request);
	}

}
