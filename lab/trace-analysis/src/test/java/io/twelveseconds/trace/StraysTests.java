package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StraysTests {

	private static final int TRACES = 200;

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

	/**
	 * In invented systems: a message and all that follows from it is cut off, and put
	 * among other traces and a job that comes by the clock.
	 */
	@Property(tries = 2, shrinking = ShrinkingMode.OFF)
	void findsWhatWasCutOff(@ForAll("seeds") long seed) {
		List<String> missed = new ArrayList<>();
		int cut = 0;
		for (long i = seed; cut < TRACES; i++) {
			Trace whole = Simulation.healthy(i).trace();
			Optional<Span> place = whole.spans()
				.stream()
				.filter((span) -> span.kind() == Span.Kind.PRODUCER && whole.children(span).size() > 0)
				.filter((span) -> whole.spans().stream().filter((other) -> alike(span, other)).count() == 1)
				.findFirst();
			if (place.isEmpty()) {
				continue;
			}
			cut++;
			String parent = place.get().parentId();
			Diagnosis diagnosis = Diagnosis.of(part(whole, place.get(), false), company(whole, place.get(), i));
			boolean named = diagnosis.findings()
				.stream()
				.anyMatch((finding) -> finding.kind() == Finding.Kind.BROKEN_CONTEXT
						&& finding.spans().get(0).id().equals(parent) && finding.sentence().contains("(lost)"));
			if (!named) {
				missed.add("seed %d: %s".formatted(i, diagnosis.findings()));
			}
		}
		assertThat(missed.size()).as(String.join("\n", missed)).isLessThanOrEqualTo(TRACES * 5 / 100);
	}

	/** The same company, but nothing was cut off: each job is only a job. */
	@Property(tries = 2, shrinking = ShrinkingMode.OFF)
	void accusesNoJobThatComesByTheClock(@ForAll("seeds") long seed) {
		List<String> wrong = new ArrayList<>();
		for (long i = seed; i < seed + TRACES; i++) {
			Trace trace = Simulation.healthy(i).trace();
			List<Trace> jobs = jobs(trace, i);
			Diagnosis diagnosis = Diagnosis.of(trace, jobs);
			if (diagnosis.findings().stream().anyMatch((finding) -> finding.kind() == Finding.Kind.BROKEN_CONTEXT)) {
				wrong.add("seed %d: %s".formatted(i, diagnosis.findings()));
			}
		}
		assertThat(wrong.size()).as(String.join("\n", wrong)).isLessThanOrEqualTo(TRACES * 2 / 100);
	}

	@Provide
	Arbitrary<Long> seeds() {
		return Arbitraries.longs().between(0, 1_000_000_000L);
	}

	private static boolean alike(Span one, Span other) {
		return one.service().equals(other.service()) && one.name().equals(other.name()) && one.kind() == other.kind();
	}

	/** Others whom the same happens to, one after the other. */
	private static List<Trace> company(Trace whole, Span cut, long seed) {
		List<Trace> company = new ArrayList<>(jobs(whole, seed));
		company.add(renamed(part(whole, cut, true), "lost", 0));
		long pause = whole.duration().toNanos() + 100_000_000;
		for (int n = 1; n <= 5; n++) {
			company.add(renamed(part(whole, cut, false), "other" + n, n * pause));
			company.add(renamed(part(whole, cut, true), "lost" + n, n * pause));
		}
		return company;
	}

	/** One for each service, every ten seconds for a minute around the trace. */
	private static List<Trace> jobs(Trace trace, long seed) {
		Random random = new Random(seed);
		List<Trace> jobs = new ArrayList<>();
		for (String service : trace.services()) {
			long first = trace.root().startNanos() - 30_000_000_000L + (long) (random.nextDouble() * 10_000_000_000L);
			for (int n = 0; n < 6; n++) {
				double at = (first + n * 10_000_000_000L - Spans.EPOCH) / 1e6;
				jobs.add(new Spans("job-" + service + n)
					.client("j", null, service, "GET", at, at + 20, "http.request.method", "GET", "url.full",
							"http://rates/today")
					.trace());
			}
		}
		return jobs;
	}

	/** What lies below the span, or all the rest. */
	private static Trace part(Trace whole, Span cut, boolean below) {
		List<Span> spans = new ArrayList<>();
		for (Span span : whole.spans()) {
			boolean inside = false;
			for (Span step = span; step != null; step = whole.parent(step).orElse(null)) {
				inside |= step == cut;
			}
			if (inside == below) {
				spans.add((span == cut) ? withParent(span, null) : span);
			}
		}
		return new Trace(spans);
	}

	private static Trace renamed(Trace trace, String id, long later) {
		return new Trace(trace.spans()
			.stream()
			.map((span) -> new Span(id, span.id(), span.parentId(), span.name(), span.kind(), span.startNanos() + later,
					span.endNanos() + later, span.status(), span.statusMessage(), span.attributes(), span.events(),
					span.links(), span.resource(), span.scope()))
			.toList());
	}

	private static Span withParent(Span span, @Nullable String parent) {
		return new Span(span.traceId(), span.id(), parent, span.name(), span.kind(), span.startNanos(), span.endNanos(),
				span.status(), span.statusMessage(), span.attributes(), span.events(), span.links(), span.resource(),
				span.scope());
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

	/** Three requests of one trace are under way: it may belong to any of them. */
	@Test
	void isNotSureIfSeveralRequestsOfTheTraceAreUnderWay() {
		Spans batch = new Spans().server("root", null, "batch", "POST /all", 0, 300);
		for (int i = 0; i < 3; i++) {
			batch.server("h" + i, "root", "order", "POST /orders", 1 + i, 250);
		}
		assertThat(Diagnosis.of(batch.trace(), List.of(lost("u", 95))).findings()).singleElement()
			.satisfies((finding) -> assertThat(finding.sentence()).contains("It may belong below",
					"or to one of 2 other requests that order was at work on"));
	}

}
