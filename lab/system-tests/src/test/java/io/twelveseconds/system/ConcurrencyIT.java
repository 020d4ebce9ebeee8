package io.twelveseconds.system;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many customers at once.
 */
@ExtendWith(RunningShop.class)
class ConcurrencyIT {

	@Test
	void hundredCheckoutsForTenUnitsConfirmTen(RunningShop shop) {
		Instant start = Instant.now();
		shop.databases().change("inventory", "UPDATE stock SET available = 10 WHERE sku = 'sku-50'");
		List<Shop.Answer> answers = shop.atOnce(100, (n) -> orderUntilAnswered(shop));
		shop.awaitBalancedBooks();
		// 202: sold, with the charge settled a little later, which a busy machine may
		// need.
		List<Shop.Answer> sold = answers.stream().filter((answer) -> answer.status() < 300).toList();
		assertThat(sold).hasSize(10);
		assertThat(answers).filteredOn((answer) -> !sold.contains(answer))
			.extracting(Shop.Answer::status)
			.containsOnly(409);
		assertThat(shop.databases().number("inventory", "SELECT available FROM stock WHERE sku = 'sku-50'")).isZero();
		for (Shop.Answer answer : answers) {
			UUID order = UUID.fromString(answer.text(sold.contains(answer) ? "/id" : "/orderId"));
			assertThat(shop.databases()
				.number("payment", "SELECT count(*) FROM charges WHERE order_id = ? AND status = 'CAPTURED'", order))
				.isEqualTo(sold.contains(answer) ? 1 : 0);
		}
		shop.awaitWholeTraces(start);
	}

	@Test
	void fiftyRequestsWithOneKeyMakeOneOrder(RunningShop shop) {
		Instant start = Instant.now();
		long before = shop.databases().number("orders", "SELECT count(*) FROM orders WHERE customer = 'cust-18'");
		Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
		List<Shop.Answer> answers = shop.atOnce(50, (n) -> shop.customer().order("cust-18", "sku-05", 1, key));
		assertThat(answers).extracting(Shop.Answer::status).contains(201).isSubsetOf(201, 409);
		assertThat(answers).filteredOn((answer) -> answer.status() != 201)
			.allSatisfy((answer) -> assertThat(answer.text("/type"))
				.isEqualTo("urn:problem:order:idempotency-in-progress"));
		assertThat(shop.databases().number("orders", "SELECT count(*) FROM orders WHERE customer = 'cust-18'"))
			.isEqualTo(before + 1);
		assertThat(shop.customer()
			.order("cust-18", "sku-05", 1, key)
			.response()
			.headers()
			.firstValue("Idempotent-Replayed")).contains("true");
		shop.awaitWholeTraces(start);
	}

	/**
	 * A hundred at once on a small machine may meet a full house (503) or a slow answer
	 * (504): then a customer asks again, with the same key.
	 */
	private static Shop.Answer orderUntilAnswered(RunningShop shop) {
		Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
		return await("an answer to " + key).atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofSeconds(1))
			.until(() -> shop.customer().order("cust-02", "sku-50", 1, key), ConcurrencyIT::isDecided);
	}

	private static boolean isDecided(Shop.Answer answer) {
		return answer.status() < 500 && !answer.text("/type").endsWith("idempotency-in-progress");
	}

}
