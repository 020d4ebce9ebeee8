package io.twelveseconds.order.loyalty;

import java.util.List;
import java.util.UUID;

import io.twelveseconds.order.Line;

import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.PostExchange;

/**
 * What we ask of loyalty-service. May be repeated: an order is awarded once.
 */
public interface LoyaltyApi {

	@PostExchange("/awards")
	void award(@RequestBody AwardRequest request);

	record AwardRequest(UUID orderId, String customer, List<Line> lines) {
	}

}
