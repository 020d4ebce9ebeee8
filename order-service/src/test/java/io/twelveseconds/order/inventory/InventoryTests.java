package io.twelveseconds.order.inventory;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import java.util.function.IntPredicate;

import io.twelveseconds.order.Line;
import io.twelveseconds.order.Money;
import io.twelveseconds.order.OrderSettings;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** How often inventory-service is asked, by the good variant and by the naive one. */
class InventoryTests {

	private static final Reservation.Reply RESERVED = new Reservation.Reply(Reservation.Outcome.RESERVED,
			List.of(new Line("sku-01", 1, new Money(BigDecimal.ONE, Currency.getInstance("EUR")))), null);

	private Instant now = Instant.parse("2026-03-01T12:00:00Z");

	private int asked;

	@Test
	void asksOnceWhereTheAnswerIsGood() {
		assertThat(reserve(retrying((n) -> true))).isEqualTo(RESERVED);
		assertThat(this.asked).isOne();
	}

	@Test
	void asksAgainWhatIsImpossibleAtTheMoment() {
		assertThat(reserve(retrying((n) -> n == 3))).isEqualTo(RESERVED);
		assertThat(this.asked).isEqualTo(3);
	}

	@Test
	void givesUpAfterTheThirdTry() {
		Inventory inventory = retrying((n) -> false);
		assertThatExceptionOfType(HttpServerErrorException.ServiceUnavailable.class)
			.isThrownBy(() -> reserve(inventory));
		assertThat(this.asked).isEqualTo(3);
	}

	@Test
	void refusalThatTookItsTimeIsNotAskedAgain() {
		Inventory inventory = new RetryingInventory(new Stub() {

			@Override
			public Reservation.Reply reserve(Reservation.Request request) {
				InventoryTests.this.now = InventoryTests.this.now.plusSeconds(12);
				return super.reserve(request);
			}

		}, settings(), this::now);
		assertThatExceptionOfType(HttpServerErrorException.ServiceUnavailable.class)
			.isThrownBy(() -> reserve(inventory));
		assertThat(this.asked).isOne();
	}

	@Test
	void silenceIsNotAskedAgain() {
		Inventory inventory = new RetryingInventory(new Stub() {

			@Override
			public Reservation.Reply reserve(Reservation.Request request) {
				InventoryTests.this.asked++;
				throw new ResourceAccessException("Read timed out");
			}

		}, settings(), this::now);
		assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> reserve(inventory));
		assertThat(this.asked).isOne();
	}

	/** The four that were saved up, and a tenth of the calls. */
	@Test
	void retriesAreATenthOfTheCallsInAnOutage() {
		Inventory inventory = retrying((n) -> false);
		for (int call = 0; call < 200; call++) {
			assertThatExceptionOfType(HttpServerErrorException.ServiceUnavailable.class)
				.isThrownBy(() -> reserve(inventory));
		}
		assertThat(this.asked).isBetween(200 + 20, 200 + 4 + 20);
	}

	@Test
	void budgetFillsUpInQuietTimesAndNoMoreThanThat() {
		RetryBudget budget = new RetryBudget(0.25, 2);
		assertThat(List.of(budget.takeOne(), budget.takeOne(), budget.takeOne())).containsExactly(true, true, false);
		for (int call = 0; call < 4; call++) {
			budget.payIn();
		}
		assertThat(List.of(budget.takeOne(), budget.takeOne())).containsExactly(true, false);
		for (int call = 0; call < 100; call++) {
			budget.payIn();
		}
		assertThat(List.of(budget.takeOne(), budget.takeOne(), budget.takeOne())).containsExactly(true, true, false);
	}

	@Test
	void naiveOneAsksThreeTimesHoweverManyFail() {
		Inventory inventory = new NaiveInventory(new Stub());
		for (int call = 0; call < 10; call++) {
			assertThatExceptionOfType(HttpServerErrorException.ServiceUnavailable.class)
				.isThrownBy(() -> reserve(inventory));
		}
		assertThat(this.asked).isEqualTo(30);
	}

	private Inventory retrying(IntPredicate answers) {
		return new RetryingInventory(new Stub() {

			@Override
			public Reservation.Reply reserve(Reservation.Request request) {
				return answers.test(InventoryTests.this.asked + 1) ? answer() : super.reserve(request);
			}

			private Reservation.Reply answer() {
				InventoryTests.this.asked++;
				return RESERVED;
			}

		}, settings(), this::now);
	}

	private Instant now() {
		return this.now;
	}

	private static OrderSettings settings() {
		return new OrderSettings(Duration.ofHours(1), new OrderSettings.Outbox(Duration.ofSeconds(1), 1),
				new OrderSettings.Recovery(Duration.ofSeconds(1), 1, Duration.ofSeconds(1), Duration.ofSeconds(1),
						Duration.ofSeconds(1), Duration.ofSeconds(1)),
				new OrderSettings.Retry(3, Duration.ofSeconds(2), Duration.ofMillis(2), 0.1, 4),
				new OrderSettings.Tracking(Duration.ofSeconds(1), 1, Duration.ofSeconds(1), Duration.ofSeconds(1),
						Duration.ofSeconds(1)));
	}

	private static Reservation.Reply reserve(Inventory inventory) {
		return inventory.reserve(new Reservation.Request(UUID.randomUUID(), List.of()));
	}

	/** Says that it is not possible at the moment. */
	private class Stub implements InventoryApi {

		@Override
		public Reservation.Reply reserve(Reservation.Request request) {
			InventoryTests.this.asked++;
			throw HttpServerErrorException.create(HttpStatus.SERVICE_UNAVAILABLE, "Service Unavailable",
					new HttpHeaders(), new byte[0], StandardCharsets.UTF_8);
		}

		@Override
		public void release(UUID orderId) {
			throw new UnsupportedOperationException();
		}

	}

}
