package io.twelveseconds.loyalty.inventory;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.twelveseconds.loyalty.inventory.InventoryApi.Product;

import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;

/**
 * Asks once, however many products there are.
 */
@Component
@Primary
class BatchCategories implements Categories {

	private final InventoryApi inventory;

	BatchCategories(InventoryApi inventory) {
		this.inventory = inventory;
	}

	@Override
	public Map<String, String> of(List<String> skus) {
		return this.inventory.products(skus)
			.products()
			.stream()
			.collect(Collectors.toMap(Product::sku, Product::category));
	}

}
