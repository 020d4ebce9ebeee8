package io.twelveseconds.order.payment;

import java.util.function.Supplier;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.twelveseconds.order.tracing.GuardSpan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;

/**
 * Asks payment-service behind a circuit breaker and a bulkhead, so that a payment-service
 * that hangs costs some orders three seconds, and not every customer his page. The
 * bulkhead lets only half of our threads wait for it; the breaker, once most calls go
 * unanswered, lets none, and after a while tries with a few whether it has come back.
 */
@Component
@Primary
class GuardedPayment implements Payment {

	private static final Logger log = LoggerFactory.getLogger(GuardedPayment.class);

	private final PaymentApi payment;

	private final CircuitBreaker breaker;

	private final Bulkhead bulkhead;

	GuardedPayment(PaymentApi payment, CircuitBreakerRegistry breakers, BulkheadRegistry bulkheads) {
		this.payment = payment;
		this.breaker = breakers.circuitBreaker("payment");
		this.bulkhead = bulkheads.bulkhead("payment");
		this.breaker.getEventPublisher()
			.onStateTransition(
					(event) -> log.info("Circuit breaker of payment-service: {}", event.getStateTransition()));
	}

	@Override
	public Charge.Reply charge(Charge.Request request) {
		return guarded(() -> this.payment.charge(request));
	}

	@Override
	public void refund(Charge.RefundRequest request) {
		guarded(() -> {
			this.payment.refund(request);
			return request;
		});
	}

	/**
	 * A refusal makes no call, and so no span: it is written on the span at hand instead.
	 * So is that a call was one of the few that find out whether payment-service is back.
	 */
	private <T> T guarded(Supplier<T> call) {
		try {
			return this.breaker.executeSupplier(Bulkhead.decorateSupplier(this.bulkhead, () -> {
				if (this.breaker.getState() == CircuitBreaker.State.HALF_OPEN) {
					GuardSpan.circuitBreaker(this.breaker.getState().name());
				}
				return call.get();
			}));
		}
		catch (CallNotPermittedException ex) {
			GuardSpan.circuitBreaker(this.breaker.getState().name());
			throw new NotAsked("its circuit breaker is " + this.breaker.getState());
		}
		catch (BulkheadFullException ex) {
			GuardSpan.bulkheadFull(this.bulkhead.getName());
			throw new NotAsked("too many are waiting for it already");
		}
	}

}
