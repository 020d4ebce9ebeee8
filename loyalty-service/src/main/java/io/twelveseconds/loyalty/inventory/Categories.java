package io.twelveseconds.loyalty.inventory;

import java.util.List;
import java.util.Map;

/**
 * The categories of products, as inventory-service keeps them.
 */
public interface Categories {

	/**
	 * The category by sku; a product that does not exist has none.
	 * @throws org.springframework.web.client.RestClientException without an answer
	 */
	Map<String, String> of(List<String> skus);

}
