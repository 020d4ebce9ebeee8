package io.twelveseconds.system;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import io.twelveseconds.trace.Trace;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Parts die, hang or are told nonsense: no order is lost, none is paid for twice, and the
 * books balance.
 */
@ExtendWith(RunningShop.class)
class FailureIT {

	private static final String OPEN = "SELECT count(*) FROM orders WHERE due_at IS NOT NULL";

	@Test
	void orderServiceKilledInMidCheckoutSettlesEveryOrderAfterItsRestart(RunningShop shop) {
		long confirmed = shop.databases().number("orders", "SELECT count(*) FROM orders WHERE status = 'CONFIRMED'");
		AtomicBoolean open = new AtomicBoolean(true);
		CompletableFuture<List<Shop.Answer>> load = orders(shop, open);
		try {
			await("checkouts are under way").pollInterval(Duration.ofMillis(5))
				.until(() -> shop.databases()
					.number("orders", "SELECT count(*) FROM orders WHERE status = 'CONFIRMED'") > confirmed + 5
						&& shop.databases().number("orders", OPEN) > 0);
			shop.kill("order-service");
			assertThat(shop.databases().number("orders", OPEN)).as("orders left in mid-checkout").isPositive();
		}
		finally {
			open.set(false);
			shop.start("order-service");
		}
		assertThat(load.join()).extracting(Shop.Answer::status).contains(201);
		shop.awaitBalancedBooks();
	}

	/**
	 * Asked to stop, it finishes what it has begun: whoever it has let in gets his
	 * answer. Its last spans get lost, since the agent stops at once.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "order-service", "payment-service" })
	void serviceThatIsStoppedUnderLoadLosesNothing(String service, RunningShop shop) {
		long orders = shop.databases().number("orders", "SELECT count(*) FROM orders");
		AtomicBoolean open = new AtomicBoolean(true);
		CompletableFuture<List<Shop.Answer>> load = orders(shop, open);
		try {
			await("checkouts are under way").pollInterval(Duration.ofMillis(5))
				.until(() -> shop.databases().number("orders", "SELECT count(*) FROM orders") > orders + 10);
			shop.deployment().stop(service);
		}
		finally {
			open.set(false);
			shop.start(service);
		}
		List<Shop.Answer> answers = load.join();
		// 503: nobody was there yet or any more. 502: an idle connection was closed in
		// the
		// moment in which it was taken up again. In both cases nothing was begun.
		assertThat(answers).extracting(Shop.Answer::status).contains(201).isSubsetOf(201, 202, 502, 503);
		shop.awaitBalancedBooks();
		assertThat(shop.databases().number("orders", "SELECT count(*) FROM orders"))
			.isEqualTo(orders + answers.stream().filter((answer) -> answer.status() < 300).count());
	}

	/** As fast as four customers can, who are told when it is enough. */
	private static CompletableFuture<List<Shop.Answer>> orders(RunningShop shop, AtomicBoolean open) {
		return shop.load(4, Duration.ofSeconds(60), open::get,
				(n) -> shop.customer().order("cust-%02d".formatted(1 + n % 19), "sku-%02d".formatted(1 + n % 40), 1));
	}

	@Test
	void unansweredChargeIsSettledWhenPaymentServiceGoesOn(RunningShop shop) {
		Shop.Answer answer = shop.whileFrozen("payment-service", () -> shop.customer().order("cust-04", "sku-04", 1));
		assertThat(answer.status()).isEqualTo(202);
		assertThat(answer.text("/status")).isEqualTo("PAYMENT_UNKNOWN");
		String order = answer.text("/id");
		await("order " + order + " is settled").atMost(Duration.ofSeconds(60))
			.until(() -> shop.customer().get("/api/orders/" + order).text("/status").equals("CONFIRMED"));
		assertThat(shop.databases()
			.number("payment", "SELECT count(*) FROM charges WHERE order_id = ?", UUID.fromString(order))).isOne();
		Trace trace = shop.wholeTrace(answer.traceId());
		assertThat(trace.roots()).hasSize(1);
		assertThat(trace.orphans()).as("recovery goes on in the order's own trace").isEmpty();
		shop.awaitBalancedBooks();
	}

	@Test
	void declinedCardChargesNothingAndGivesTheStockBack(RunningShop shop) {
		long before = shop.databases().number("inventory", "SELECT available FROM stock WHERE sku = 'sku-06'");
		Shop.Answer answer = shop.customer().order("cust-20", "sku-06", 3);
		assertThat(answer.status()).isEqualTo(402);
		assertThat(answer.text("/type")).isEqualTo("urn:problem:order:payment-declined");
		assertThat(shop.databases().number("inventory", "SELECT available FROM stock WHERE sku = 'sku-06'"))
			.isEqualTo(before);
		shop.awaitBalancedBooks();
	}

	@Test
	void loyaltyServiceDownCostsNoOrderAndPointsAreCaughtUp(RunningShop shop) {
		long before = points(shop);
		shop.kill("loyalty-service");
		try {
			assertThat(shop.customer().order("cust-05", "sku-05", 1).status()).isEqualTo(201);
		}
		finally {
			shop.start("loyalty-service");
		}
		await("points are caught up").atMost(Duration.ofSeconds(60)).until(() -> points(shop) > before);
	}

	@Test
	void everyEventDeliveredTwiceIsMailedAndCountedOnce(RunningShop shop) {
		for (int n = 0; n < 5; n++) {
			assertThat(shop.customer().order("cust-09", "sku-09", 1).status()).isEqualTo(201);
		}
		shop.awaitBalancedBooks();
		long mails = shop.mails();
		long again = shop.kafka().deliverAgain("orders.events");
		assertThat(again).isGreaterThanOrEqualTo(5);
		shop.awaitConsumersAreIdle();
		assertThat(shop.mails()).isEqualTo(mails);
		shop.awaitBalancedBooks();
	}

	@Test
	void poisonRecordIsDeadLetteredWithItsReasonAndItsTraceAndStopsNothing(RunningShop shop) {
		String traceId = RunningShop.newTraceId();
		String poison = "{\"type\": \"OrderConfirmed\", ";
		shop.kafka()
			.publish("orders.events", "no-order", poison,
					Map.of("traceparent", "00-" + traceId + "-" + traceId.substring(16) + "-01"));
		for (String consumer : List.of("notification-service", "analytics-service")) {
			ConsumerRecord<String, String> letter = shop.kafka()
				.find("orders.events." + consumer + ".dlt", (record) -> header(record, "traceparent").contains(traceId),
						Duration.ofSeconds(60));
			assertThat(letter.value()).isEqualTo(poison);
			assertThat(header(letter, "kafka_dlt-exception-message")).isNotBlank();
			assertThat(header(letter, "kafka_dlt-original-topic")).isEqualTo("orders.events");
		}
		assertThat(shop.customer().order("cust-10", "sku-10", 1).status()).isEqualTo(201);
		shop.awaitBalancedBooks();
	}

	private static String header(ConsumerRecord<?, ?> record, String name) {
		Header header = record.headers().lastHeader(name);
		return (header != null) ? new String(header.value(), StandardCharsets.UTF_8) : "";
	}

	private static long points(RunningShop shop) {
		return shop.customer().get("/api/customers/cust-05/loyalty").body().at("/points").asLong(-1);
	}

}
