package io.twelveseconds.gateway;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;

interface NotificationApi {

	@GetExchange("/notifications")
	@Nullable ObjectNode notifications(@RequestParam String order);

}
