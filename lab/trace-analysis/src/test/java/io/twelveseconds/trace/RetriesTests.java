package io.twelveseconds.trace;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RetriesTests {

	@Test
	void takesARetryThatSucceededForANote() {
		Diagnosis diagnosis = new Spans().server("a", null, "web", "GET /", 0, 300)
			.client("b", "a", "web", "GET", 10, 20, "error", "connection reset", "url.full", "http://x/1")
			.client("c", "a", "web", "GET", 30, 200, "url.full", "http://x/1")
			.diagnosis();
		assertThat(diagnosis.healthy()).isTrue();
		assertThat(diagnosis.notes()).extracting(Finding::kind).containsExactly(Finding.Kind.RETRIES);
	}

	@ParameterizedTest
	@CsvSource({ "10.0.0.7:80, 10.0.0.9:80, true", "127.0.0.1:8081, 127.0.0.1:8082, false", "east, west, false" })
	void takesAnotherInstanceForAnotherAttempt(String first, String second, boolean healthy) {
		assertThat(new Spans().server("a", null, "web", "GET /", 0, 90)
			.client("b", "a", "web", "GET", 10, 12, "http.request.method", "GET", "url.full", "http://" + first + "/q",
					"error", "connection refused")
			.client("c", "a", "web", "GET", 14, 60, "http.request.method", "GET", "url.full", "http://" + second + "/q")
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "bad, bad, good, true", "bad, good, good, false", "good, bad, good, false", "bad, bad, bad, false" })
	void tellsOwnWorkThatWasDoneAgainFromALoop(String first, String second, String third, boolean healthy) {
		Spans spans = new Spans().server("a", null, "web", "POST /", 0, 90);
		int i = 0;
		for (String end : List.of(first, second, third)) {
			Object[] attributes = end.equals("bad") ? new Object[] { "error", "stale version" } : new Object[0];
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "web", "save", 10 + i * 20, 20 + i * 20, attributes);
			i++;
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@Test
	void tellsThePausesBetweenAttemptsOnlyOnce() {
		Spans spans = new Spans().server("a", null, "sync", "POST /sync", 0, 3500);
		for (int i = 0; i < 4; i++) {
			spans.client("b" + i, "a", "sync", "GET", 10 + i * 1100, 100 + i * 1100, "url.full", "http://crm/all",
					"http.response.status_code", (i < 3) ? 429 : 200);
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind).containsExactly(Finding.Kind.RETRIES);
	}

	@Test
	void forgivesATaskOfAWorkflowThatSucceedsAtLast() {
		Spans spans = new Spans().server("a", null, "shop", "POST /orders", 0, 12, "http.response.status_code", 202)
			.client("b", "a", "shop", "StartActivity:Charge", 2, 10);
		for (int i = 0; i < 3; i++) {
			spans.server("c" + i, "b", "worker", "RunActivity:Charge", 20 + i * 2000, 100 + i * 2000, "attempt", i,
					(i < 2) ? "error" : "x", "502 Bad Gateway");
		}
		Diagnosis diagnosis = spans.diagnosis();
		assertThat(diagnosis.findings()).isEmpty();
		assertThat(diagnosis.notes()).singleElement()
			.satisfies((note) -> assertThat(note.sentence()).endsWith("A later attempt succeeded."));
	}

	@Test
	void forgivesWhatACallTriedWithinItself() {
		for (Span.Kind kind : List.of(Span.Kind.CLIENT, Span.Kind.INTERNAL)) {
			Diagnosis diagnosis = new Spans().server("a", null, "push", "POST /push", 0, 90)
				.add(kind, "c", "a", "push", "POST", 5, 85)
				.add(Span.Kind.INTERNAL, "d0", "c", "push", "dns", 6, 8, "host", "x.svc.cluster.local", "error",
						"no such host")
				.add(Span.Kind.INTERNAL, "d1", "c", "push", "dns", 9, 11, "host", "x")
				.diagnosis();
			assertThat(diagnosis.healthy()).isEqualTo(kind == Span.Kind.CLIENT);
		}
	}

	@Test
	void takesAnExhaustedResourceForAReasonToTryAgain() {
		Spans spans = new Spans().server("a", null, "thumbs", "Make", 0, 1700);
		for (int i = 0; i < 5; i++) {
			Object[] attributes = (i < 4)
					? new Object[] { "rpc.method", "Take", "rpc.grpc.status_code", 8, "error", "empty" }
					: new Object[] { "rpc.method", "Take", "rpc.grpc.status_code", 0 };
			spans.client("b" + i, "a", "thumbs", "Quota/Take", 10 + i * 400, 20 + i * 400, attributes);
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind).containsExactly(Finding.Kind.RETRIES);
	}

	@ParameterizedTest
	@CsvSource({ "INTERNAL, 503, RETRIES", "SERVER, 503, SWALLOWED_ERROR" })
	void takesAskingUntilSomebodyAnswersForRetries(Span.Kind kind, int status, Finding.Kind told) {
		Spans spans = new Spans().server("r", null, "planner", "POST /missions", 0, 1200)
			.add(kind, "a", "r", "planner", "claim", 1, 1190);
		for (int i = 0; i < 5; i++) {
			spans.client("b" + i, "a", "planner", "POST", 2 + i * 280, 12 + i * 280, "http.request.method", "POST",
					"url.full", "http://aisles/aisles/" + i * 7, "http.response.status_code", (i < 4) ? status : 200);
		}
		assertThat(spans.diagnosis().findings().get(0).kind()).isEqualTo(told);
	}

	@ParameterizedTest
	@CsvSource({ "5, CONSUMER, true", "5, SERVER, true", "4, CONSUMER, true", "3, CONSUMER, false" })
	void tellsHowLongATaskWasTriedAgain(int attempts, Span.Kind kind, boolean told) {
		Spans spans = new Spans().server("a", null, "web", "POST /invites", 0, 40)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "invites publish", 20, 30, "messaging.system", "x");
		for (int i = 1; i < attempts; i++) {
			spans.add(kind, "b" + i, "p", "mail", "invites process", i * 5000, i * 5000 + 60, "error", "bad gateway");
		}
		Diagnosis diagnosis = spans
			.add(kind, "b", "p", "mail", "invites process", attempts * 5000, attempts * 5000 + 60)
			.diagnosis();
		assertThat(diagnosis.findings()).extracting(Finding::kind)
			.isEqualTo(told ? List.of(Finding.Kind.RETRIES) : List.of());
		assertThat(diagnosis.notes()).hasSize(told ? 0 : 1);
	}

	@Test
	void takesAnotherAddressForAnotherAttemptToConnect() {
		Diagnosis diagnosis = new Spans().server("a", null, "mailer", "POST /send", 0, 90)
			.add(Span.Kind.INTERNAL, "b", "a", "mailer", "tcp.connect", 10, 11, "network.peer.address", "2001:db8::7",
					"error", "network is unreachable")
			.add(Span.Kind.INTERNAL, "c", "a", "mailer", "tcp.connect", 12, 40, "network.peer.address", "198.51.100.7")
			.diagnosis();
		assertThat(diagnosis.findings()).isEmpty();
		assertThat(diagnosis.notes()).hasSize(1);
	}

	@Test
	void multipliesRetriesWithinRetries() {
		Spans spans = new Spans().server("a", null, "web", "GET /", 0, 1000, "http.response.status_code", 500);
		int id = 0;
		for (int i = 0; i < 3; i++) {
			spans.client("o" + i, "a", "web", "GET", i * 300, i * 300 + 290, "error", "503", "url.full", "http://mid/")
				.server("m" + i, "o" + i, "mid", "GET /", i * 300 + 1, i * 300 + 289, "http.response.status_code", 503);
			for (int j = 0; j < 3; j++) {
				double from = i * 300 + 5 + j * 90;
				spans.client("i" + id++, "m" + i, "mid", "GET", from, from + 80, "error", "connection refused",
						"url.full", "http://low/", "server.address", "low");
			}
		}
		Finding first = spans.diagnosis().findings().get(0);
		assertThat(first.kind()).isEqualTo(Finding.Kind.RETRIES);
		assertThat(first.sentence()).contains("2 levels deep: one request became 9 calls of low");
		assertThat(first.spans()).hasSize(12);
	}

	/** A statement is tried again as a call is, whatever comes between. */
	@Test
	void multipliesRetriesDownToTheStatement() {
		Spans spans = new Spans().server("a", null, "gateway", "POST /api/orders", 0, 1000, "http.response.status_code",
				503);
		for (int i = 0; i < 3; i++) {
			String order = "o" + i;
			double at = i * 330;
			spans
				.client(order, "a", "gateway", "POST", at, at + 310, "http.response.status_code", 503, "error", "503",
						"url.full", "http://order/orders")
				.server(order + "s", order, "order", "POST /orders", at + 1, at + 309, "http.response.status_code",
						503);
			for (int j = 0; j < 3; j++) {
				String call = order + "c" + j;
				double from = at + 2 + j * 100;
				spans
					.client(call, order + "s", "order", "POST", from, from + 90, "http.response.status_code", 503,
							"error", "503", "url.full", "http://inventory/reservations", "http.request.resend_count", j)
					.server(call + "s", call, "inventory", "POST /reservations", from + 1, from + 89,
							"http.response.status_code", 503);
				for (int k = 0; k < 3; k++) {
					double begin = from + 2 + k * 28;
					spans
						.statement(call + "r" + k, call + "s", "inventory", "SET TRANSACTION READ ONLY", begin,
								begin + 1)
						.client(call + "i" + k, call + "s", "inventory", "INSERT reservations", begin + 2, begin + 4,
								"error", "cannot execute INSERT in a read-only transaction", "db.system.name",
								"postgresql", "db.namespace", "inventory", "db.query.text",
								"INSERT INTO reservations VALUES (?)");
				}
			}
		}
		Finding first = spans.diagnosis().findings().get(0);
		assertThat(first.kind()).isEqualTo(Finding.Kind.RETRIES);
		assertThat(first.sentence()).startsWith("gateway tries POST /orders of order 3 times")
			.contains(
					"3 levels deep: one request became 27 calls of postgresql database inventory (INSERT reservations)");
		assertThat(first.spans()).hasSize(3 + 9 + 27);
	}

	@Test
	void knowsTheCallThatSucceededForTheOneThatNobodyAnswered() {
		Spans spans = new Spans().server("a", null, "cart", "GET /cart", 0, 3100);
		for (int i = 0; i < 4; i++) {
			spans.client("b" + i, "a", "cart", "Prices/Quote", i * 1000, i * 1000 + 10, (i < 3) ? "error" : "x",
					"connection refused");
		}
		spans.server("c", "b3", "pricing", "Prices/Quote", 3001, 3009);
		assertThat(spans.diagnosis().findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(Finding.Kind.RETRIES);
			assertThat(finding.sentence()).contains("4 times", "the last attempt succeeded");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "ThrottlingException: Rate exceeded", "ProvisionedThroughputExceededException",
			"Please reduce your request rate: SlowDown" })
	void takesWhatIsDoneAgainWithLessHasteForARetry(String error) {
		Spans spans = new Spans().server("a", null, "ledger", "POST /entries", 0, 3100);
		for (int i = 0; i < 4; i++) {
			spans.client("b" + i, "a", "ledger", "DynamoDB.PutItem", i * 1000, i * 1000 + 10, (i < 3) ? "error" : "x",
					error, "http.status_code", (i < 3) ? 400 : 200);
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind).containsExactly(Finding.Kind.RETRIES);
	}

	/** By a workflow engine, or a proxy: the caller knows of one call. */
	@ParameterizedTest
	@CsvSource({ "UNAVAILABLE, true", ", false" })
	void seesThatOneCallWasAnsweredSeveralTimes(String error, boolean told) {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "w", null, "orders", "RunWorkflow", 0, 15_300)
			.client("a", "w", "orders", "StartActivity:ChargeCard", 10, 15_250);
		List<Integer> starts = List.of(20, 1060, 3120, 7130);
		for (int start : starts) {
			Object[] failure = (error != null) ? new Object[] { "error", error } : new Object[0];
			spans.server("b" + start, "a", "worker", "RunActivity:ChargeCard", start, start + 40, failure);
		}
		List<Finding> findings = spans.server("b", "a", "worker", "RunActivity:ChargeCard", 15_170, 15_220)
			.diagnosis()
			.findings();
		assertThat(findings.get(0).kind() == Finding.Kind.RETRIES).isEqualTo(told);
	}

	/** Each attempt may have an id of its own; what is asked next in a loop has, too. */
	@ParameterizedTest
	@CsvSource({ "503 200, 200, true", "503 503 200, 200, false", "503 503 503, 503, true", "503 503 503, 200, false",
			"503 200 200, 200, false" })
	void takesWhatIsAskedUntilItSucceedsForTheSame(String answers, String answer, boolean again) {
		Spans spans = new Spans().server("a", null, "runner", "POST /jobs", 0, 1000, "http.response.status_code",
				answer);
		List<String> statuses = List.of(answers.split(" "));
		for (int i = 0; i < statuses.size(); i++) {
			Object[] attributes = { "http.request.method", "PUT", "url.full", "http://store/artifacts/" + (7000 + i),
					"http.response.status_code", statuses.get(i), (statuses.get(i).equals("503")) ? "error" : "x", "" };
			spans.client("b" + i, "a", "runner", "PUT", 10 + i * 330, 330 + i * 330, attributes);
		}
		Diagnosis diagnosis = spans.diagnosis();
		assertThat(Stream.concat(diagnosis.findings().stream(), diagnosis.notes().stream())
			.anyMatch((told) -> told.kind() == Finding.Kind.RETRIES)).isEqualTo(again);
	}

	@ParameterizedTest
	@CsvSource({ "5, true", "4, false" })
	void countsDeliveriesOfWhichEachSentTheMessageOffAgain(int deliveries, boolean told) {
		Spans spans = new Spans().server("a", null, "shop", "POST /ship", 0, 70)
			.add(Span.Kind.PRODUCER, "p0", "a", "shop", "capture publish", 40, 52, "messaging.system", "celery");
		for (int i = 0; i < deliveries; i++) {
			double from = 60 + i * 4000;
			boolean last = i == deliveries - 1;
			spans.add(Span.Kind.CONSUMER, "c" + i, "p" + i, "worker", "capture run", from, from + 500,
					"messaging.system", "celery", last ? "state" : "error", "503");
			if (!last) {
				spans.add(Span.Kind.PRODUCER, "p" + (i + 1), "c" + i, "worker", "capture publish", from + 480,
						from + 490, "messaging.system", "celery");
			}
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind)
			.isEqualTo(told ? List.of(Finding.Kind.RETRIES) : List.of());
	}

	@ParameterizedTest
	@CsvSource({ "PRODUCER, true", "INTERNAL, false" })
	void countsDeliveriesOfOneMessage(Span.Kind giver, boolean told) {
		Spans spans = new Spans().server("a", null, "prints", "POST /orders", 0, 70)
			.add(giver, "p", "a", "prints", "jobs send", 40, 52);
		for (int i = 0; i < 4; i++) {
			spans.add(Span.Kind.CONSUMER, "c" + i, "p", "printer", "jobs process", 60 + i * 2000, 160 + i * 2000,
					(i < 3) ? "error" : "x", "connection refused");
		}
		assertThat(spans.diagnosis().findings().stream().anyMatch((found) -> found.kind() == Finding.Kind.RETRIES))
			.isEqualTo(told);
	}

	@ParameterizedTest
	@CsvSource({ "5, 5, RETRIES", "5, 6, SWALLOWED_ERROR" })
	void countsAttemptsAtOwnWork(int first, int second, Finding.Kind told) {
		Spans spans = new Spans().add(Span.Kind.UNSPECIFIED, "a", null, "drone", "sync", 0, 17_000);
		for (int i = 0; i < 4; i++) {
			spans.add(Span.Kind.UNSPECIFIED, "b" + i, "a", "drone", "upload", 10 + i * 4200, 3810 + i * 4200, "chunk",
					(i % 2 == 0) ? first : second, "attempt", i, (i < 3) ? "error" : "x", "NO CARRIER");
		}
		assertThat(spans.diagnosis().findings().get(0).kind()).isEqualTo(told);
	}

	/** Slow attempts are slow again and again because they are multiplied. */
	@Test
	void knowsAttemptsByTheirNumbersInTheNameAndPutsAmplificationFirst() {
		Spans spans = new Spans().server("a", null, "edge", "POST /transfers", 0, 6100);
		for (int i = 0; i < 3; i++) {
			spans
				.client("r" + i, "a", "edge", "go to hub, round " + (i + 1), 10 + i * 2000, 1990 + i * 2000, "rc",
						(i < 2) ? 91 : 0)
				.server("h" + i, "r" + i, "hub", "POST /payments", 15 + i * 2000, 1985 + i * 2000);
			for (int j = 0; j < 3; j++) {
				spans.client("s" + i + j, "h" + i, "hub", "screen (attempt " + (j + 1) + ")", 20 + i * 2000 + j * 650,
						660 + i * 2000 + j * 650, "peer.service", "sanctions", "rc", (i < 2 || j < 2) ? 91 : 0);
			}
		}
		Finding first = spans.diagnosis().findings().get(0);
		assertThat(first.kind()).isEqualTo(Finding.Kind.RETRIES);
		assertThat(first.sentence()).contains("edge tries POST /payments of hub 3 times",
				"one request became 9 calls of sanctions");
	}

	@Test
	void countsAttemptsThatAreMadeSideBySide() {
		Spans spans = new Spans().server("a", null, "web", "GET /", 0, 5300);
		for (int i = 0; i < 4; i++) {
			for (int item = 0; item < 2; item++) {
				spans.client("c" + i + item, "a", "web", "GET", 10 + i * 1300 + item, 1300 + i * 1300 + item,
						"url.full", "http://b/item/" + item, (i < 3) ? "error" : "x", "connection refused");
			}
		}
		Finding first = spans.diagnosis().findings().get(0);
		assertThat(first.kind()).isEqualTo(Finding.Kind.RETRIES);
		assertThat(first.sentence()).startsWith("web tries GET of b 4 times within GET /, and another call like it;")
			.contains("Trying again took 3.90 s, 74 % of the time");
	}

	/** What several waste at the same time is wasted once. */
	@Test
	void wastesNoMoreThanAllOfTheTime() {
		Spans spans = new Spans().server("a", null, "import", "POST /import", 0, 2600);
		for (int worker = 0; worker < 2; worker++) {
			spans.add(Span.Kind.INTERNAL, "w" + worker, "a", "import", "worker", worker * 1000, worker * 1000 + 1500);
			for (int i = 0; i < 3; i++) {
				int start = worker * 1000 + i * 500;
				spans.add(Span.Kind.INTERNAL, "s" + worker + i, "w" + worker, "import", "store row", start, start + 499,
						"error", "disk busy");
			}
		}
		assertThat(spans.diagnosis().findings().get(0).sentence())
			.contains("Trying again took 2.50 s, 96 % of the time");
	}

}
