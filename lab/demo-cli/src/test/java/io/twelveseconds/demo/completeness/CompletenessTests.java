package io.twelveseconds.demo.completeness;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import io.twelveseconds.demo.Spans;
import io.twelveseconds.demo.completeness.Completeness.Verdict;
import io.twelveseconds.trace.Trace;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CompletenessTests {

	@Test
	void confirmedOrderWentThroughAllSeven() {
		assertThat(judged("CONFIRMED", "", whole("payment-service", "loyalty-service")))
			.isEqualTo(new Completeness("order", Spans.TRACE_ID, Verdict.COMPLETE, Set.of(), List.of()));
		Completeness judged = judged("CONFIRMED", "", whole("payment-service"));
		assertThat(judged.verdict()).isEqualTo(Verdict.INCOMPLETE);
		assertThat(judged.gaps()).containsExactly("loyalty-service");
	}

	@Test
	void whoWasNotAskedIsNotMissed() {
		assertThat(judged("REJECTED", "SOLD_OUT", whole()).verdict()).isEqualTo(Verdict.COMPLETE);
		assertThat(judged("REJECTED", "PAYMENT_DECLINED", whole()).missing()).containsExactly("payment-service");
		assertThat(judged("CANCELLED", "", whole()).missing()).containsExactly("payment-service");
	}

	@Test
	void spanWithoutItsParentIsAFlaw() {
		Trace trace = spans().add("payment-service", "8", "7", "SERVER", "POST /charges", 5, 6).trace();
		assertThat(judged("REJECTED", "PAYMENT_DECLINED", trace).flaws())
			.containsExactly("the parent of `POST /charges` in payment-service");
	}

	@Test
	void orderWhoseEventWasNeverSentIsIncomplete() {
		Trace trace = Spans.longAgo()
			.add("api-gateway", "a", "", "SERVER", "POST /api/orders", 0, 20)
			.add("order-service", "b", "a", "SERVER", "POST /orders", 2, 18)
			.trace();
		assertThat(judged("REJECTED", "SOLD_OUT", trace).gaps()).contains("analytics-service", "notification-service");
	}

	/** analytics-service is in the trace all the same: it was told by HTTP as well. */
	@Test
	void eventThatOneListenerHasNotTakenIsMissed() {
		Trace trace = Spans.longAgo()
			.checkout()
			.consumer("notification-service", "d")
			.add("inventory-service", "f", "b", "SERVER", "POST /reservations", 3, 4)
			.add("analytics-service", "9", "b", "SERVER", "POST /checkouts", 5, 6)
			.trace();
		assertThat(judged("REJECTED", "SOLD_OUT", trace).gaps()).containsExactly("its event in analytics-service");
	}

	@Test
	void orderWithinTheCustomersOwnTraceIsComplete() {
		Trace trace = Spans.longAgo()
			.add("api-gateway", "a", "7", "SERVER", "POST /api/orders", 0, 20)
			.add("order-service", "b", "a", "SERVER", "POST /orders", 2, 18)
			.add("inventory-service", "f", "b", "SERVER", "POST /reservations", 3, 4)
			.add("order-service", "c", "b", "PRODUCER", "orders.events publish", 15, 16)
			.consumer("notification-service", "d")
			.consumer("analytics-service", "e")
			.trace();
		assertThat(judged("REJECTED", "SOLD_OUT", trace).gaps()).isEmpty();
	}

	@Test
	void traceThatIsNotThereIsAbsent() {
		assertThat(Completeness.of("order", Spans.TRACE_ID, "CONFIRMED", "", Optional.empty()).verdict())
			.isEqualTo(Verdict.ABSENT);
	}

	private static Completeness judged(String status, String reason, Trace trace) {
		return Completeness.of("order", Spans.TRACE_ID, status, reason, Optional.of(trace));
	}

	/** Those that every order meets, and these. */
	private static Trace whole(String... services) {
		Spans spans = spans();
		int id = 1;
		for (String service : Stream.of(services).toList()) {
			spans.add(service, String.valueOf(id++), "b", "SERVER", "POST", 5, 6);
		}
		return spans.trace();
	}

	private static Spans spans() {
		return Spans.longAgo()
			.checkout()
			.consumer("notification-service", "d")
			.consumer("analytics-service", "e")
			.add("inventory-service", "f", "b", "SERVER", "POST /reservations", 3, 4);
	}

}
