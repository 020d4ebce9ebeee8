package io.twelveseconds.gateway;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.web.service.annotation.GetExchange;

interface AnalyticsApi {

	@GetExchange("/summary")
	@Nullable ObjectNode summary();

}
