package io.twelveseconds.trace;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class BreaksTests {

	@Test
	void putsTheBreakBeforeWhatTheLostBranchDoes() {
		assertThat(new Spans().server("a", null, "img", "POST /img", 0, 640)
			.add(Span.Kind.INTERNAL, "b", "lost", "img", "resize", 20, 520)
			.diagnosis()
			.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.BROKEN_CONTEXT, Finding.Kind.SLOW_SPAN);
	}

	@ParameterizedTest
	@CsvSource({ "basket, true", "members, false" })
	void missesWhoeverCalledSeveralServices(String second, boolean missing) {
		assertThat(new Spans().server("a", "gone", "members", "GET /members/7", 0, 30)
			.server("b", "gone", second, "GET /baskets/7", 40, 70)
			.diagnosis()
			.findings()).extracting(Finding::kind)
			.isEqualTo(missing ? List.of(Finding.Kind.MISSING_SERVICE) : List.of());
	}

	@Test
	void tellsOnceWhoIsMissingHoweverManyItHadCalled() {
		Spans spans = new Spans().server("a", null, "shipping", "GET /rates", 0, 500)
			.client("b", "a", "shipping", "POST", 10, 490, "http.request.method", "POST", "server.address", "rate-hub");
		for (int i = 0; i < 5; i++) {
			spans.server("c" + i, "gone" + i, "carrier" + i, "POST /rates", 20 + i, 400 + i);
		}
		assertThat(spans.diagnosis().findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(Finding.Kind.MISSING_SERVICE);
			assertThat(finding.sentence()).contains("carrier0, and 4 more", "the service in between (rate-hub)");
		});
	}

	@ParameterizedTest
	@CsvSource({ "tiles, 190, true", "store, 190, false", "tiles, 90, false" })
	void knowsPiecesOfARequestHoweverManyTheyAre(String service, int end, boolean broken) {
		Spans spans = new Spans().server("a", null, "tiles", "GET /map", 0, end);
		for (int i = 0; i < 9; i++) {
			spans.add(Span.Kind.INTERNAL, "b" + i, null, service, "fetch", 10 + i, 140 + i);
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind)
			.isEqualTo(broken ? List.of(Finding.Kind.BROKEN_CONTEXT) : List.of());
	}

	@Test
	void onlyNotesThatTwoNameEachOther() {
		Diagnosis diagnosis = new Spans().server("a", null, "points", "POST /points", 0, 45)
			.add(Span.Kind.INTERNAL, "b", "c", "points", "tick", 20, 21)
			.add(Span.Kind.INTERNAL, "c", "b", "points", "tock", 21, 22)
			.diagnosis();
		assertThat(diagnosis.healthy()).isTrue();
		assertThat(diagnosis.notes()).singleElement()
			.satisfies((note) -> assertThat(note.sentence()).contains("names a parent that lies below itself (c)"));
	}

	@Test
	void findsWhereASpanWithoutItsParentBelongs() {
		Diagnosis diagnosis = new Spans().server("a", null, "web", "GET /", 0, 100)
			.add(Span.Kind.INTERNAL, "b", "lost", "web", "render", 20, 60)
			.diagnosis();
		assertThat(diagnosis.findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(Finding.Kind.BROKEN_CONTEXT);
			assertThat(finding.sentence()).contains("not in the trace (lost)").contains("belongs below GET / of web");
		});
	}

	@ParameterizedTest
	@CsvSource({ "samples, false", "others, true" })
	void findsAMessageWhoseConsumerKnowsTheTraceButNotItsSender(String topic, boolean healthy) {
		assertThat(new Spans().server("a", null, "lab", "POST /samples", 0, 60)
			.add(Span.Kind.PRODUCER, "p", "a", "lab", "publish", 10, 12, "messaging.destination.name", "samples")
			.add(Span.Kind.CONSUMER, "b", null, "index", "process", 80, 120, "messaging.destination.name", topic)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@Test
	void forgivesACallerThatIsNotTraced() {
		assertThat(new Spans().server("a", "browser", "web", "GET /", 0, 100)
			.server("b", "browser", "web", "GET /more", 20, 60)
			.diagnosis()
			.healthy()).isTrue();
	}

	@Test
	void namesTheServiceThatIsMissing() {
		Diagnosis diagnosis = new Spans().server("a", null, "web", "GET /", 0, 100)
			.client("b", "a", "web", "GET", 10, 90, "server.address", "middle", "url.full", "http://middle/")
			.server("c", "lost", "back", "GET /x", 20, 80)
			.diagnosis();
		assertThat(diagnosis.findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(Finding.Kind.MISSING_SERVICE);
			assertThat(finding.sentence()).contains("the service in between (middle) is missing");
		});
	}

	@ParameterizedTest
	@CsvSource({ "true, BROKEN_CONTEXT", "false, MISSING_SERVICE" })
	void knowsAMessageThatLostItsSenderOnTheWay(boolean sent, Finding.Kind kind) {
		Spans spans = new Spans().server("a", null, "ingest", "POST /positions", 0, 20)
			.add(sent ? Span.Kind.PRODUCER : Span.Kind.INTERNAL, "b", "a", "ingest", "send positions", 5, 6,
					"messaging.destination.name", "positions")
			.add(Span.Kind.CONSUMER, "c", "lost", "writer", "process positions", 9, 60, "messaging.destination.name",
					"positions");
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind).containsExactly(kind);
	}

	/** One alone may be the same by another name, unless it did something else. */
	@ParameterizedTest
	@CsvSource({ "/offers/best, /policies, true", "/v1/policies, /policies/{id}, false", "/offers/best, '', false" })
	void missesWhoeverWasAskedIfAnotherDidSomethingElse(String asked, String answered, boolean missing) {
		assertThat(new Spans().server("a", null, "dispatch", "POST /insure", 0, 180)
			.client("b", "a", "dispatch", "POST", 20, 176, "http.request.method", "POST", "url.full",
					"http://broker:8080" + asked)
			.server("c", "b", "insurer", "POST", 25, 165, "http.route", answered)
			.diagnosis()
			.findings()).extracting(Finding::kind)
			.isEqualTo(missing ? List.of(Finding.Kind.MISSING_SERVICE) : List.of());
	}

	@Test
	void blamesTheMissingOneForTheTimeThatNobodyElseTakes() {
		assertThat(new Spans().server("a", null, "transfers", "POST /preview", 0, 870)
			.client("b", "a", "transfers", "POST", 8, 860, "http.request.method", "POST", "server.address", "rate-hub")
			.server("c", "b", "fx", "GET /pairs", 220, 270)
			.server("d", "b", "fees", "GET /fees", 600, 640)
			.diagnosis()
			.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.MISSING_SERVICE);
	}

	@Test
	void blamesTheMissingOneThoughThoseItAskedHaveLostTheirParents() {
		assertThat(new Spans().server("a", null, "quotes", "POST /quotes", 0, 1980)
			.client("b", "a", "quotes", "POST", 4, 1975, "http.request.method", "POST", "url.full",
					"http://pricing:9000/price")
			.server("c", "lost1", "tax", "GET /tax", 140, 142)
			.server("d", "lost2", "rates", "GET /rates", 750, 753)
			.diagnosis()
			.findings()).singleElement().satisfies((finding) -> {
				assertThat(finding.kind()).isEqualTo(Finding.Kind.MISSING_SERVICE);
				assertThat(finding.sentence()).contains("the service in between (pricing) is missing");
				assertThat(finding.share()).isGreaterThan(0.9);
			});
	}

	@ParameterizedTest
	@CsvSource({ "ledger.payments.svc, fraud, accounts, true", "ledger, ledger-service, accounts, false",
			"10.1.2.3, fraud, accounts, false", "ledger, accounts, accounts, false" })
	void missesWhoeverWasAskedIfOthersAnswer(String asked, String one, String other, boolean missing) {
		List<Finding> findings = new Spans().server("a", null, "payouts", "POST /payouts", 0, 70)
			.client("b", "a", "payouts", "POST", 8, 66, "http.request.method", "POST", "server.address", asked)
			.server("c", "b", one, "POST /score", 17, 46)
			.server("d", "b", other, "POST /holds", 50, 58)
			.diagnosis()
			.findings();
		assertThat(findings).extracting(Finding::kind)
			.isEqualTo(missing ? List.of(Finding.Kind.MISSING_SERVICE) : List.of());
		assertThat(findings).allSatisfy((finding) -> assertThat(finding.sentence())
			.isEqualTo("payouts asks ledger.payments.svc (POST), but those who answer are fraud and accounts: "
					+ "ledger.payments.svc itself has no span in the trace."));
	}

	@ParameterizedTest
	@CsvSource({ "3, BROKEN_CONTEXT", "2, MISSING_SERVICE" })
	void knowsCallsWhoseAskingSideWasLost(int calls, Finding.Kind kind) {
		Spans spans = new Spans().server("a", null, "booking", "POST /bookings", 0, 100);
		for (int i = 0; i < calls; i++) {
			spans.server("b" + i, "lost" + i, "service-" + (char) ('a' + i), "GET /all", 10 + i * 20, 25 + i * 20);
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind).contains(kind).containsOnly(kind);
	}

	/** A proxy may have put a context of its own in between. */
	@Test
	void missesNoServiceWhereTheOneThatWasAskedAnswers() {
		Finding first = new Spans().server("a", null, "signup", "POST /signup", 0, 200)
			.client("b", "a", "signup", "POST", 10, 190, "url.full", "http://mailer:4143/welcome")
			.server("c", "gone", "mailer", "POST /welcome", 12, 188)
			.diagnosis()
			.findings()
			.get(0);
		assertThat(first.kind()).isEqualTo(Finding.Kind.BROKEN_CONTEXT);
		assertThat(first.sentence()).endsWith("By its time it belongs below POST of signup.");
	}

	/** Of the time to the answer, whatever goes on afterwards. */
	@Test
	void countsTheShareOfTheTimeToTheAnswer() {
		Finding lost = new Spans().server("a", null, "web", "GET /", 0, 1000)
			.add(Span.Kind.INTERNAL, "b", "gone", "web", "render", 50, 950)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "q publish", 960, 970, "messaging.system", "kafka")
			.add(Span.Kind.CONSUMER, "c", "p", "late", "q process", 60_000, 60_100, "messaging.system", "kafka")
			.diagnosis()
			.findings()
			.stream()
			.filter((found) -> found.kind() == Finding.Kind.BROKEN_CONTEXT)
			.findFirst()
			.orElseThrow();
		assertThat(lost.share()).isBetween(0.85, 0.95);
	}

}
