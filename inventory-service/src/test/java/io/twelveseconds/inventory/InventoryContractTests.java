package io.twelveseconds.inventory;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Currency;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What we read can be read from the samples, and what we write is exactly the samples.
 */
class InventoryContractTests {

	private final JsonMapper json = JsonMapper.shared();

	@Test
	void readsReservationRequest() throws IOException {
		assertThat(this.json.readValue(sample("reserve.request"), Reservation.Request.class))
			.isEqualTo(new Reservation.Request(UUID.fromString("6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d"),
					List.of(new Reservation.Line("sku-01", 2), new Reservation.Line("sku-07", 1))));
	}

	@Test
	void writesReservationReplies() throws IOException {
		writes(Reservation.Reply.reserved(List.of(new Reservation.PricedLine("sku-01", 2, euros("12.50")),
				new Reservation.PricedLine("sku-07", 1, euros("7.00")))), "reserve.reply");
		writes(Reservation.Reply.refused(Reservation.Outcome.SOLD_OUT, "sku-07"), "reserve-sold-out.reply");
		writes(Reservation.Reply.refused(Reservation.Outcome.UNKNOWN_SKU, "sku-99"), "reserve-unknown-sku.reply");
		writes(Reservation.Reply.refused(Reservation.Outcome.RELEASED, null), "reserve-released.reply");
	}

	@Test
	void writesProducts() throws IOException {
		Stock.Product clock = new Stock.Product("sku-01", "Walnut desk clock", "clocks", euros("12.50"), 100000);
		writes(new InventoryController.ProductsReply(List.of(clock)), "products.reply");
		writes(clock, "product.reply");
	}

	@Test
	void writesBestSellers() throws IOException {
		writes(new InventoryController.BestSellersReply(
				List.of(new BestSellers.BestSeller("sku-01", "Walnut desk clock", euros("12.50"), 42))),
				"best-sellers.reply");
	}

	private void writes(Object value, String sample) throws IOException {
		assertThat(this.json.readTree(this.json.writeValueAsString(value)))
			.isEqualTo(this.json.readTree(sample(sample)));
	}

	private static Money euros(String amount) {
		return new Money(new BigDecimal(amount), Currency.getInstance("EUR"));
	}

	private static String sample(String name) throws IOException {
		return Files.readString(Path.of("..", "contracts", "http", "inventory-service", name + ".json"));
	}

}
