package io.twelveseconds.loyalty;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Currency;
import java.util.List;
import java.util.UUID;

import io.twelveseconds.loyalty.inventory.InventoryApi;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class LoyaltyContractTests {

	private final JsonMapper json = JsonMapper.shared();

	@Test
	void readsAwardRequest() throws IOException {
		LoyaltyController.AwardRequest request = this.json.readValue(sample("award.request.json"),
				LoyaltyController.AwardRequest.class);
		assertThat(request.orderId()).isEqualTo(UUID.fromString("6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d"));
		assertThat(request.customer()).isEqualTo("cust-01");
		assertThat(request.lines()).containsExactly(line("sku-01", 2, "12.50"), line("sku-07", 1, "7.00"));
	}

	@Test
	void writesAwardReply() throws IOException {
		assertWritten(new LoyaltyController.AwardReply(32), "award.reply.json");
	}

	@Test
	void writesAccountReply() throws IOException {
		assertWritten(new Account("cust-01", Tier.STANDARD, 32), "account.reply.json");
	}

	@Test
	void readsProducts() throws IOException {
		InventoryApi.Product clock = new InventoryApi.Product("sku-01", "clocks");
		JsonMapper lenient = this.json.rebuild().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
		assertThat(lenient.readValue(sample("inventory-service", "products.reply.json"), InventoryApi.Products.class))
			.isEqualTo(new InventoryApi.Products(List.of(clock)));
		assertThat(lenient.readValue(sample("inventory-service", "product.reply.json"), InventoryApi.Product.class))
			.isEqualTo(clock);
	}

	private void assertWritten(Object reply, String sample) throws IOException {
		assertThat(this.json.readTree(this.json.writeValueAsString(reply)))
			.isEqualTo(this.json.readTree(sample(sample)));
	}

	private static Line line(String sku, int quantity, String price) {
		return new Line(sku, quantity, new Money(new BigDecimal(price), Currency.getInstance("EUR")));
	}

	private static String sample(String name) throws IOException {
		return sample("loyalty-service", name);
	}

	private static String sample(String service, String name) throws IOException {
		return Files.readString(Path.of("..", "contracts", "http", service, name));
	}

}
