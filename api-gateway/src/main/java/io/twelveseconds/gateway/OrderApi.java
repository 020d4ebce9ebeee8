package io.twelveseconds.gateway;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * What we ask of order-service. Its answers are passed on, so they stay JSON.
 */
@HttpExchange("/orders")
interface OrderApi {

	@PostExchange
	ResponseEntity<ObjectNode> place(
			@RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
			@RequestBody OrderController.PlaceRequest request);

	@GetExchange("/{id}")
	@Nullable ObjectNode order(@PathVariable String id);

	@GetExchange
	@Nullable ObjectNode orders(@RequestParam String customer, @RequestParam int page, @RequestParam int size);

}
