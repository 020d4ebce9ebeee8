package io.twelveseconds.gateway;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;

interface LoyaltyApi {

	@GetExchange("/customers/{customer}/loyalty")
	@Nullable ObjectNode account(@PathVariable String customer);

}
