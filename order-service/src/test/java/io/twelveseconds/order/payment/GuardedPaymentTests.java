package io.twelveseconds.order.payment;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Currency;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.twelveseconds.order.Money;
import org.junit.jupiter.api.Test;

import org.springframework.web.client.ResourceAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class GuardedPaymentTests {

	private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
		.minimumNumberOfCalls(3)
		.waitDurationInOpenState(Duration.ofSeconds(1))
		.automaticTransitionFromOpenToHalfOpenEnabled(true)
		.permittedNumberOfCallsInHalfOpenState(1)
		.ignoreExceptions(BulkheadFullException.class)
		.build());

	private final BulkheadRegistry bulkheads = BulkheadRegistry
		.of(BulkheadConfig.custom().maxConcurrentCalls(2).maxWaitDuration(Duration.ZERO).build());

	private final AtomicInteger asked = new AtomicInteger();

	@Test
	void noMoreWaitThanTheBulkheadHoldsAndTheBreakerDoesNotMind() {
		CountDownLatch answer = new CountDownLatch(1);
		Payment payment = payment(() -> {
			waitFor(answer);
			return new Charge.Reply(Charge.Outcome.CAPTURED);
		});
		CompletableFuture<Charge.Reply> one = CompletableFuture.supplyAsync(() -> payment.charge(charge()));
		CompletableFuture<Charge.Reply> other = CompletableFuture.supplyAsync(() -> payment.charge(charge()));
		await().until(() -> this.asked.get() == 2);
		for (int n = 0; n < 5; n++) {
			assertThatExceptionOfType(Payment.NotAsked.class).isThrownBy(() -> payment.charge(charge()));
		}
		answer.countDown();
		assertThat(one.join()).isEqualTo(other.join());
		assertThat(this.asked).hasValue(2);
		assertThat(breaker().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
	}

	@Test
	void silenceOpensTheBreakerAndThenNobodyIsAsked() {
		Payment payment = payment(() -> {
			throw new ResourceAccessException("Read timed out");
		});
		for (int n = 0; n < 3; n++) {
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> payment.charge(charge()));
		}
		assertThat(breaker().getState()).isEqualTo(CircuitBreaker.State.OPEN);
		assertThatExceptionOfType(Payment.NotAsked.class).isThrownBy(() -> payment.charge(charge()));
		assertThatExceptionOfType(Payment.NotAsked.class)
			.isThrownBy(() -> payment.refund(new Charge.RefundRequest(UUID.randomUUID())));
		assertThat(this.asked).hasValue(3);
	}

	@Test
	void breakerTriesAgainByItselfAndCloses() {
		AtomicInteger failures = new AtomicInteger(3);
		Payment payment = payment(() -> {
			if (failures.getAndDecrement() > 0) {
				throw new ResourceAccessException("Read timed out");
			}
			return new Charge.Reply(Charge.Outcome.CAPTURED);
		});
		for (int n = 0; n < 3; n++) {
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> payment.charge(charge()));
		}
		await().until(() -> breaker().getState() == CircuitBreaker.State.HALF_OPEN);
		assertThat(payment.charge(charge()).outcome()).isEqualTo(Charge.Outcome.CAPTURED);
		assertThat(breaker().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
	}

	private CircuitBreaker breaker() {
		return this.breakers.circuitBreaker("payment");
	}

	private Payment payment(Supplier<Charge.Reply> answer) {
		return new GuardedPayment(new PaymentApi() {

			@Override
			public Charge.Reply charge(Charge.Request request) {
				GuardedPaymentTests.this.asked.incrementAndGet();
				return answer.get();
			}

			@Override
			public void refund(Charge.RefundRequest request) {
				charge(GuardedPaymentTests.charge());
			}

		}, this.breakers, this.bulkheads);
	}

	private static Charge.Request charge() {
		return new Charge.Request(UUID.randomUUID(), "cust-01",
				new Money(new BigDecimal("32.00"), Currency.getInstance("EUR")));
	}

	private static void waitFor(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
