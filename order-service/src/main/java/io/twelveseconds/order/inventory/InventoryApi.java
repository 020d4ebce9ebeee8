package io.twelveseconds.order.inventory;

import java.util.UUID;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * What we ask of inventory-service. Both calls may be repeated: they are idempotent by
 * order id.
 */
public interface InventoryApi {

	@PostExchange("/reservations")
	Reservation.Reply reserve(@RequestBody Reservation.Request request);

	@DeleteExchange("/reservations/{orderId}")
	void release(@PathVariable UUID orderId);

}
