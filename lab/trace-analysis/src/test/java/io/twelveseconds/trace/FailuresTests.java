package io.twelveseconds.trace;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class FailuresTests {

	@ParameterizedTest
	@CsvSource({ "'request timed out after 2000ms (total=16, active=16, idle=0, waiting=7)', true",
			"'request timed out after 2000ms (total=0, active=0, idle=0, waiting=0): Connection to db refused', false" })
	void tellsAnEmptyPoolFromADatabaseThatIsGone(String problem, boolean exhausted) {
		Finding first = new Spans()
			.server("a", null, "inventory", "POST /reservations", 0, 2010, "http.response.status_code", 503)
			.add(Span.Kind.INTERNAL, "w", "a", "inventory", "wait for connection", 5, 2005,
					"db.client.connection.pool.name", "inventory", "error",
					"inventory - Connection is not available, " + problem)
			.diagnosis()
			.findings()
			.get(0);
		assertThat(first.kind()).isEqualTo(Finding.Kind.ERROR_ORIGIN);
		assertThat(first.spans().get(0).id()).isEqualTo("w");
		assertThat(first.sentence()).startsWith("inventory gets no connection from its pool inventory");
		assertThat(first.advice().startsWith("The pool of connections is empty")).isEqualTo(exhausted);
	}

	@Test
	void namesTheConsumerThatGetsAMessageAgainAndAgainBeforeTheOneThatSetItAside() {
		Spans spans = new Spans().server("a", null, "order", "POST /orders", 0, 60, "http.response.status_code", 201)
			.add(Span.Kind.PRODUCER, "p", "a", "order", "orders publish", 50, 55, "messaging.system", "kafka")
			.add(Span.Kind.CONSUMER, "f", "p", "figures", "orders process", 60, 65, "messaging.system", "kafka",
					"error", "Unexpected end-of-input");
		for (int i = 0; i < 200; i++) {
			spans.add(Span.Kind.CONSUMER, "m" + i, "p", "mails", "orders process", 70 + i * 1000, 75 + i * 1000,
					"messaging.system", "kafka", "error", "Unexpected end-of-input");
		}
		List<Finding> findings = spans.diagnosis().findings();
		assertThat(findings).extracting(Finding::kind).containsOnly(Finding.Kind.FAILED_ASYNC);
		assertThat(findings).extracting((finding) -> finding.spans().get(0).service())
			.containsExactly("mails", "figures");
		assertThat(findings.get(0).sentence()).contains("Unexpected end-of-input, 200 times within 3 min 19 s.",
				"the answer says HTTP 201");
	}

	@Test
	void namesTheDeepestCallThatWasStillOpenWhenTheCallerGaveUp() {
		Diagnosis diagnosis = new Spans()
			.server("a", null, "gateway", "POST /api/orders", 0, 10_010, "http.response.status_code", 504)
			.client("b", "a", "gateway", "POST", 5, 10_005, "error", "java.net.http.HttpTimeoutException")
			.server("c", "b", "order", "POST /orders", 10, 30_100, "http.response.status_code", 500)
			.client("d", "c", "order", "POST", 50, 30_050, "error", "request timed out", "http.request.method", "POST",
					"url.full", "http://payment:8083/charges", "server.address", "payment")
			.diagnosis();
		assertThat(diagnosis.findings().get(0).kind()).isEqualTo(Finding.Kind.TIMEOUT);
		assertThat(diagnosis.findings().get(0).spans().get(0).id()).isEqualTo("d");
		assertThat(diagnosis.findings().get(0).sentence()).startsWith("order waited 30.0 s for payment");
	}

	/**
	 * A refusal may be an ordinary answer; who wrote down that something failed did not
	 * think so.
	 */
	@ParameterizedTest
	@CsvSource({ "403, error, archive failed (ignored), false", "401, WARN, could not store the part, false",
			"403, info, archive failed, true", "403, error, archive skipped, true",
			"404, error, archive failed, true" })
	void seesWhatWasForbiddenAndOnlyWrittenDown(int status, String level, String message, boolean healthy) {
		Diagnosis diagnosis = new Spans()
			.server("a", null, "payouts", "POST /events", 0, 170, "http.response.status_code", 204)
			.add(Span.Kind.INTERNAL, "b", "a", "payouts", "archiveEvent", 80, 160)
			.noting("log", Map.of("level", level, "message", message))
			.client("c", "b", "payouts", "storage.objects.insert", 85, 150, "http.response.status_code", status,
					"error", "Forbidden")
			.diagnosis();
		assertThat(diagnosis.healthy()).isEqualTo(healthy);
		assertThat(diagnosis.findings()).extracting(Finding::kind)
			.isEqualTo(healthy ? List.of() : List.of(Finding.Kind.SWALLOWED_ERROR));
	}

	@ParameterizedTest
	@CsvSource({ "fallback.policy, serve-if-younger-than-900s, true", "fx.fallback_policy, cached, true",
			"fallback.policy, none, false", "fallback.used, true, false" })
	void acceptsAFallbackThatIsSettled(String attribute, String value, boolean healthy) {
		assertThat(new Spans().server("a", null, "pricing", "GET /quotes", 0, 70, "http.response.status_code", 200)
			.add(Span.Kind.INTERNAL, "b", "a", "pricing", "GetRate", 10, 40, attribute, value)
			.client("c", "b", "pricing", "GET", 11, 20, "http.response.status_code", 503, "error", "503")
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@Test
	void takesAnErrorThatReachedNobodyWhoWaitedForANote() {
		Diagnosis diagnosis = new Spans().server("a", null, "web", "GET /", 0, 2010, "http.response.status_code", 504)
			.client("b", "a", "web", "GET", 5, 2005, "error", "java.net.http.HttpTimeoutException")
			.server("c", "b", "back", "GET /x", 10, 3000, "http.response.status_code", 500, "error", "disk full")
			.diagnosis();
		assertThat(diagnosis.findings()).extracting(Finding::kind)
			.startsWith(Finding.Kind.TIMEOUT)
			.doesNotContain(Finding.Kind.ERROR_ORIGIN);
		assertThat(diagnosis.notes()).singleElement()
			.satisfies((note) -> assertThat(note.sentence()).startsWith("back fails in GET /x: disk full")
				.endsWith("Its caller had given up before."));
	}

	@ParameterizedTest
	@CsvSource({ "404, , true", "400, bad input, true", "429, slow down, true", "500, , false", "503, , false" })
	void doesNotBlameAServerThatRefuses(int status, String error, boolean healthy) {
		Object[] attributes = (error != null)
				? new Object[] { "http.status_code", status, "http.method", "GET", "error", error }
				: new Object[] { "http.status_code", status, "http.method", "GET" };
		Diagnosis diagnosis = new Spans().server("a", null, "web", "GET /", 0, 30, attributes).diagnosis();
		assertThat(diagnosis.healthy()).isEqualTo(healthy);
	}

	@Test
	void saysWhoKeptAnErrorToThemselves() {
		Diagnosis diagnosis = new Spans()
			.server("a", null, "web", "GET /", 0, 60, "http.response.status_code", 200, "http.route", "/")
			.client("b", "a", "web", "GET", 10, 30, "error", "503")
			.server("c", "b", "ads", "GET /ads", 12, 28, "http.response.status_code", 503, "error", "no ads")
			.diagnosis();
		assertThat(diagnosis.findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(Finding.Kind.SWALLOWED_ERROR);
			assertThat(finding.spans()).extracting(Span::id).containsExactly("c", "b", "a");
			assertThat(finding.sentence()).startsWith("ads fails in GET /ads: no ads")
				.contains("as far as web (GET /)");
		});
	}

	@Test
	void namesTheTaskByWhichAWorkflowFailed() {
		Spans spans = new Spans().server("a", null, "web", "POST /hires", 0, 60, "http.response.status_code", 202)
			.client("b", "a", "web", "start workflow", 10, 20)
			.server("w", "b", "worker", "onboard", 80, 4000, "error", "task failed")
			.client("t", "w", "worker", "schedule", 90, 91);
		for (int i = 0; i < 3; i++) {
			double from = 100 + i * 1000;
			spans.server("m" + i, "t", "worker", "create mailbox", from, from + 20, "error", "quota exceeded")
				.client("c" + i, "m" + i, "worker", "PUT", from + 2, from + 18, "url.full", "http://mail/boxes",
						"error", "quota exceeded");
		}
		assertThat(spans.diagnosis().findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(Finding.Kind.FAILED_ASYNC);
			assertThat(finding.spans()).extracting(Span::id).containsExactly("c2", "m2", "w", "b");
		});
	}

	@ParameterizedTest
	@CsvSource({ "It was not possible to connect to the redis server(s)., SWALLOWED_ERROR", "The cart is empty., " })
	void tellsWhetherAFailedPreconditionIsTheServersOwn(String error, Finding.Kind kind) {
		assertThat(new Spans().server("a", null, "checkout", "PlaceOrder", 0, 60)
			.client("b", "a", "checkout", "Cart/Empty", 10, 20, "rpc.system", "grpc", "rpc.grpc.status_code", 9,
					"error", error)
			.server("c", "b", "cart", "Cart/Empty", 11, 19, "rpc.system", "grpc", "rpc.grpc.status_code", 9, "error",
					error)
			.diagnosis()
			.findings()).extracting(Finding::kind).isEqualTo((kind != null) ? List.of(kind) : List.of());
	}

	@Test
	void followsAnErrorThroughTheMessageThatWasWaitedFor() {
		for (double goesOn : new double[] { 5, 500 }) {
			Diagnosis diagnosis = new Spans()
				.server("a", null, "api", "GET /quota", 0, 30 + goesOn, "http.response.status_code", 500)
				.add(Span.Kind.PRODUCER, "p", "a", "api", "quota publish", 3, 5, "messaging.destination.name", "quota")
				.add(Span.Kind.CONSUMER, "b", "p", "quota", "quota process", 8, 30, "error", "nil map")
				.diagnosis();
			assertThat(diagnosis.findings().get(0).spans().get(0).id()).isEqualTo((goesOn == 5) ? "b" : "a");
		}
	}

	@ParameterizedTest
	@CsvSource({ "Wasn't able to connect to redis, false", "connect ECONNREFUSED 10.0.0.1:6379, false",
			"cart is empty, true" })
	void takesNoRefusalForWhatItIsNot(String error, boolean healthy) {
		assertThat(new Spans().server("a", null, "checkout", "Place", 0, 60)
			.client("b", "a", "checkout", "Cart/Empty", 10, 30, "rpc.grpc.status_code", 9, "error", error)
			.server("c", "b", "cart", "Cart/Empty", 12, 28, "rpc.grpc.status_code", 9, "error", error)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "redis, GET item:7, SELECT, true", "redis, GET item:7, UPDATE, false",
			"redis, SET item:7 x, SELECT, false", "mongodb, find items, SELECT, false" })
	void forgivesACacheThatFailsIfTheDatabaseKnows(String system, String asked, String then, boolean healthy) {
		Diagnosis diagnosis = new Spans().server("a", null, "catalog", "GET /items/{id}", 0, 60)
			.client("b", "a", "catalog", asked, 2, 3, "db.system", system, "db.statement", asked, "error",
					"connect: connection refused")
			.statement("c", "a", "catalog", then + " item", 4, 20)
			.diagnosis();
		assertThat(healthy ? diagnosis.notes() : diagnosis.findings()).singleElement()
			.satisfies((failure) -> assertThat(failure.sentence().endsWith("The database was asked instead."))
				.isEqualTo(healthy));
	}

	@ParameterizedTest
	@CsvSource({ "chat, true", "execute_tool, false" })
	void forgivesALanguageModelThatHasNoTimeIfAnotherHas(String operation, boolean healthy) {
		Diagnosis diagnosis = new Spans().server("a", null, "writer", "POST /texts", 0, 2200)
			.client("b", "a", "writer", "chat haiku", 2, 120, "gen_ai.operation.name", operation, "error", "Overloaded")
			.client("c", "a", "writer", "chat mini", 122, 2190, "gen_ai.operation.name", "chat")
			.diagnosis();
		assertThat(healthy ? diagnosis.notes() : diagnosis.findings()).singleElement()
			.satisfies((failure) -> assertThat(failure.sentence().endsWith("Another model was asked instead."))
				.isEqualTo(healthy));
	}

	@ParameterizedTest
	@CsvSource({ "2, aborted, true", "2, refused, false", "30, aborted, false" })
	void forgivesWhoeverFailsInARaceThatAnotherWins(int start, String other, boolean healthy) {
		assertThat(new Spans().server("a", null, "wallet", "GET /balance", 0, 70)
			.client("b", "a", "wallet", "POST", start, start + 3, "server.address", "one", "error", "ECONNREFUSED")
			.client("c", "a", "wallet", "POST", 2, 60, "server.address", "two")
			.client("d", "a", "wallet", "POST", 2, 61, "server.address", "three", "error", "ECONN" + other)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@Test
	void looksThroughProxiesThatOnlyKnowThatAnAnswerCame() {
		Finding first = new Spans()
			.server("a", null, "lobby", "game.Match/Join", 0, 1540, "rpc.grpc.status_code", 14, "error", "UNAVAILABLE")
			.client("b", "a", "lobby", "game.Match/Join", 10, 1535, "rpc.grpc.status_code", 14, "error", "UNAVAILABLE")
			.client("c", "b", "lobby", "outbound", 11, 1534, "l5d.direction", "outbound", "http.status_code", 200)
			.server("d", "c", "match", "inbound", 12, 1533, "l5d.direction", "inbound", "http.status_code", 200)
			.server("e", "d", "match", "game.Match/Join", 13, 1532, "rpc.grpc.status_code", 14, "error", "deadline")
			.client("f", "e", "match", "game.Skill/Rate", 20, 1520, "rpc.grpc.status_code", 4, "error",
					"context deadline exceeded")
			.client("g", "f", "match", "outbound", 21, 1519, "l5d.direction", "outbound", "response_flags", "DC")
			.server("h", "g", "skill", "inbound", 22, 1518, "l5d.direction", "inbound", "response_flags", "DC")
			.server("i", "h", "skill", "game.Skill/Rate", 23, 3900)
			.diagnosis()
			.findings()
			.get(0);
		assertThat(first.kind()).isEqualTo(Finding.Kind.TIMEOUT);
		assertThat(first.spans().get(0).id()).isEqualTo("f");
	}

	@Test
	void namesWhatNobodyHeardOfEvenIfItTimedOut() {
		Finding first = new Spans().server("a", null, "order", "POST /orders", 0, 60, "http.response.status_code", 201)
			.client("b", "a", "order", "POST /checkouts", 50, 1050, "error", "ConnectTimeoutException: timed out")
			.diagnosis()
			.findings()
			.get(0);
		assertThat(first.kind()).isEqualTo(Finding.Kind.FAILED_ASYNC);
		assertThat(first.sentence()).contains("timed out", "the failure reached nobody");
	}

	@Test
	void saysThatAProxyGaveUpOnWhomItCalled() {
		Finding first = new Spans().client("a", null, "visitor", "checkout", 0, 15_010)
			.server("b", "a", "proxy", "POST", 2, 15_005, "component", "proxy", "http.status_code", 504,
					"response_flags", "UT", "error", "")
			.client("c", "b", "proxy", "router egress", 3, 15_003, "component", "proxy", "upstream_cluster", "shop",
					"error", "")
			.server("d", "c", "shop", "POST /checkout", 4, 15_003)
			.diagnosis()
			.findings()
			.get(0);
		assertThat(first.kind()).isEqualTo(Finding.Kind.TIMEOUT);
		assertThat(first.spans().get(0).id()).isEqualTo("c");
	}

	@Test
	void forgivesThoseWhoLoseARace() {
		for (double until : new double[] { 52, 80 }) {
			Spans spans = new Spans().server("a", null, "web", "GET /", 0, 90)
				.client("b", "a", "web", "GET", 10, 50, "url.full", "http://east/")
				.client("c", "a", "web", "GET", 10, until, "url.full", "http://west/", "error", "AbortError");
			assertThat(spans.diagnosis().healthy()).isEqualTo(until == 52);
		}
	}

	@ParameterizedTest
	@CsvSource({ "deadline has elapsed",
			"The request was canceled due to the configured Timeout of 2 seconds elapsing" })
	void knowsThatSomebodyWaitedTooLong(String error) {
		Finding first = new Spans().server("a", null, "web", "GET /", 0, 2010)
			.client("b", "a", "web", "GET", 5, 2005, "url.full", "http://back/", "error", error)
			.diagnosis()
			.findings()
			.get(0);
		assertThat(first.kind()).isEqualTo(Finding.Kind.TIMEOUT);
	}

	@ParameterizedTest
	@CsvSource({ "SubscribeAll, deadline exceeded, true", "WatchPods, connection reset by peer, true",
			"SubscribeAll, no cursor for partition 4, false", "GET /subscriptions, deadline exceeded, false",
			"GET /watchlist, connection reset by peer, false" })
	void tellsAStreamThatEndsFromOneThatFails(String name, String error, boolean healthy) {
		assertThat(new Spans().server("a", null, "live", name, 0, 30_000, "error", error).diagnosis().healthy())
			.isEqualTo(healthy);
	}

	/** What aborts a server's call is a matter of its own, such as a limit of time. */
	@ParameterizedTest
	@CsvSource({ "browser.platform, true", "host.name, false" })
	void forgivesAPersonWhoLeavesThePage(String resource, boolean healthy) {
		Span root = new Span("t", "a", null, "GET", Span.Kind.CLIENT, Spans.EPOCH, Spans.EPOCH + Limits.millis(390),
				Span.Status.ERROR, "The user aborted a request.", Map.of(), List.of(), List.of(),
				Map.of("service.name", "page", resource, "x"), "");
		assertThat(Diagnosis.of(new Trace(List.of(root))).healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "https://stats.ads.example/px, true", "https://shop.example/api/cart, false" })
	void forgivesABrowserThatDoesNotLetItsVisitorsBeCounted(String url, boolean healthy) {
		Map<String, Object> page = Map.of("service.name", "page", "browser.platform", "x");
		Span root = new Span("t", "a", null, "documentLoad", Span.Kind.INTERNAL, Spans.EPOCH,
				Spans.EPOCH + Limits.millis(1090), Span.Status.UNSET, "", Map.of(), List.of(), List.of(), page, "");
		Span call = new Span("t", "b", "a", "GET", Span.Kind.CLIENT, Spans.EPOCH + Limits.millis(900),
				Spans.EPOCH + Limits.millis(940), Span.Status.ERROR, "Failed to fetch", Map.of("url.full", url),
				List.of(), List.of(), page, "");
		assertThat(Diagnosis.of(new Trace(List.of(root, call))).healthy()).isEqualTo(healthy);
	}

	/** Of many items that were asked for side by side none is another attempt at one. */
	@ParameterizedTest
	@CsvSource({ "1, orchestrator", "8, functions" })
	void goesDownToTheOneOfManyThatFailed(int atOnce, String origin) {
		Spans spans = new Spans().server("a", null, "orchestrator", "POST /documents", 0, 1000,
				"http.response.status_code", 500, "error", "TaskFailed");
		for (int i = 0; i < 16; i++) {
			double from = 5 + (i / atOnce) * 55;
			Object[] how = (i == 3) ? new Object[] { "error", "Unhandled" } : new Object[0];
			spans.client("b" + i, "a", "orchestrator", "Lambda.Invoke", from, from + 50, how)
				.server("c" + i, "b" + i, "functions", "scan", from + 1, from + 49, how);
		}
		assertThat(spans.diagnosis().findings()).first()
			.satisfies((finding) -> assertThat(finding.sentence()).startsWith(origin + " fails in"));
	}

	@Test
	void takesAsynchronousWorkThatWasMadeGoodLaterForANote() {
		Diagnosis diagnosis = new Spans().server("a", null, "order", "POST /orders", 0, 100)
			.client("b", "a", "order", "POST", 80, 81, "http.request.method", "POST", "url.full",
					"http://127.0.0.1:8086/checkouts", "error", "Connection refused")
			.client("c", "a", "order", "POST", 17_000, 17_009, "http.request.method", "POST", "url.full",
					"http://127.0.0.1:8086/checkouts")
			.server("d", "c", "analytics", "POST /checkouts", 17_002, 17_008, "http.route", "/checkouts")
			.diagnosis();
		assertThat(diagnosis.findings()).isEmpty();
		assertThat(diagnosis.notes()).extracting(Finding::kind).containsExactly(Finding.Kind.RETRIES);
	}

	@Test
	void putsWorkThatWasLostBeforeWorkThatWasLate() {
		Diagnosis diagnosis = new Spans().server("a", null, "order", "POST /orders", 0, 100)
			.client("b", "a", "order", "POST", 80, 81, "url.full", "http://x/checkouts", "error", "Connection refused")
			.add(Span.Kind.PRODUCER, "p", "a", "order", "orders publish", 90, 92)
			.add(Span.Kind.CONSUMER, "q", "p", "mail", "orders process", 10_000, 10_010)
			.diagnosis();
		assertThat(diagnosis.findings()).extracting(Finding::kind)
			.containsExactly(Finding.Kind.SWALLOWED_ERROR, Finding.Kind.QUEUEING);
	}

	@Test
	void seesAnOpenBreakerByItsAttributeAlone() {
		Diagnosis diagnosis = new Spans().server("a", null, "order", "POST /orders", 0, 60)
			.add(Span.Kind.INTERNAL, "b", "a", "order", "charge", 10, 11, "demo.breaker.state", "OPEN")
			.diagnosis();
		assertThat(diagnosis.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.BREAKER_OPEN);
		assertThat(new Spans().server("a", null, "order", "POST /orders", 0, 60, "demo.breaker.state", "CLOSED")
			.diagnosis()
			.healthy()).isTrue();
	}

	/** Who traces by hand sets no status. */
	@ParameterizedTest
	@CsvSource({ "ok, false, true", "job.success, 0, true", "exit_code, 2, true", "rc, 1, true", "result, error, true",
			"task.state, FAILURE, true", "result, timeout, true", "aws.kinesis.failed_record_count, 41, true",
			"aws.kinesis.failed_record_count, 0, false", "item_count, 41, false", "ok, true, false",
			"exit_code, 0, false", "rc, 200, false", "result, declined, false", "retries_ok, 0, false",
			"is_ok, false, true", "rc, 503, true", "result, we could not place it, true",
			"outcome, failed: no key, true", "result, could be cheaper, false" })
	void takesOwnWordForAFailure(String attribute, String value, boolean failed) {
		Diagnosis diagnosis = new Spans().add(Span.Kind.UNSPECIFIED, "a", null, "etl", "job", 0, 60, attribute, value)
			.add(Span.Kind.UNSPECIFIED, "b", "a", "etl", "load", 10, 50, attribute, value)
			.diagnosis();
		assertThat(diagnosis.healthy()).isEqualTo(!failed);
		if (failed) {
			assertThat(diagnosis.headline()).contains("load", attribute + "=" + value);
		}
	}

	/** What converters leave of Zipkin's and X-Ray's spans. */
	@ParameterizedTest
	@CsvSource({ "http.status, 503, true", "response.status, 500, true", "fault, true, true", "http.status, 200, false",
			"fault, false, false", "error.class, DataError, true", "error.msg, value too long, true" })
	void readsWhatOtherTracersCallIt(String attribute, String value, boolean failed) {
		assertThat(new Spans().server("a", null, "carts", "POST /items", 0, 60, attribute, value)
			.client("b", "a", "carts", "DynamoDB", 10, 50, attribute, value)
			.diagnosis()
			.findings()).extracting(Finding::kind).isEqualTo(failed ? List.of(Finding.Kind.ERROR_ORIGIN) : List.of());
	}

	@ParameterizedTest
	@CsvSource({ "CallNotPermittedException: partner is OPEN, true", "TimeoutException, false" })
	void seesAnOpenBreakerInALogLineOfASpanThatDidNotFail(String line, boolean open) {
		assertThat(new Spans().server("a", null, "quotes", "POST /quotes", 0, 60)
			.add(Span.Kind.INTERNAL, "b", "a", "quotes", "callPartner", 10, 11)
			.noting("log", Map.of("message", line))
			.diagnosis()
			.findings()).extracting(Finding::kind).isEqualTo(open ? List.of(Finding.Kind.BREAKER_OPEN) : List.of());
	}

	@ParameterizedTest
	@CsvSource({ "reason, CircuitBreaker 'payhub' is OPEN and does not permit further calls, true",
			"reason, CircuitBreaker 'payhub' is CLOSED, false", "reason, circuit breaker is open, true",
			"why, the fuse for payhub is blown, true" })
	void seesAnOpenBreakerInWhatASpanSays(String attribute, String text, boolean open) {
		assertThat(new Spans().server("a", null, "tickets", "POST /tickets", 0, 60)
			.add(Span.Kind.INTERNAL, "b", "a", "tickets", "pay", 10, 11, attribute, text)
			.diagnosis()
			.findings()).extracting(Finding::kind).isEqualTo(open ? List.of(Finding.Kind.BREAKER_OPEN) : List.of());
	}

	@Test
	void takesAPoolThatGivesNothingForNoDeadlineOfTheDatabase() {
		Finding first = new Spans()
			.server("a", null, "albums", "POST /graphql", 0, 3010, "http.response.status_code", 500)
			.client("b", "a", "albums", "pg-pool.connect", 5, 3005, "db.system", "postgresql", "error",
					"timeout exceeded when trying to connect")
			.diagnosis()
			.findings()
			.get(0);
		assertThat(first.kind()).isEqualTo(Finding.Kind.ERROR_ORIGIN);
		assertThat(first.advice()).startsWith("The pool of connections is empty");
	}

	@ParameterizedTest
	@CsvSource({ "load substitutes (optional), true", "OptionalWidget substitutes, true", "load substitutes, false" })
	void takesTheAskersWordThatOneCanDoWithout(String asker, boolean healthy) {
		assertThat(new Spans().server("a", null, "shop", "GET /slots", 0, 60)
			.add(Span.Kind.INTERNAL, "b", "a", "shop", asker, 10, 20)
			.client("c", "b", "shop", "GET", 11, 19, "url.full", "http://substitutes/all", "error", "503")
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@Test
	void namesTheBreakerThatIsOpen() {
		assertThat(new Spans().server("a", null, "order", "POST /orders", 0, 60)
			.add(Span.Kind.INTERNAL, "b", "a", "order", "accrue", 10, 11, "circuitbreaker.name", "loyalty", "error",
					"CallNotPermittedException")
			.diagnosis()
			.headline()).contains("its circuit breaker loyalty is open");
	}

	/** What a server writes in pieces is one answer, and none of them failed. */
	@Test
	void takesNoPieceOfAnAnswerForTheOrigin() {
		assertThat(new Spans().server("a", null, "search", "POST /search", 0, 5060, "http.response.status_code", 504)
			.client("b", "a", "search", "POST", 50, 5050, "url.full", "http://ranker/rank", "error", "ReadTimeout")
			.add(Span.Kind.INTERNAL, "c", "a", "search", "POST /search http send", 5055, 5056, "asgi.event.type",
					"http.response.start", "http.status_code", 504)
			.diagnosis()
			.headline()).contains("ranker");
	}

	/** In Go an error is returned, and the span that got it is not marked. */
	@Test
	void goesDownToTheBreakerForWhichAServiceFailed() {
		assertThat(new Spans()
			.server("a", null, "feed", "feed.v1.Feed/LastTrade", 0, 30, "rpc.grpc.status_code", 14, "error", "14")
			.add(Span.Kind.INTERNAL, "b", "a", "feed", "upstream.call", 20, 21)
			.noting("exception", Map.of("exception.message", "circuit breaker is open"))
			.diagnosis()
			.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.BREAKER_OPEN);
	}

	/** Whoever went on to ask somebody else did not fail by it. */
	@Test
	void blamesNoBreakerThatTheServiceDidWithout() {
		assertThat(new Spans().server("a", null, "feed", "GET /trades", 0, 30, "http.response.status_code", 500)
			.add(Span.Kind.INTERNAL, "b", "a", "feed", "upstream.call", 2, 3)
			.noting("exception", Map.of("exception.message", "circuit breaker is open"))
			.client("c", "a", "feed", "GET", 4, 20, "http.response.status_code", 200)
			.diagnosis()
			.findings()).extracting(Finding::kind).contains(Finding.Kind.ERROR_ORIGIN);
	}

	/** It comes with a good status, and is in the answer all the same. */
	@ParameterizedTest
	@CsvSource({ "/graphql, graphql.errors.count, ERROR_ORIGIN", "/graphql, errors, SWALLOWED_ERROR",
			"/api, graphql.errors.count, SWALLOWED_ERROR" })
	void followsAnErrorThroughAnswersOfGraphql(String path, String attribute, Finding.Kind kind) {
		assertThat(new Spans()
			.server("a", null, "gateway", "POST " + path, 0, 80, "http.route", path, "http.response.status_code", 200)
			.add(Span.Kind.INTERNAL, "b", "a", "gateway", "execute", 2, 78, attribute, 1, "error", "1 error")
			.client("c", "b", "gateway", "POST", 4, 76, "http.response.status_code", 200)
			.server("d", "c", "prices", "POST /graphql", 5, 75, "http.response.status_code", 200,
					"graphql.errors.count", 1)
			.client("e", "d", "prices", "SELECT rates", 10, 70, "db.system", "mysql", "error", "Table doesn't exist")
			.diagnosis()
			.findings()).singleElement().satisfies((finding) -> {
				assertThat(finding.kind()).isEqualTo(kind);
				assertThat(finding.sentence()).startsWith("prices fails to call mysql (SELECT rates)");
			});
	}

	@ParameterizedTest
	@CsvSource({ "circuit_breaker.open, true", "CircuitBreaker not_permitted, true", "circuit_breaker.half_open, false",
			"circuit_breaker.opened, false", "connection.open, false" })
	void seesAnOpenBreakerByWhatTheSpanNoted(String event, boolean open) {
		Diagnosis diagnosis = new Spans().server("a", null, "home", "GET /", 0, 60)
			.add(Span.Kind.INTERNAL, "b", "a", "home", "recommendations", 10, 11)
			.noting(event)
			.diagnosis();
		assertThat(diagnosis.findings()).extracting(Finding::kind)
			.isEqualTo(open ? List.of(Finding.Kind.BREAKER_OPEN) : List.of());
	}

	@ParameterizedTest
	@CsvSource({ "false, ERROR_ORIGIN", "true, SWALLOWED_ERROR" })
	void takesTheLastCallOfARootThatSaysNothingForTheAnswer(boolean goesOn, Finding.Kind kind) {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "visitor", "visit", 0, goesOn ? 100 : 51)
			.client("b", "a", "visitor", "GET", 0, 50, "error", "", "http.response.status_code", 500)
			.server("c", "b", "shop", "GET /", 1, 49, "error", "sold out of ideas");
		if (goesOn) {
			spans.client("d", "a", "visitor", "POST", 60, 100).server("e", "d", "shop", "POST /cart", 61, 99);
		}
		assertThat(spans.diagnosis().findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(kind);
			assertThat(finding.spans().get(0).id()).isEqualTo("c");
		});
	}

	@ParameterizedTest
	@CsvSource({ "http.response.status_code, 422, INTERNAL, true", "rpc.grpc.status_code, 3, INTERNAL, true",
			"http.response.status_code, 200, INTERNAL, false", "rpc.grpc.status_code, 0, INTERNAL, false",
			"http.response.status_code, 401, CLIENT, false" })
	void takesAnExceptionForTheRefusalThatTheAnswerTellsOf(String says, int status, Span.Kind kind, boolean healthy) {
		assertRefusal(says, status, kind, "x", "Not a well-formed address", healthy);
	}

	@ParameterizedTest
	@CsvSource({ "400, violates check constraint, true", "201, violates check constraint, false",
			"400, too many connections, false" })
	void takesTheDatabasesWordForIt(int status, String error, boolean healthy) {
		assertRefusal("http.response.status_code", status, Span.Kind.CLIENT, "db.system.name", error, healthy);
	}

	private static void assertRefusal(String says, int status, Span.Kind kind, String attribute, String error,
			boolean healthy) {
		Diagnosis diagnosis = new Spans().server("a", null, "users", "POST /users", 0, 60, says, status)
			.add(kind, "b", "a", "users", "create", 10, 50, "error", error, attribute, "postgresql")
			.diagnosis();
		assertThat(healthy ? diagnosis.notes() : diagnosis.findings()).singleElement()
			.satisfies((finding) -> assertThat(finding.spans().get(0).id()).isEqualTo("b"));
	}

	@ParameterizedTest
	@CsvSource({ "postgresql, could not obtain lock on row, true", "redis, NOSCRIPT No matching script, true",
			"postgresql, canceling statement due to user request, true",
			"postgresql, canceling statement due to conflict with recovery, false" })
	void knowsWhatDatabasesSayThoughNothingIsWrong(String system, String error, boolean healthy) {
		assertThat(new Spans().server("a", null, "web", "GET /", 0, 60)
			.client("b", "a", "web", "ask", 10, 20, "error", error, "db.system.name", system)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "200, true", "500, false" })
	void forgivesACallerThatLeavesBeforeTheAnswerIsWritten(int status, boolean healthy) {
		assertThat(new Spans()
			.server("a", null, "web", "GET /film", 0, 60, "http.response.status_code", status, "error",
					"ClientAbortException: Broken pipe")
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@Test
	void readsWhyItFailedFromTheNameOfWhatTheSpanNoted() {
		Spans spans = new Spans().server("a", null, "ledger", "POST /entries", 0, 3100);
		for (int i = 0; i < 4; i++) {
			spans.client("b" + i, "a", "ledger", "POST", i * 1000, i * 1000 + 10, "http.response.status_code",
					(i < 3) ? 400 : 200);
			if (i < 3) {
				spans.noting("ProvisionedThroughputExceededException");
			}
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind).containsExactly(Finding.Kind.RETRIES);
	}

	@ParameterizedTest
	@CsvSource({ "/tips/optional, true", "/tips/optionally-priced, false", "/tips, false" })
	void forgivesWhatCanBeDoneWithoutByItsName(String path, boolean healthy) {
		Diagnosis diagnosis = new Spans().server("a", null, "bank", "GET /home", 0, 90)
			.client("b", "a", "bank", "GET", 10, 20, "http.request.method", "GET", "url.full", "http://feed" + path,
					"http.response.status_code", 500)
			.diagnosis();
		assertThat(diagnosis.healthy()).isEqualTo(healthy);
		assertThat(diagnosis.notes()).hasSize(healthy ? 1 : 0)
			.allSatisfy((note) -> assertThat(note.sentence()).endsWith("As is said there, it can be done without."));
	}

	@ParameterizedTest
	@CsvSource({ "db.system, SWALLOWED_ERROR", "peer.service, " })
	void takesAnOverrunIndexForAFailure(String attribute, Finding.Kind told) {
		assertThat(new Spans().server("a", null, "search", "GET /search", 0, 90, "http.response.status_code", 200)
			.client("b", "a", "search", "POST books/_search", 5, 15, attribute, "elasticsearch", "http.status_code",
					429, "error", "es_rejected_execution_exception")
			.client("c", "a", "search", "POST films/_search", 5, 80, attribute, "elasticsearch", "http.status_code",
					200)
			.diagnosis()
			.findings()).extracting(Finding::kind).isEqualTo((told != null) ? List.of(told) : List.of());
	}

	@ParameterizedTest
	@CsvSource({ "Base table or view not found: 1146, false", "user not found, true" })
	void knowsThatTheDatabaseLacksMoreThanARow(String problem, boolean healthy) {
		assertThat(new Spans().server("a", null, "hr", "PUT /accounts", 0, 60, "http.response.status_code", 200)
			.client("b", "a", "hr", "INSERT audit", 10, 15, "db.system", "mysql", "error", problem)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	/** Who asks whether somebody can do a thing is told no, and does without. */
	@Test
	void takesWhatIsNotOfferedForAnAnswer() {
		Diagnosis diagnosis = new Spans().server("a", null, "cli", "create", 0, 300)
			.client("b", "a", "cli", "Provider/Handshake", 10, 12, "rpc.system", "grpc", "rpc.grpc.status_code", "12",
					"error", "method Handshake not implemented")
			.client("c", "a", "cli", "Provider/Create", 20, 280, "rpc.system", "grpc", "rpc.grpc.status_code", "0")
			.diagnosis();
		assertThat(diagnosis.healthy()).isTrue();
		assertThat(diagnosis.notes()).singleElement()
			.satisfies((note) -> assertThat(note.sentence())
				.endsWith("The callee does not offer that, and the caller does without."));
	}

	@Test
	void blamesNobodyForAFailureWhoseAskerIsNotThere() {
		Diagnosis diagnosis = new Spans().server("a", null, "web", "GET /", 0, 300)
			.server("c", null, "gamma", "GET /c", 20, 80, "error", "boom")
			.diagnosis();
		assertThat(diagnosis.findings()).extracting(Finding::sentence)
			.contains(
					"gamma fails in GET /c: boom. The error came no further that can be seen: who asked is not in the trace.");
	}

	@Test
	void doesNotCallAFailureASuccess() {
		Diagnosis diagnosis = new Spans()
			.server("a", null, "shop", "Shop/Order", 0, 300, "rpc.system", "grpc", "rpc.grpc.status_code", 13, "error",
					"database is gone")
			.add(Span.Kind.PRODUCER, "b", "a", "shop", "orders publish", 10, 20, "messaging.system", "kafka")
			.add(Span.Kind.CONSUMER, "c", "b", "mail", "orders process", 30, 500, "messaging.system", "kafka", "error",
					"smtp refused")
			.diagnosis();
		assertThat(diagnosis.findings()).extracting(Finding::sentence)
			.anyMatch((sentence) -> sentence.startsWith("mail fails")
					&& sentence.contains("the answer says failure, for another reason"));
	}

	/** A message that nobody else will look at has failed, whatever the reason. */
	@Test
	void takesNoCancelledMessageForAnAnswer() {
		Diagnosis diagnosis = new Spans().server("a", null, "shop", "POST /orders", 0, 50)
			.add(Span.Kind.PRODUCER, "b", "a", "shop", "orders publish", 10, 20, "messaging.system", "kafka")
			.add(Span.Kind.CONSUMER, "c", "b", "mail", "orders process", 30, 90, "messaging.system", "kafka", "error",
					"IllegalStateException: order 17 was cancelled")
			.diagnosis();
		assertThat(diagnosis.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.FAILED_ASYNC);
	}

	@ParameterizedTest
	@CsvSource({ "cannot parse runtime output, ERROR_ORIGIN", "value is sometimes out of range, ERROR_ORIGIN",
			"timeout must be positive, ERROR_ORIGIN", "java.net.SocketTimeoutException: read, TIMEOUT",
			"ETIMEDOUT, TIMEOUT", "read_timeout, TIMEOUT", "the request timed out, TIMEOUT",
			"lock wait time-out, TIMEOUT" })
	void knowsATimeoutByItsWord(String problem, Finding.Kind kind) {
		assertThat(new Spans().server("a", null, "etl", "POST /runs", 0, 300, "error", problem)
			.diagnosis()
			.findings()
			.get(0)
			.kind()).isEqualTo(kind);
	}

	@ParameterizedTest
	@CsvSource({ "process.exit.code, 255, true", "exit_code, 137, true", "exit_code, 0, false", "rc, 200, false",
			"rc, 503, true", "return_code, 3, true" })
	void knowsAFailureByTheCodeWithWhichItEnds(String attribute, int code, boolean failed) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "job", "run", 0, 300, attribute, code)
			.diagnosis()
			.healthy()).isEqualTo(!failed);
	}

	/** What goes wrong in it and is not caught leaves no mark on its status. */
	@Test
	void findsTheOriginInAnExceptionThatOnlyAnEventTellsOf() {
		Finding first = new Spans().server("a", null, "geocoder", "GET /resolve", 0, 70, "http.status_code", 500)
			.add(Span.Kind.INTERNAL, "b", "a", "geocoder", "pickBest", 44, 46)
			.noting("exception", Map.of("exception.type", "boundsError", "exception.escaped", true))
			.diagnosis()
			.findings()
			.get(0);
		assertThat(first.sentence()).startsWith("geocoder fails in pickBest: boundsError.");
	}

	@Test
	void readsEnvoysFlagsUnderEitherName() {
		assertThat(new Spans()
			.server("a", null, "mesh", "ingress", 0, 70, "http.status_code", 503, "envoy.response_flags", "UF")
			.diagnosis()
			.findings()
			.get(0)
			.sentence()).contains("Envoy's response flags UF");
	}

	/** Whoever takes the message says that all is well, and so nobody will look at it. */
	@ParameterizedTest
	@CsvSource({ "OK, SWALLOWED_ERROR", "UNSET, FAILED_ASYNC" })
	void seesWhatIsSwallowedWithinWorkThatNobodyWaitsFor(Span.Status consumer, Finding.Kind kind) {
		Spans spans = new Spans().server("a", null, "clicks", "POST /c", 0, 12)
			.add(Span.Kind.PRODUCER, "b", "a", "clicks", "clicks publish", 2, 10, "messaging.system", "kafka")
			.add(Span.Kind.CONSUMER, "c", "b", "enricher", "clicks process", 20, 400, "messaging.system", "kafka")
			.ended(consumer)
			.add(Span.Kind.INTERNAL, "d", "c", "enricher", "locate", 30, 380)
			.client("e", "d", "enricher", "GET", 35, 370, "url.full", "http://geo/ip", "error", "500");
		assertThat(spans.diagnosis().findings().get(0).kind()).isEqualTo(kind);
	}

	/** What a cache does not keep only makes something slower. */
	@Test
	void putsWhatTakesTimeBeforeWhatACacheDidNotKeep() {
		Diagnosis diagnosis = new Spans().server("a", null, "shop", "GET /", 0, 600)
			.client("b", "a", "shop", "SET", 5, 10, "db.system", "redis", "db.statement", "SET x", "error",
					"connection reset")
			.statement("c", "a", "shop", "SELECT * FROM item", 20, 590)
			.diagnosis();
		assertThat(diagnosis.findings()).extracting(Finding::kind)
			.containsExactly(Finding.Kind.SLOW_SPAN, Finding.Kind.SWALLOWED_ERROR);
	}

	/** Of many that are asked at once, another replica is asked for the same. */
	@Test
	void knowsTheSecondAttemptOfOneOfMany() {
		Spans spans = new Spans().server("a", null, "search", "GET /search", 0, 150);
		for (int i = 0; i < 8; i++) {
			spans.client("c" + i, "a", "search", "Query", 4 + i, (i == 5) ? 20 : 80, "rpc.system", "grpc", "shard",
					"" + i, "rpc.grpc.status_code", (i == 5) ? 14 : 0);
		}
		spans.client("again", "a", "search", "Query", 22, 90, "rpc.system", "grpc", "shard", "5", "replica", "2",
				"rpc.grpc.status_code", 0);
		assertThat(spans.diagnosis().healthy()).isTrue();
	}

}
