package io.twelveseconds.gateway;

import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What can be looked up besides orders.
 */
@RestController
@RequestMapping(path = "/api", produces = MediaType.APPLICATION_JSON_VALUE)
class ShopController {

	private final InventoryApi inventory;

	private final LoyaltyApi loyalty;

	private final AnalyticsApi analytics;

	private final NotificationApi notification;

	ShopController(InventoryApi inventory, LoyaltyApi loyalty, AnalyticsApi analytics, NotificationApi notification) {
		this.inventory = inventory;
		this.loyalty = loyalty;
		this.analytics = analytics;
		this.notification = notification;
	}

	@GetMapping("/products")
	ObjectNode products() {
		return Answer.of(this.inventory.products());
	}

	@GetMapping("/products/best-sellers")
	ObjectNode bestSellers() {
		return Answer.of(this.inventory.bestSellers());
	}

	@GetMapping("/customers/{customer}/loyalty")
	ObjectNode loyalty(@PathVariable @CustomerId String customer) {
		return Answer.of(this.loyalty.account(customer));
	}

	@GetMapping("/analytics/summary")
	ObjectNode summary() {
		return Answer.of(this.analytics.summary());
	}

	@GetMapping("/notifications")
	ObjectNode notifications(@RequestParam @OrderId String order) {
		return Answer.of(this.notification.notifications(order));
	}

}
