package io.twelveseconds.gateway;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.web.service.annotation.GetExchange;

interface InventoryApi {

	@GetExchange("/products")
	@Nullable ObjectNode products();

	@GetExchange("/products/best-sellers")
	@Nullable ObjectNode bestSellers();

}
