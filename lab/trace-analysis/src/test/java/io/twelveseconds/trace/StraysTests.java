package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StraysTests {

	@Test
	void findsTheTraceThatBrokeOffAndWhereItBelongs() {
		Diagnosis diagnosis = Diagnosis.of(order("t", 0).trace(), List.of(lost("u", 95)));
		assertThat(diagnosis.findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(Finding.Kind.BROKEN_CONTEXT);
			assertThat(finding.spans()).extracting(Span::id).containsExactly("t-order");
			assertThat(finding.sentence())
				.isEqualTo("POST /checkouts of order begins a trace of its own (u), while order was at work on "
						+ "POST /orders here, where it is missing. It probably belongs below POST /orders (span t-order).");
			assertThat(finding.advice()).contains("Look where order hands this work to another thread");
		});
	}

	@Test
	void withoutTheOtherTracesThereIsNothingToSee() {
		assertThat(order("t", 0).diagnosis().healthy()).isTrue();
	}

	@Test
	void prefersTheInnermostWorkThatWasUnderWay() {
		Trace trace = order("t", 0).add(Span.Kind.INTERNAL, "t-inner", "t-order", "order", "track", 90, 99).trace();
		assertThat(Diagnosis.of(trace, List.of(lost("u", 95))).findings().get(0).spans()).extracting(Span::id)
			.containsExactly("t-inner");
	}

	@Test
	void saysHowManyOthersItMayBelongTo() {
		Trace trace = order("t", 0).trace();
		List<Trace> one = List.of(lost("u", 95), order("v", 20).trace(), lost("w", 110));
		Diagnosis diagnosis = Diagnosis.of(trace, one);
		assertThat(diagnosis.findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.sentence()).contains("(u)", "or to another request that order was at work on");
			assertThat(finding.spans()).extracting(Span::id).containsExactly("t-order");
		});
		List<Trace> many = Stream
			.concat(IntStream.range(0, 9).mapToObj((n) -> order("v" + n, n).trace()),
					IntStream.range(0, 10).mapToObj((n) -> lost("u" + n, 90 + n)))
			.toList();
		assertThat(Diagnosis.of(trace, many).findings()).as("nobody can tell").isEmpty();
		assertThat(Diagnosis.of(trace, many).notes()).extracting(Finding::kind)
			.containsExactly(Finding.Kind.BROKEN_CONTEXT);
	}

	@Test
	void leavesATraceAloneThatHasTheCallItself() {
		Trace whole = order("t", 0)
			.client("t-track", "t-order", "order", "POST", 90, 95, "http.request.method", "POST", "url.full",
					"http://127.0.0.1:8086/checkouts")
			.trace();
		assertThat(Diagnosis.of(whole, List.of(lost("u", 95))).healthy()).isTrue();
	}

	@Test
	void leavesAJobAloneThatStaysAtHome() {
		Trace stocktake = new Spans("u").add(Span.Kind.INTERNAL, "j", null, "order", "stocktake", 50, 90)
			.statement("k", "j", "order", "SELECT * FROM stock", 51, 80)
			.trace();
		Trace poll = new Spans("v").statement("p", null, "order", "SELECT * FROM outbox", 60, 61).trace();
		assertThat(Diagnosis.of(order("t", 0).trace(), List.of(stocktake, poll)).healthy()).isTrue();
	}

	@Test
	void leavesAJobAloneThatComesByTheClock() {
		Trace trace = order("t", 0).trace();
		List<Trace> rarely = new ArrayList<>(List.of(lost("u", 50)));
		for (int n = 1; n < 6; n++) {
			rarely.add(order("v" + n, n * 1000).trace());
		}
		assertThat(Diagnosis.of(trace, rarely).healthy()).as("most requests are without").isTrue();
		assertThat(Diagnosis.of(trace, List.of(lost("u", 50), lost("v", 5050))).healthy())
			.as("it comes without a request, too")
			.isTrue();
	}

	@Test
	void leavesOtherServicesAndOtherInstancesAlone() {
		Trace trace = order("t", 0).trace();
		Trace stranger = new Spans("u").client("c", null, "billing", "POST", 50, 60, "http.request.method", "POST")
			.trace();
		assertThat(Diagnosis.of(trace, List.of(stranger)).healthy()).isTrue();
		assertThat(Diagnosis.of(trace, List.of(lost("u", 300))).healthy()).as("nothing was under way then").isTrue();
	}

	@Test
	void aMessageCanBeLostAsWell() {
		Trace lost = new Spans("u")
			.add(Span.Kind.PRODUCER, "p", null, "order", "orders publish", 60, 61, "messaging.system", "kafka")
			.add(Span.Kind.CONSUMER, "q", "p", "mail", "orders process", 70, 80, "messaging.system", "kafka")
			.trace();
		assertThat(Diagnosis.of(order("t", 0).trace(), List.of(lost)).findings()).extracting(Finding::kind)
			.containsExactly(Finding.Kind.BROKEN_CONTEXT);
	}

	private static Spans order(String trace, double at) {
		return new Spans(trace).server(trace + "-gateway", null, "gateway", "POST /api/orders", at, at + 110)
			.client(trace + "-call", trace + "-gateway", "gateway", "POST", at + 2, at + 108)
			.server(trace + "-order", trace + "-call", "order", "POST /orders", at + 4, at + 104)
			.statement(trace + "-insert", trace + "-order", "order", "INSERT INTO orders", at + 10, at + 12);
	}

	private static Trace lost(String trace, double at) {
		return new Spans(trace)
			.client(trace + "-track", null, "order", "POST", at, at + 8, "http.request.method", "POST", "url.full",
					"http://127.0.0.1:8086/checkouts")
			.server(trace + "-tracked", trace + "-track", "analytics", "POST /checkouts", at + 1, at + 7)
			.trace();
	}

}
