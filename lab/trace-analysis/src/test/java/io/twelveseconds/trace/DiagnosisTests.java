package io.twelveseconds.trace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DiagnosisTests {

	@Test
	void followsSixSlowStatementsAndNotTheirCallers() {
		Spans spans = new Spans().server("a", null, "gateway", "POST /api/orders", 0, 12_100)
			.client("b", "a", "gateway", "POST", 10, 12_090)
			.server("c", "b", "order", "POST /orders", 20, 12_080)
			.client("d", "c", "order", "POST", 30, 12_050)
			.server("e", "d", "inventory", "POST /reservations", 35, 12_045);
		for (int i = 0; i < 6; i++) {
			spans.statement("s" + i, "e", "inventory", "UPDATE stock SET n = n - ? WHERE sku = ?", 40 + i * 2000,
					2038 + i * 2000);
		}
		Finding first = spans.diagnosis().findings().get(0);
		assertThat(first.kind()).isEqualTo(Finding.Kind.SLOW_SPAN);
		assertThat(first.spans()).extracting(Span::id).containsExactly("s0", "s1", "s2", "s3", "s4", "s5");
		assertThat(first.share()).isBetween(0.98, 1.0);
		assertThat(first.sentence()).contains("inventory waits 12.0 s", "6 times UPDATE stock", "about 2.00 s each");
	}

	@ParameterizedTest
	@CsvSource({ "wait for connection, db.client.connection.pool.name, inventory, its pool inventory (wait",
			"HikariDataSource.getConnection, db.system, postgresql, its pool (Hikari",
			"pg-pool.connect, db.system.name, postgresql, its pool (pg-pool",
			"pool.acquire, net.peer.name, db, its pool (pool", "sqlx::pool::acquire, x, y, its pool (sqlx",
			"Acquire_Connection, x, y, its pool (Acquire",
			"get, db.client.connections.pool.name, main, its pool main (get" })
	void saysThatAConnectionWasWaitedForAndDoesNotBlameTheDatabase(String name, String attribute, String value,
			String words) {
		Finding first = new Spans().server("a", null, "order", "POST /orders", 0, 2000)
			.client("b", "a", "order", "POST", 10, 1990)
			.server("c", "b", "inventory", "POST /reservations", 15, 1985)
			.add(Span.Kind.INTERNAL, "w", "c", "inventory", name, 20, 1900, attribute, value)
			.statement("s", "c", "inventory", "INSERT INTO reservations VALUES (?)", 1902, 1910)
			.diagnosis()
			.findings()
			.get(0);
		assertThat(first.kind()).isEqualTo(Finding.Kind.POOL_WAIT);
		assertThat(first.spans()).extracting(Span::id).containsExactly("w");
		assertThat(first.sentence())
			.startsWith("inventory waits 1.88 s in POST /reservations for a free connection of " + words);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PGSimpleDataSource.getConnection", "checkout", "wait for payment", "GET /connections" })
	void takesNothingElseForAWaitForAConnection(String name) {
		assertThat(new Spans().server("a", null, "web", "GET /", 0, 2000)
			.add(Span.Kind.INTERNAL, "b", "a", "web", name, 20, 1900)
			.diagnosis()
			.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.SLOW_SPAN);
	}

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
	void addsTheTimesOnTheCriticalPathUp() {
		Diagnosis diagnosis = new Spans().server("a", null, "web", "GET /", 0, 100)
			.client("left", "a", "web", "GET", 10, 40)
			.client("right", "a", "web", "GET", 12, 80)
			.server("answer", "right", "back", "GET /x", 15, 75)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "send", 90, 92)
			.add(Span.Kind.CONSUMER, "q", "p", "mail", "process", 120, 150)
			.diagnosis();
		assertThat(diagnosis.toAnswer().selfTimes())
			.isEqualTo(Map.of("web", Duration.ofMillis(40), "back", Duration.ofMillis(60)));
		assertThat(diagnosis.toEnd().duration()).isEqualTo(Duration.ofMillis(150));
		assertThat(diagnosis.toEnd().selfTimes()).containsEntry("mail", Duration.ofMillis(30))
			.containsEntry("(waiting in between)", Duration.ofMillis(28));
		Duration sum = diagnosis.toEnd()
			.steps()
			.stream()
			.map(CriticalPath.Step::duration)
			.reduce(Duration.ZERO, Duration::plus);
		assertThat(sum).isEqualTo(diagnosis.toEnd().duration());
	}

	@ParameterizedTest
	@CsvSource({ "https://api/pods?watch=true, 150", "https://api/pods?limit=500, 480000" })
	void endsWithTheLastWorkThatDoesNotAwaitNews(String url, long millis) {
		assertThat(new Spans().server("a", null, "web", "POST /", 0, 100)
			.client("w", "a", "web", "GET", 20, 480_000, "url.full", url, "http.request.method", "GET")
			.server("answer", "w", "apiserver", "GET /pods", 21, 479_999)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "send", 90, 92)
			.add(Span.Kind.CONSUMER, "q", "p", "mail", "process", 120, 150)
			.diagnosis()
			.toEnd()
			.duration()).isEqualTo(Duration.ofMillis(millis));
	}

	@ParameterizedTest
	@ValueSource(doubles = { -5000, -70, 0, 70, 90_000 })
	void seesThroughAClockThatIsWrong(double skew) {
		Diagnosis diagnosis = new Spans().server("a", null, "web", "GET /", 0, 900)
			.client("b", "a", "web", "GET", 10, 890)
			.server("c", "b", "back", "GET /x", 15 + skew, 885 + skew)
			.statement("d", "c", "back", "SELECT 1 FROM big", 20 + skew, 860 + skew)
			.diagnosis();
		assertThat(diagnosis.findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(Finding.Kind.SLOW_SPAN);
			assertThat(finding.spans()).extracting(Span::id).containsExactly("d");
			assertThat(finding.explained()).isEqualTo(Duration.ofMillis(840));
		});
	}

	@Test
	void comparesWithTheUsualTime() {
		List<Trace> others = new ArrayList<>();
		for (int i = 0; i < 9; i++) {
			others.add(page(30 + i));
		}
		Trace slow = page(170);
		assertThat(Diagnosis.of(slow).healthy()).isTrue();
		Diagnosis compared = Diagnosis.of(slow, Usual.of(others));
		assertThat(compared.findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(Finding.Kind.SLOW_SPAN);
			assertThat(finding.sentence()).contains("usually 34.0 ms");
		});
		assertThat(Diagnosis.of(page(40), Usual.of(others)).healthy()).isTrue();
	}

	private static Trace page(double statement) {
		return new Spans().server("a", null, "web", "GET /", 0, statement + 40)
			.statement("b", "a", "web", "SELECT x FROM y", 10, 10 + statement)
			.trace();
	}

	@Test
	void findsTheOneThatIsSlowerThanItsLike() {
		Spans spans = new Spans().server("a", null, "web", "GET /", 0, 400);
		for (int i = 0; i < 5; i++) {
			double from = 10 + i * 30 + ((i > 2) ? 150 : 0);
			spans.client("b" + i, "a", "web", "GET", from, from + ((i == 2) ? 170 : 20), "http.request.method", "GET",
					"url.full", "http://price/item/" + i);
		}
		assertThat(spans.diagnosis().findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(Finding.Kind.SLOW_SPAN);
			assertThat(finding.spans()).extracting(Span::id).containsExactly("b2");
			assertThat(finding.sentence()).contains("the median of the 5 calls of this kind is 20.0 ms");
		});
	}

	@Test
	void leavesStaggeredCallsAlone() {
		Spans spans = new Spans().server("a", null, "web", "GET /", 0, 800);
		for (int i = 0; i < 12; i++) {
			spans.client("b" + i, "a", "web", "GET", 10 + i * 60, 10 + i * 60 + 110, "http.request.method", "GET",
					"url.full", "http://price/item/" + i);
		}
		assertThat(spans.diagnosis().findings()).isEmpty();
	}

	@Test
	void leavesAFewQuickStatementsAlone() {
		Spans spans = new Spans().server("a", null, "web", "GET /", 0, 30);
		for (int i = 0; i < 12; i++) {
			spans.statement("b" + i, "a", "web", "SELECT v FROM t WHERE k = " + i, 2 + i * 2, 3.5 + i * 2);
		}
		assertThat(spans.diagnosis().findings()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "http://crm/contacts?limit=500&page=%d, true", "http://crm/contacts?cursor=x%dy, true",
			"http://crm/contacts?customer=%d&page=1, false", "http://crm/contacts?customer=%d, false",
			"SELECT * FROM sales ORDER BY id OFFSET @p0 ROWS FETCH NEXT @p1 ROWS ONLY, true",
			"SELECT * FROM sales WHERE id > $1 ORDER BY id LIMIT 1000, true", "FETCH 1000 FROM sales_cursor, true",
			"SELECT * FROM sales WHERE shop = %d ORDER BY at DESC LIMIT 3 OFFSET 0, false",
			"SELECT * FROM sales WHERE shop = ? AND at > ? ORDER BY at LIMIT 3, false" })
	void leavesAJobAloneThatGoesPageByPage(String read, boolean healthy) {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "sync", "nightly", 0, 4000);
		for (int i = 0; i < 20; i++) {
			if (read.startsWith("http")) {
				spans.client("r" + i, "a", "sync", "GET", i * 200, i * 200 + 100, "http.request.method", "GET",
						"url.full", read.formatted(i));
			}
			else {
				spans.statement("r" + i, "a", "sync", read.formatted(i), i * 200, i * 200 + 100);
			}
			spans.statement("w" + i, "a", "sync", "INSERT INTO contacts VALUES (?, ?), (?, ?)", i * 200 + 101,
					i * 200 + 190);
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "page, true", "aws.s3.continuation_token, true", "customer, false", "messaging.kafka.offset, false" })
	void knowsPagesByTheirAttributes(String attribute, boolean healthy) {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "sync", "nightly", 0, 4000);
		for (int i = 0; i < 20; i++) {
			spans.client("b" + i, "a", "sync", "S3.List", i * 200, i * 200 + 190, "rpc.service", "S3", "rpc.method",
					"List", attribute, "x" + i);
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "67108864, true", "6710, false" })
	void leavesALargeUploadItsParts(int bytes, boolean healthy) {
		Spans spans = new Spans().server("a", null, "media", "PUT /films/{id}", 0, 10_000, "http.request.body.size",
				20L * bytes);
		for (int i = 0; i < 20; i++) {
			spans.client("b" + i, "a", "media", "S3.UploadPart", i * 500, i * 500 + 490, "rpc.service", "S3",
					"rpc.method", "UploadPart", "http.request.body.size", bytes);
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "INTERNAL, rate_limiter.acquire, true", "CONSUMER, rate_limiter.acquire, true",
			"INTERNAL, decode, false", "SERVER, rate_limiter.acquire, false" })
	void leavesAJobAloneThatKeepsToARate(Span.Kind root, String pause, boolean healthy) {
		Spans spans = new Spans().add(root, "a", null, "harvester", "harvest", 0, 6800);
		for (int i = 0; i < 20; i++) {
			double at = i * 340;
			spans.add(Span.Kind.INTERNAL, "p" + i, "a", "harvester", pause, at, at + 240 + i % 3 * 20)
				.client("b" + i, "a", "harvester", "GET", at + 281, at + 339, "url.full", "http://genomes/?id=" + i);
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@Test
	void doesNotTakePagesForCallsThatCouldBeMadeSideBySide() {
		Spans spans = new Spans().server("a", null, "web", "GET /", 0, 810);
		for (int i = 0; i < 4; i++) {
			spans.client("b" + i, "a", "web", "GET", 2 + i * 201, 202 + i * 201, "http.request.method", "GET",
					"url.full", "http://crm/contacts?offset=" + i * 100);
		}
		assertThat(spans.diagnosis().findings()).isEmpty();
	}

	@Test
	void doesNotAskForWritesToBeMadeSideBySide() {
		assertThat(threeCalls("POST").diagnosis().findings()).isEmpty();
		assertThat(threeCalls("GET").diagnosis().findings()).extracting(Finding::kind)
			.containsExactly(Finding.Kind.SEQUENTIAL_CALLS);
	}

	private static Spans threeCalls(String method) {
		Spans spans = new Spans().server("a", null, "web", "GET /", 0, 660);
		for (int i = 0; i < 3; i++) {
			spans.client("b" + i, "a", "web", method, 10 + i * 201, 210 + i * 201, "http.request.method", method,
					"url.full", "http://service" + (char) ('a' + i) + "/all");
		}
		return spans;
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

	/** Its spans last as long as the whole of it, or only as long as its own steps. */
	@ParameterizedTest
	@ValueSource(doubles = { 90_400, 100.5 })
	void leavesAWorkflowAloneThatWaitsForATimer(double until) {
		Spans spans = new Spans().server("a", null, "web", "POST /trials", 0, 60, "http.response.status_code", 202)
			.client("b", "a", "web", "start workflow", 10, 20)
			.server("w", "b", "worker", "trial", 100, until);
		for (double from : new double[] { 100, 90_100 }) {
			spans.client("t" + from, "w", "worker", "schedule", from, from + 0.2)
				.server("m" + from, "t" + from, "worker", "send mail", from + 10, from + 200);
		}
		assertThat(spans.diagnosis().findings()).isEmpty();
		spans.add(Span.Kind.INTERNAL, "m", "w", "worker", "complete", 90_300, 90_300);
		assertThat(spans.diagnosis().findings()).isEmpty();
		spans.statement("s", "w", "worker", "SELECT plan FROM trials WHERE id = ?", 100, 100.3);
		assertThat(spans.diagnosis().healthy()).isFalse();
	}

	@Test
	void leavesATimerAloneThatSaysSo() {
		assertThat(new Spans().add(Span.Kind.CONSUMER, "a", null, "approvals", "orchestration", 0, 60_000)
			.add(Span.Kind.INTERNAL, "t", "a", "approvals", "orchestration:approval:timer", 10, 59_980)
			.diagnosis()
			.healthy()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "AwaitSignal:decision, true", "await approval, true", "WaitForSignal:Decision, true",
			"AwaitLock, false", "Timer:wait-72h, true", "TimerSheet, false", "workflow.Sleep, true",
			"leaderelection.acquire, true", "SleepSchedule, false", "await change, true", "await changelog, false" })
	void leavesAStepAloneThatAwaitsNewsOrATime(String name, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.CONSUMER, "a", null, "expenses", "workflow", 0, 60_000)
			.add(Span.Kind.INTERNAL, "b", "a", "expenses", name, 10, 59_990)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "https://api/pods?watch=true, true", "https://api/pods?limit=500, false" })
	void knowsFromItsCallerThatAServerWasAskedToWait(String url, boolean healthy) {
		assertThat(new Spans()
			.client("a", null, "scheduler", "GET", 0, 480_000, "url.full", url, "http.request.method", "GET")
			.server("b", "a", "apiserver", "GET /pods", 1, 479_999)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
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

	@ParameterizedTest
	@CsvSource({ "availability, true", "v1/_search, true", "bookings, false" })
	void suspectsPostsInTurnIfTheyOnlyAsk(String path, boolean suspected) {
		Spans spans = new Spans().server("a", null, "flights", "GET /offers", 0, 1600);
		List<String> suppliers = List.of("amadeus", "sabre", "travelport", "kiwi");
		for (int i = 0; i < suppliers.size(); i++) {
			String supplier = suppliers.get(i);
			spans.client("b" + i, "a", "flights", "POST", 10 + i * 390, 399 + i * 390, "http.request.method", "POST",
					"url.full", "https://" + supplier + "/" + path, "server.address", supplier);
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind)
			.isEqualTo(suspected ? List.of(Finding.Kind.SEQUENTIAL_CALLS) : List.of());
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

	@ParameterizedTest
	@CsvSource({ "aws.stepfunctions.state.type, Wait, true", "bpmn.element.type, USER_TASK, true",
			"airflow.task.operator, S3KeySensor, true", "airflow.task_instance.operator, FileSensor, true",
			"airflow.task.operator, PostgresOperator, false", "jenkins.pipeline.step.type, input, true",
			"wait.event.type, Lock, false", "order.type, wait, false" })
	void leavesAStepAloneWhoseKindIsToWait(String attribute, String value, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "claims", "run", 0, 60_000)
			.add(Span.Kind.INTERNAL, "b", "a", "claims", "approval", 10, 59_990, attribute, value)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "messaging.header.x_delay, 60000, true", "job.delay, 60, true", "job.delay, 30, false",
			"job.perform_in_seconds, 60, true", "celery.eta, 2025-06-15T15:07:40.1+00:00, true",
			"celery.eta, 2025-06-15T15:07:10+00:00, false", "celery.eta, soon, false",
			"sidekiq.run_at, 1750000060.0, true", "delayed.jobs, 60, false" })
	void knowsThatAMessageWasToLie(String attribute, String value, boolean healthy) {
		assertThat(new Spans().server("a", null, "web", "POST /invites", 0, 90)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "invites publish", 70, 80, attribute,
					attribute.contains("header") ? List.of(value) : value)
			.add(Span.Kind.CONSUMER, "b", "p", "mail", "invites process", 60_090, 60_120)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "1803, true", "1900, false" })
	void forgivesASchedulerThatLooksNowAndThen(int seconds, boolean healthy) {
		assertThat(new Spans().server("a", null, "web", "POST /appointments", 0, 90)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "reminders publish", 70, 80, "job.perform_in_seconds", 1800)
			.add(Span.Kind.CONSUMER, "b", "p", "mail", "reminders process", seconds * 1000, seconds * 1000 + 30)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "AsyncResult.get, QUEUEING", "PriceBook.compute, SLOW_SPAN" })
	void looksThroughALibraryThatWaitsForATask(String name, Finding.Kind kind) {
		assertThat(new Spans().server("a", null, "loans", "POST /applications", 0, 12_060)
			.add(Span.Kind.PRODUCER, "p", "a", "loans", "scoring publish", 9, 11, "messaging.destination.name",
					"scoring")
			.add(Span.Kind.INTERNAL, "w", "a", "loans", name, 11, 12_055)
			.add(Span.Kind.CONSUMER, "b", "p", "worker", "scoring process", 11_850, 12_050)
			.diagnosis()
			.findings()).first().extracting(Finding::kind).isEqualTo(kind);
	}

	@ParameterizedTest
	@CsvSource({ "application.startup, true", "report.build, false" })
	void givesAnApplicationTimeToStart(String name, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "catalog", name, 0, 8000)
			.add(Span.Kind.INTERNAL, "b", "a", "catalog", "parse", 0, 2000)
			.add(Span.Kind.INTERNAL, "c", "a", "catalog", "mapping.build", 2000, 5000)
			.statement("s", "a", "catalog", "SELECT * FROM products", 5000, 5100)
			.add(Span.Kind.INTERNAL, "d", "a", "catalog", "publish", 5100, 8000)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "cron.schedule, purge batch, true", "job.schedule, purge batch, true", "job.name, purge batch, false",
			"cron.schedule, purge, false" })
	void givesAScheduledJobsChunksTheirTime(String attribute, String name, boolean healthy) {
		Spans spans = new Spans().add(Span.Kind.UNSPECIFIED, "a", null, "maintenance", "purge sessions", 0, 12_000,
				attribute, "30 3 * * *");
		for (int i = 0; i < 12; i++) {
			spans.add(Span.Kind.UNSPECIFIED, "b" + i, "a", "maintenance", name, i * 1000, i * 1000 + 980)
				.statement("c" + i, "b" + i, "maintenance", "DELETE FROM sessions WHERE id < ?", i * 1000,
						i * 1000 + 800 + i);
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "Estimate, true", "Book, false" })
	void suspectsQuestionsInTurn(String last, boolean suspected) {
		Spans spans = new Spans().server("a", null, "page", "GET /p/{sku}", 0, 500);
		List<String> methods = List.of("GetPrice", "GetStock", "ListReviews", last);
		for (int i = 0; i < methods.size(); i++) {
			spans.client("b" + i, "a", "page", "shop/" + methods.get(i), 5 + i * 95, 98 + i * 95, "rpc.system", "grpc",
					"rpc.service", "shop" + i, "rpc.method", methods.get(i));
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind)
			.isEqualTo(suspected ? List.of(Finding.Kind.SEQUENTIAL_CALLS) : List.of());
	}

	@Test
	void blamesTheQueueIfSomebodyWaitsForTheMessagesWork() {
		Diagnosis diagnosis = new Spans().server("a", null, "web", "GET /invoice", 0, 8000)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "pdf publish", 10, 15, "messaging.destination.name", "pdf")
			.add(Span.Kind.CONSUMER, "b", "p", "printer", "pdf process", 7500, 7980)
			.statement("s", "b", "printer", "SELECT * FROM lines", 7510, 7600)
			.diagnosis();
		assertThat(diagnosis.findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(Finding.Kind.QUEUEING);
			assertThat(finding.spans()).extracting(Span::id).containsExactly("b", "p");
		});
		assertThat(diagnosis.toAnswer().selfTimes()).containsEntry("web", Duration.ofMillis(35))
			.containsEntry("(waiting in between)", Duration.ofMillis(7485))
			.containsEntry("printer", Duration.ofMillis(480));
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

	/** Other than what is not even, or done by one alone, or all begun at once. */
	@ParameterizedTest
	@CsvSource({ "8, 500, true", "8, 1800, false", "1, 500, false", "24, 500, false" })
	void leavesWorkAloneThatIsSharedOutEvenly(int workers, double longest, boolean healthy) {
		int turns = 24 / workers;
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "driver", "compute", 0,
				Math.max(turns * 500, longest));
		for (int i = 0; i < 24; i++) {
			double from = (i / workers) * 500;
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "worker" + i % workers, "part", from,
					(i == 3) ? from + longest : from + 480);
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@Test
	void seesTheTwoWaysOfAMessageThroughAClockThatIsWrong() {
		assertThat(new Spans().server("a", null, "portal", "GET /rate", 0, 150)
			.add(Span.Kind.PRODUCER, "p", "a", "portal", "rates publish", 10, 12)
			.add(Span.Kind.CONSUMER, "b", "p", "rates", "rates process", -2580, -2490)
			.add(Span.Kind.PRODUCER, "q", "b", "rates", "reply publish", -2493, -2491)
			.add(Span.Kind.CONSUMER, "c", "q", "portal", "reply process", 116, 120)
			.diagnosis()
			.healthy()).isTrue();
	}

	@Test
	void seesThroughAClockThatIsWrongIfTheServerEndsALittleLaterThanItsCaller() {
		assertThat(new Spans().server("a", null, "feed", "GET /", 0, 190)
			.client("b", "a", "feed", "Get", 5, 121, "rpc.grpc.status_code", 1)
			.server("c", "b", "store", "Get", 911, 1028, "rpc.grpc.status_code", 1)
			.client("d", "a", "feed", "Get", 105, 120, "rpc.grpc.status_code", 0)
			.diagnosis()
			.healthy()).isTrue();
	}

	@Test
	void leavesSomebodyAloneWhoIsPolite() {
		for (Span.Kind kind : List.of(Span.Kind.INTERNAL, Span.Kind.SERVER)) {
			Spans spans = new Spans().add(kind, "a", null, "crawler", "visit", 0, 8000);
			for (int i = 0; i < 8; i++) {
				double from = i * 1000 + i % 3 * 20;
				spans.client("b" + i, "a", "crawler", "GET", from, from + 40, "http.request.method", "GET", "url.full",
						"http://site/page/" + i);
			}
			assertThat(spans.diagnosis().healthy()).isEqualTo(kind == Span.Kind.INTERNAL);
		}
	}

	@Test
	void takesNoOtherWorkForAPause() {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "billing", "nightly", 0, 10_400);
		for (int i = 0; i < 8; i++) {
			spans
				.client("g" + i, "a", "billing", "GET", i * 1300, i * 1300 + 590, "http.request.method", "GET",
						"url.full", "http://usage/" + i)
				.client("p" + i, "a", "billing", "POST", i * 1300 + 600, i * 1300 + 1290, "http.request.method", "POST",
						"url.full", "http://ledger/" + i);
		}
		assertThat(spans.diagnosis().findings()).isNotEmpty();
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

	@Test
	void putsTheBreakBeforeWhatTheLostBranchDoes() {
		assertThat(new Spans().server("a", null, "img", "POST /img", 0, 640)
			.add(Span.Kind.INTERNAL, "b", "lost", "img", "resize", 20, 520)
			.diagnosis()
			.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.BROKEN_CONTEXT, Finding.Kind.SLOW_SPAN);
	}

	@ParameterizedTest
	@CsvSource({ "SERVER, 700, false", "CONSUMER, 700, true", "CONSUMER, 1400, false" })
	void hasPatienceWhereNobodyWaits(Span.Kind kind, double duration, boolean healthy) {
		assertThat(new Spans().add(kind, "a", null, "thumbs", "photos process", 0, duration + 10)
			.add(Span.Kind.INTERNAL, "b", "a", "thumbs", "resize", 5, duration)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
		assertThat(new Spans().add(kind, "a", null, "figures", "clicks process", 0, duration + 10)
			.statement("b", "a", "figures", "INSERT INTO clicks VALUES (?)", 5, duration)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
		assertThat(new Spans().add(kind, "a", null, "push", "notes process", 0, duration + 10)
			.client("b", "a", "push", "POST", 5, 25, "url.full", "http://x/1", "http.response.status_code", 429)
			.client("c", "a", "push", "POST", duration - 20, duration, "url.full", "http://x/1")
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "hooks publish, hooks process, true", "invoices publish, invoices process, false" })
	void followsAMessageThatAFailedDeliverySentOffAgain(String sent, String done, boolean healthy) {
		assertThat(new Spans().server("a", null, "shop", "POST /orders", 0, 40)
			.add(Span.Kind.PRODUCER, "p", "a", "shop", "hooks publish", 20, 25)
			.add(Span.Kind.CONSUMER, "b", "p", "hooks", "hooks process", 40, 60, "error", "bad gateway")
			.add(Span.Kind.PRODUCER, "q", "b", "hooks", sent, 52, 58)
			.add(Span.Kind.CONSUMER, "c", "q", "hooks", done, 30_060, 30_090)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "db.operation.batch.size, 100, true", "db.operation.batch.size, 1, false",
			"db.operation.name, bulk, true", "db.operation.name, INSERT, false" })
	void asksForNoBatchesOfBatches(String attribute, String value, boolean healthy) {
		Spans spans = new Spans().add(Span.Kind.CONSUMER, "a", null, "sink", "events process", 0, 640);
		for (int i = 0; i < 5; i++) {
			spans.client("b" + i, "a", "sink", "write", 10 + i * 120, 110 + i * 120, "db.system.name", "postgresql",
					attribute, value);
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "INTERNAL, 50000, true", "INTERNAL, 80000, false", "SERVER, 50000, false" })
	void givesTheStepsOfAJobTime(Span.Kind kind, double longest, boolean healthy) {
		assertThat(new Spans().add(kind, "a", null, "ci", "pipeline", 0, 100_000)
			.add(Span.Kind.INTERNAL, "b", "a", "ci", "test", 10, longest)
			.add(Span.Kind.INTERNAL, "c", "a", "ci", "build", longest + 10, 99_990)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "cicd.pipeline.name, true", "name, false" })
	void givesTheTasksOfAPipelineTheirTime(String attribute, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "ci", "firmware", 0, 100_000, attribute, "firmware")
			.add(Span.Kind.INTERNAL, "b", "a", "ci", "build", 10, 20_000)
			.add(Span.Kind.INTERNAL, "c", "a", "ci", "test", 20_010, 99_990)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "INTERNAL, 9800, true", "SERVER, 9800, false", "INTERNAL, 60000, false" })
	void givesAJobTimeForWhatItDoesRoundByRound(Span.Kind root, int last, boolean healthy) {
		Spans spans = new Spans().add(root, "a", null, "trainer", "train model", 0, 50_000 + last);
		for (int i = 0; i < 6; i++) {
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "trainer", "epoch", i * 10_000,
					i * 10_000 + ((i < 5) ? 9800 : last));
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
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

	@ParameterizedTest
	@CsvSource({ "'SELECT * FROM users WHERE id = $1 LIMIT $2 OFFSET $3', query, true",
			"'SELECT * FROM users WHERE id = $1 ORDER BY id OFFSET $3', prisma:engine:db_query, true",
			"'SELECT * FROM users WHERE id = $1 ORDER BY id OFFSET $3', query, false" })
	void takesAPlaceForAnOffsetForPagesOnlyWithAnOrder(String statement, String name, boolean repeated) {
		Spans spans = new Spans().server("a", null, "boards", "GET /board", 0, 500);
		for (int i = 0; i < 40; i++) {
			spans.client("b" + i, "a", "boards", name, 2 + i * 12, 12 + i * 12, "db.system.name", "postgresql",
					"db.query.text", statement);
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind)
			.isEqualTo(repeated ? List.of(Finding.Kind.N_PLUS_ONE) : List.of());
	}

	@ParameterizedTest
	@CsvSource({ "queue_time_microseconds, 1900000, POOL_WAIT", "queue_time_ms, 1900, POOL_WAIT",
			"queue_time_microseconds, 1900, SLOW_SPAN", "query_time_microseconds, 1900000, SLOW_SPAN" })
	void believesAStatementThatSaysHowLongItWaitedForAConnection(String attribute, long time, Finding.Kind kind) {
		assertThat(new Spans().server("a", null, "school", "GET /lessons", 0, 2000)
			.client("b", "a", "school", "school.repo.query:lessons", 2, 1960, "db.system", "postgresql", "db.statement",
					"SELECT * FROM lessons", attribute, time)
			.diagnosis()
			.findings()).extracting(Finding::kind).containsExactly(kind);
	}

	@ParameterizedTest
	@CsvSource({ "blob.size, 400000000, INTERNAL, 13000, true", "blob.size, 4000000, INTERNAL, 13000, false",
			"blob.size, 400000000, SERVER, 13000, false", "blob.size, 400000000, INTERNAL, 5000, false" })
	void givesALargeTransferItsTimeWhoeverSaysThatItIsLarge(String attribute, long bytes, Span.Kind kind, int took,
			boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "builder", "push image", 0, 14_000)
			.add(kind, "b", "a", "builder", "push layer", 2, 13_500, attribute, bytes)
			.add(Span.Kind.INTERNAL, "c", "b", "builder", "request", 100, 110 + took)
			.client("d", "c", "builder", "PUT", 101, 100 + took, "http.request.method", "PUT", "url.full",
					"https://registry/blobs/7")
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "4, true", "30600, false" })
	void onlyNotesHowLongWorkAfterTheAnswerTakes(int waited, boolean healthy) {
		Span.Kind asks = (waited > 4) ? Span.Kind.CLIENT : Span.Kind.PRODUCER;
		Span.Kind takes = (waited > 4) ? Span.Kind.SERVER : Span.Kind.CONSUMER;
		Diagnosis diagnosis = new Spans().server("a", null, "lectures", "POST /publish", 0, waited + 10)
			.add(asks, "p", "a", "lectures", "publish", 2, waited)
			.add(takes, "c", "p", "coder", "process", 5, 30_500)
			.add(Span.Kind.INTERNAL, "d", "c", "coder", "encode", 10, 30_000)
			.diagnosis();
		assertThat(healthy ? diagnosis.notes() : diagnosis.findings()).singleElement()
			.satisfies((slow) -> assertThat(slow.sentence()).contains("coder spends 30.0 s in encode"));
		assertThat(diagnosis.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "3500, true", "4500, false" })
	void letsOthersBeWaitedForAfterTheAnswerForSomeSeconds(int took, boolean healthy) {
		assertThat(new Spans().server("a", null, "web", "POST /invites", 0, 40)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "invites publish", 20, 30, "messaging.system", "x")
			.add(Span.Kind.CONSUMER, "b", "p", "mail", "invites process", 35, took + 60)
			.statement("c", "b", "mail", "INSERT INTO sent VALUES (?)", 40, 40 + took)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@Test
	void looksAtWhatTheAnswerWaitedForBeforeWhatCameLater() {
		assertThat(new Spans().server("a", null, "web", "POST /invites", 0, 440)
			.statement("s", "a", "web", "SELECT * FROM people", 10, 400)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "invites publish", 420, 430, "messaging.system", "x")
			.add(Span.Kind.CONSUMER, "b", "p", "mail", "invites process", 60_000, 60_060)
			.diagnosis()
			.findings()).extracting(Finding::kind).startsWith(Finding.Kind.SLOW_SPAN).endsWith(Finding.Kind.QUEUEING);
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

	@ParameterizedTest
	@CsvSource({ "GetWorkflowResult, RETRIES", "describe, SLOW_SPAN" })
	void looksAtTheTaskForWhoeverWaitsForIt(String name, Finding.Kind kind) {
		Spans spans = new Spans().server("a", null, "api", "POST /bookings", 0, 16_000)
			.client("b", "a", "api", "StartWorkflow", 1, 9)
			.client("c", "a", "api", name, 10, 15_990)
			.add(Span.Kind.INTERNAL, "d", "b", "worker", "RunWorkflow", 14, 15_980)
			.client("e", "d", "worker", "StartActivity", 20, 21);
		for (int i = 0; i < 5; i++) {
			Object[] failed = (i < 4) ? new Object[] { "error", "502 Bad Gateway" } : new Object[0];
			spans.server("f" + i, "e", "worker", "RunActivity", 30 + i * 3900, 180 + i * 3900, failed);
		}
		assertThat(spans.diagnosis().findings().get(0).kind()).isEqualTo(kind);
	}

	@ParameterizedTest
	@CsvSource({ "/search, offers, true", "/orders, offers, false", "/search, token, false" })
	void takesWhatIsPostedToAnswerAQuestionForQuestions(String question, String path, boolean told) {
		Spans spans = new Spans().server("a", null, "fares", "POST " + question, 0, 1300, "http.request.method", "POST",
				"url.path", question);
		for (int i = 0; i < 3; i++) {
			spans.client("b" + i, "a", "fares", "POST", 2 + i * 410, 410 + i * 410, "http.request.method", "POST",
					"url.full", "https://airline" + i + "/" + path);
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind)
			.isEqualTo(told ? List.of(Finding.Kind.SEQUENTIAL_CALLS) : List.of());
	}

	@ParameterizedTest
	@CsvSource({ "sink.flush.interval_ms, 15000, true", "sink.flush.interval_ms, 1000, false",
			"batch.linger.seconds, 15, true", "sink.flush.count, 15000, false" })
	void letsWhoeverWorksInBatchesWaitForOne(String attribute, long value, boolean healthy) {
		assertThat(new Spans().server("a", null, "collector", "POST /events", 0, 5)
			.add(Span.Kind.PRODUCER, "p", "a", "collector", "events send", 2, 3, "messaging.system", "kafka")
			.add(Span.Kind.CONSUMER, "c", "p", "sink", "events process", 12_800, 12_900, attribute, value)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
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
	void doesNotBlameWhatGoesOnBesideTheCallsThatFollowEachOther() {
		Spans spans = new Spans().server("a", null, "basket", "GET /basket", 0, 850)
			.client("r", "a", "basket", "GET", 2, 590, "http.request.method", "GET", "url.full", "http://recs/similar");
		for (int i = 0; i < 32; i++) {
			spans.client("b" + i, "a", "basket", "GET", 4 + i * 26, 29 + i * 26, "http.request.method", "GET",
					"url.full", "http://pricing/prices/" + i);
		}
		assertThat(spans.diagnosis().findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(Finding.Kind.N_PLUS_ONE);
			assertThat(finding.share()).isGreaterThan(0.9);
		});
	}

	@ParameterizedTest
	@CsvSource({ "5, CONSUMER, true", "5, SERVER, true", "4, CONSUMER, false" })
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

	@ParameterizedTest
	@CsvSource({ "3800, true", "4200, false" })
	void letsMessagesLieForSomeSeconds(double lag, boolean healthy) {
		assertThat(new Spans().server("a", null, "web", "POST /invites", 0, 40)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "invites publish", 20, 30, "messaging.system", "x")
			.add(Span.Kind.CONSUMER, "b", "p", "mail", "invites process", 30 + lag, 90 + lag)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
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

	@Test
	void takesAMessageThatIsDeliveredAgainForNoneThatLay() {
		assertThat(new Spans().server("a", null, "web", "POST /", 0, 40)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "claims publish", 20, 25, "messaging.system", "x")
			.add(Span.Kind.CONSUMER, "b", "p", "claims", "claims process", 40, 60, "error", "busy")
			.add(Span.Kind.CONSUMER, "c", "p", "claims", "claims process", 900, 930)
			.diagnosis()
			.findings()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "mails-retry-0, mail, , true", "mails-retry-0, mail, no such host, false", "mails-dlt, mail, , false",
			"mails-retry-0, audit, , false" })
	void followsAMessageThroughATopicForRetries(String topic, String service, String error, boolean healthy) {
		Spans spans = new Spans().server("a", null, "shop", "POST /orders", 0, 40, "http.response.status_code", 201)
			.add(Span.Kind.PRODUCER, "p", "a", "shop", "mails publish", 20, 25, "messaging.destination.name", "mails")
			.add(Span.Kind.CONSUMER, "b", "p", "mail", "mails process", 40, 60, "error", "connection reset")
			.add(Span.Kind.PRODUCER, "q", "b", "mail", topic + " publish", 52, 58, "messaging.destination.name", topic);
		Object[] attributes = (error != null) ? new Object[] { "error", error } : new Object[0];
		spans.add(Span.Kind.CONSUMER, "c", "q", service, topic + " process", 1060, 1090, attributes);
		Diagnosis diagnosis = spans.diagnosis();
		assertThat(diagnosis.healthy()).isEqualTo(healthy);
		assertThat(diagnosis.notes()).hasSize(healthy ? 1 : 0);
	}

	@ParameterizedTest
	@CsvSource({ "1000, 1000, true", "1000, 2000, true", "50, 5000, false" })
	void leavesSomebodyAloneWhoAsksWhetherItIsDone(double pause, double another, boolean healthy) {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "deployer", "deploy", 0, 4 * pause + another + 30);
		for (int i = 0; i < 6; i++) {
			double from = i * pause + ((i > 2) ? another - pause : 0);
			spans.client("b" + i, "a", "deployer", "GET", from, from + 20, "http.request.method", "GET", "url.full",
					"http://cloud/operations/17");
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "SubscribeAll, deadline exceeded, true", "WatchPods, connection reset by peer, true",
			"SubscribeAll, no cursor for partition 4, false", "GET /subscriptions, deadline exceeded, false",
			"GET /watchlist, connection reset by peer, false" })
	void tellsAStreamThatEndsFromOneThatFails(String name, String error, boolean healthy) {
		assertThat(new Spans().server("a", null, "live", name, 0, 30_000, "error", error).diagnosis().healthy())
			.isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "gen_ai.request.model, small, true", "gen_ai.operation.name, chat, true",
			"gen_ai.operation.name, execute_tool, false", "model, small, false", "rpc.method, InvokeModel, true",
			"rpc.method, InvokeFunction, false" })
	void givesALanguageModelTime(String attribute, String value, boolean healthy) {
		assertThat(new Spans().server("a", null, "chat", "POST /answers", 0, 8000)
			.client("b", "a", "chat", "answer", 10, 7990, attribute, value)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "SELECT name FROM member WHERE id = %d, true", "db.query member, true", "UPDATE member %d, true",
			"select a template, false", "update member, false" })
	void knowsAStatementByItsNameIfNothingElseTells(String name, boolean statement) {
		Spans spans = new Spans().server("a", null, "team", "GET /team", 0, 620);
		for (int i = 0; i < 30; i++) {
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "team", name.formatted(i), 10 + i * 20, 28 + i * 20);
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind)
			.isEqualTo(statement ? List.of(Finding.Kind.N_PLUS_ONE) : List.of());
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
	@CsvSource({ "GET, url.full, http://api/pods?watch=true, http.request.method, GET, true",
			"GET, url.full, http://chat/io/?EIO=4&transport=polling, http.request.method, GET, true",
			"GET, url.full, http://prices/live/stream, http.request.method, GET, true",
			"POST, url.full, http://insurer/ws/Policy, http.request.method, POST, false",
			"Firestore/Listen, rpc.system, grpc, rpc.method, Listen, true",
			"BRPOP, db.system, redis, db.operation, BRPOP, true",
			"XREADGROUP, db.system, redis, db.statement, XREADGROUP GROUP a b BLOCK 5000 STREAMS s >, true",
			"KEYS, db.system, redis, db.statement, KEYS *, false" })
	void leavesCallsAloneThatAskToWait(String name, String attribute, String value, String another, String itsValue,
			boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "worker", "loop", 0, 300_000)
			.client("b", "a", "worker", name, 1, 299_990, attribute, value, another, itsValue)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "browser.platform, 350, true", "browser.platform, 900, false", "host.name, 350, false" })
	void takesALongWayForWhatItIs(String resource, long lost, boolean healthy) {
		Span asks = new Span("t", "a", null, "GET", Span.Kind.CLIENT, Spans.EPOCH,
				Spans.EPOCH + Limits.millis(lost + 100), Span.Status.UNSET, "", Map.of(), List.of(), List.of(),
				Map.of("service.name", "page", resource, "x"), "");
		Span answers = new Spans().server("b", "a", "api", "GET /", lost / 2, lost / 2 + 100).trace().root();
		assertThat(Diagnosis.of(new Trace(List.of(asks, answers))).healthy()).isEqualTo(healthy);
	}

	@Test
	void saysThatTheCalleeHadToStartFirst() {
		Finding first = new Spans().server("a", null, "web", "GET /", 0, 3000)
			.client("b", "a", "web", "GET", 10, 2990)
			.server("c", "b", "quote-fn", "quote", 2700, 2980, "faas.coldstart", true)
			.diagnosis()
			.findings()
			.get(0);
		assertThat(first.kind()).isEqualTo(Finding.Kind.LOST_BETWEEN);
		assertThat(first.sentence()).endsWith("The span itself says: cold start.");
	}

	@Test
	void leavesABatchOfMessagesAloneThatTakesNoTime() {
		Spans spans = new Spans().add(Span.Kind.CONSUMER, "a", null, "ledger", "postings process", 0, 90);
		for (int i = 0; i < 20; i++) {
			spans.statement("b" + i, "a", "ledger", "INSERT INTO posting VALUES (?)", 4 * i, 4 * i + 3.5);
		}
		assertThat(spans.diagnosis().healthy()).isTrue();
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
	void seesAnOpenBreakerByItsAttributeAlone() {
		Diagnosis diagnosis = new Spans().server("a", null, "order", "POST /orders", 0, 60)
			.add(Span.Kind.INTERNAL, "b", "a", "order", "charge", 10, 11, "demo.breaker.state", "OPEN")
			.diagnosis();
		assertThat(diagnosis.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.BREAKER_OPEN);
		assertThat(new Spans().server("a", null, "order", "POST /orders", 0, 60, "demo.breaker.state", "CLOSED")
			.diagnosis()
			.healthy()).isTrue();
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
	@CsvSource({ "1, false", "20, true" })
	void takesOnlyLongWorkThatNobodyAskedForForAJob(int times, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "shop", "checkout", 0, 2000 * times)
			.add(Span.Kind.INTERNAL, "b", "a", "shop", "reserve", 0, 1000 * times)
			.add(Span.Kind.INTERNAL, "c", "a", "shop", "tax", 1000 * times, 1300 * times)
			.add(Span.Kind.INTERNAL, "d", "a", "shop", "pay", 1300 * times, 1650 * times)
			.add(Span.Kind.INTERNAL, "e", "a", "shop", "mail", 1650 * times, 2000 * times)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
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
	void addsUpOwnWorkThatIsDoneAgainAndAgain() {
		Spans spans = new Spans().server("a", null, "staff", "GET /staff", 0, 1600);
		for (int i = 0; i < 50; i++) {
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "staff", "ldap.search", 10 + i * 30, 39 + i * 30);
		}
		assertThat(spans.diagnosis().findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(Finding.Kind.SLOW_SPAN);
			assertThat(finding.sentence())
				.startsWith("staff spends 1.45 s in 50 times ldap.search, about 29.0 ms each");
		});
	}

	@Test
	void blamesTheCallsOneAfterTheOtherForOwnWorkThatEachOfThemCauses() {
		List<String> panels = List.of("/cpu", "/memory", "/disks", "/network", "/alerts");
		Spans spans = new Spans().server("a", null, "dashboard", "GET /dashboard", 0, 1170);
		for (int i = 0; i < panels.size(); i++) {
			double at = 10 + i * 230;
			String panel = panels.get(i);
			spans
				.client("b" + i, "a", "dashboard", "GET", at, at + 229, "http.request.method", "GET", "url.full",
						"http://metrics" + panel)
				.server("c" + i, "b" + i, "metrics", "GET " + panel, at + 1, at + 228)
				.add(Span.Kind.INTERNAL, "d" + i, "c" + i, "metrics", "scan", at + 2, at + 226);
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind)
			.containsExactly(Finding.Kind.SEQUENTIAL_CALLS);
	}

	@ParameterizedTest
	@CsvSource({ "CREATE INDEX by_city ON people, 0", "COPY sales FROM stdin, 0",
			"MERGE INTO people USING stage ON people.id = stage.id, 0", "INSERT INTO old (id) SELECT id FROM people, 0",
			"INSERT INTO people (id) VALUES ($1), 1", "SELECT * FROM people, 1" })
	void leavesAJobTheStatementsThatGoThroughAllRows(String statement, int findings) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "migrator", "migrate", 0, 48_000)
			.statement("b", "a", "migrator", statement, 100, 47_900)
			.diagnosis()
			.findings()).hasSize(findings);
	}

	@ParameterizedTest
	@CsvSource({ "INSERT INTO hourly SELECT sum(v) FROM raw, 0", "INSERT INTO hourly VALUES (?), 1" })
	void leavesAJobThemAsOftenAsItLikes(String statement, int findings) {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "rollup", "rollup day", 0, 24_000);
		for (int i = 0; i < 24; i++) {
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "rollup", "hour", i * 1000, 990 + i * 1000)
				.statement("c" + i, "b" + i, "rollup", statement, 1 + i * 1000, 980 + i * 1000);
		}
		assertThat(spans.diagnosis().findings()).hasSize(findings);
	}

	@Test
	void readsAMethodOffANameThatIsAllThereIs() {
		Spans spans = new Spans().add(Span.Kind.UNSPECIFIED, "a", null, "web", "GET /start", 0, 820);
		for (int i = 0; i < 4; i++) {
			spans.client("b" + i, "a", "web", "GET /part" + i, 10 + i * 200, 210 + i * 200)
				.server("c" + i, "b" + i, "part" + i, "GET /part" + i, 12 + i * 200, 208 + i * 200);
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind)
			.containsExactly(Finding.Kind.SEQUENTIAL_CALLS);
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
	void tellsMethodsApartWhoseServiceHasADigitInItsName() {
		Spans spans = new Spans().server("a", null, "gallery", "GET /", 0, 200)
			.client("l", "a", "gallery", "S3.List", 2, 20, "rpc.service", "S3", "rpc.method", "List");
		for (int i = 0; i < 8; i++) {
			spans.client("b" + i, "a", "gallery", "S3.Head", 20 + i * 20, 40 + i * 20, "rpc.service", "S3",
					"rpc.method", "Head");
		}
		assertThat(spans.diagnosis().findings()).singleElement()
			.satisfies((finding) -> assertThat(finding.sentence()).contains("the same 8 times", "S3.Head"));
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

	@ParameterizedTest
	@CsvSource({ "120, 1", "20, 0" })
	void addsUpShortGapsButNotWhatEveryProgramTakes(int gap, int findings) {
		Spans spans = new Spans().server("a", null, "booking", "POST /book", 0, 3000);
		for (int i = 0; i < 3000 / gap; i++) {
			spans.client("b" + i, "a", "booking", "SET", i * gap, i * gap + 1, "db.system.name", "redis");
		}
		assertThat(spans.diagnosis().findings()).hasSize(findings)
			.allSatisfy((finding) -> assertThat(finding.kind()).isEqualTo(Finding.Kind.UNEXPLAINED_GAP));
	}

	@ParameterizedTest
	@CsvSource({ "http.response.body.size, 734003200, true", "http.response.body.size, 73400, false",
			"bytes.read, 734003200, true", "bytes, 734003200, true", "task.shuffle_read_bytes, 734003200, false" })
	void givesALargeBodyItsTime(String attribute, int bytes, boolean healthy) {
		assertThat(new Spans().server("a", null, "files", "GET /files/{id}", 0, 9000, attribute, bytes)
			.statement("s", "a", "files", "SELECT path FROM files WHERE id = ?", 1, 4)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "/jobs/next?timeout=30, true", "/bot1/getUpdates?offset=7&timeout=50, true",
			"/report?timeout=30, false" })
	void seesThatTheCallerAskedToWait(String path, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "agent", "loop", 0, 30_100)
			.client("b", "a", "agent", "GET", 0, 30_050, "http.request.method", "GET", "url.full", "http://ci" + path)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "connection, true", "mqtt connection, true", "check connection, false" })
	void leavesAConnectionAloneThatIsThereForWhatComes(String name, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "hub", name, 0, 60_000)
			.add(Span.Kind.INTERNAL, "b", "a", "hub", "message", 20_000, 20_010)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "BatchJob import.write.Chunk, true", "page 7, true", "customer, false" })
	void leavesAJobAloneThatGoesChunkByChunk(String step, boolean healthy) {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "billing", "import", 0, 15_000);
		for (int i = 0; i < 15; i++) {
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "billing", step, i * 1000, i * 1000 + 990)
				.statement("s" + i, "b" + i, "billing", "INSERT INTO t VALUES (?)", i * 1000 + 400, i * 1000 + 950);
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
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
	@CsvSource({ "sleep, true, true", "sleep, false, false", "render, true, false" })
	void leavesPausesAloneOfWhoAsksWhetherItIsDone(String name, boolean same, boolean healthy) {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "cli", "export", 0, 20_200);
		for (int i = 0; i < 4; i++) {
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "cli", name, i * 5010, i * 5010 + 5000)
				.client("c" + i, "a", "cli", "GET", i * 5010 + 5001, i * 5010 + 5009, "url.full",
						"http://api/exports" + (same ? "/7" : "-" + "abcd".charAt(i) + "/done"));
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "INTERNAL, bulk, true", "INTERNAL, index, false", "SERVER, bulk, false" })
	void leavesAJobTheRequestsThatAskForManyAtOnce(Span.Kind root, String operation, boolean healthy) {
		Spans spans = new Spans().add(root, "a", null, "indexer", "reindex", 0, 2000);
		for (int i = 0; i < 4; i++) {
			spans.client("b" + i, "a", "indexer", "POST /x", i * 500, i * 500 + 490, "db.system", "elasticsearch",
					"db.operation", operation, "db.statement", "{\"part\": " + i + "}");
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "true, 600, true", "false, 600, false", "true, 6000, false" })
	void givesAFunctionThatWasNotThereTimeToStart(boolean cold, int took, boolean healthy) {
		assertThat(new Spans().server("a", null, "thumbs", "thumbs", 0, took + 60, "faas.coldstart", cold)
			.add(Span.Kind.INTERNAL, "b", "a", "thumbs", "Initialization", 0, took)
			.client("c", "a", "thumbs", "S3.GetObject", took, took + 50)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "QueuePool limit reached: waiting for connection, POOL_WAIT",
			"waiting for the lock, UNEXPLAINED_GAP" })
	void takesTheSpansWordForWhatItWaitedFor(String event, Finding.Kind kind) {
		Spans spans = new Spans().server("a", null, "enrolment", "POST /enrolments", 0, 1860)
			.noting(event)
			.statement("s", "a", "enrolment", "SELECT seats FROM courses WHERE id = ?", 1850, 1854);
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind).containsExactly(kind);
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

	@ParameterizedTest
	@CsvSource({ "/v1/score, 1", "/v1/orders, 0" })
	void seesThatQuestionsThatArePostedAreAskedInTurn(String path, int findings) {
		Spans spans = new Spans().server("a", null, "checkout", "POST /preview", 0, 1240);
		for (int i = 0; i < 4; i++) {
			spans.client("b" + i, "a", "checkout", "POST", i * 310, i * 310 + 309, "http.request.method", "POST",
					"url.full", "https://" + "abcd".charAt(i) + ".example" + path);
		}
		assertThat(spans.diagnosis().findings()).hasSize(findings)
			.allSatisfy((finding) -> assertThat(finding.kind()).isEqualTo(Finding.Kind.SEQUENTIAL_CALLS));
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
	@CsvSource({ "CONSUMER, 300, true", "CONSUMER, 100, false", "SERVER, 300, false" })
	void leavesWorkAloneThatIsSharedOutInTheBackground(Span.Kind root, int another, boolean healthy) {
		assertThat(new Spans().add(root, "a", null, "transcoder", "transcode", 0, 330_000)
			.add(Span.Kind.INTERNAL, "b", "a", "transcoder", "ffmpeg 1080p", 10, 329_000)
			.add(Span.Kind.INTERNAL, "c", "a", "transcoder", "ffmpeg 720p", 10, another * 1000)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

}
