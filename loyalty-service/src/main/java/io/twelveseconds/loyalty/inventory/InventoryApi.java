package io.twelveseconds.loyalty.inventory;

import java.util.List;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;

/**
 * What we ask of inventory-service.
 */
public interface InventoryApi {

	/** Those of the products that exist. */
	@GetExchange("/products")
	Products products(@RequestParam List<String> sku);

	@GetExchange("/products/{sku}")
	Product product(@PathVariable String sku);

	record Products(List<Product> products) {
	}

	record Product(String sku, String category) {
	}

}
