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

class DelaysTests {

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
	@CsvSource({ "queue_time_microseconds, 1900000, POOL_WAIT", "queue_time_ms, 1900, POOL_WAIT",
			"db.pool.wait.time.ms, 1900, POOL_WAIT", "queue_time_microseconds, 1900, SLOW_SPAN",
			"query_time_microseconds, 1900000, SLOW_SPAN" })
	void believesAStatementThatSaysHowLongItWaitedForAConnection(String attribute, long time, Finding.Kind kind) {
		assertThat(new Spans().server("a", null, "school", "GET /lessons", 0, 2000)
			.client("b", "a", "school", "school.repo.query:lessons", 2, 1960, "db.system", "postgresql", "db.statement",
					"SELECT * FROM lessons", attribute, time)
			.diagnosis()
			.findings()).extracting(Finding::kind).containsExactly(kind);
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
	@CsvSource({ "QueuePool limit reached: waiting for connection, POOL_WAIT",
			"waiting for the lock, UNEXPLAINED_GAP" })
	void takesTheSpansWordForWhatItWaitedFor(String event, Finding.Kind kind) {
		Spans spans = new Spans().server("a", null, "enrolment", "POST /enrolments", 0, 1860)
			.noting(event)
			.statement("s", "a", "enrolment", "SELECT seats FROM courses WHERE id = ?", 1850, 1854);
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind).containsExactly(kind);
	}

	@ParameterizedTest
	@CsvSource({ "pool.waiting, POOL_WAIT", "host, SLOW_SPAN" })
	void takesGettingAConnectionForAWaitIfAPoolIsNamed(String attribute, Finding.Kind kind) {
		assertThat(new Spans().server("a", null, "bank", "GET /account", 0, 3000)
			.add(Span.Kind.INTERNAL, "b", "a", "bank", "getConnection", 5, 2950, attribute, "37")
			.diagnosis()
			.findings()).extracting(Finding::kind).containsExactly(kind);
	}

	@ParameterizedTest
	@CsvSource({ "callStock, LOST_BETWEEN", "stock, UNEXPLAINED_GAP", "callback, UNEXPLAINED_GAP" })
	void takesItsNameForACallWhateverItsKind(String name, Finding.Kind kind) {
		assertThat(new Spans().server("a", null, "till", "sale", 0, 2050)
			.server("b", "a", "till", name, 50, 2010)
			.server("c", "b", "stock", "read", 1960, 2000)
			.diagnosis()
			.findings()).extracting(Finding::kind).containsExactly(kind);
	}

	@ParameterizedTest
	@CsvSource({ "101000, SLOW_SPAN", "8000, " })
	void findsOwnWorkThatIsSlowerThanItsLikeBesideIt(int slow, Finding.Kind told) {
		Spans spans = new Spans().add(Span.Kind.UNSPECIFIED, "a", null, "build", "build //...", 0, 90_000 + slow);
		for (int i = 0; i < 50; i++) {
			spans.add(Span.Kind.UNSPECIFIED, "b" + i, "a", "build", "CppCompile", i * 1800, i * 1800 + 1700);
		}
		Diagnosis diagnosis = spans.add(Span.Kind.UNSPECIFIED, "s", "a", "build", "CppCompile", 90_000, 90_000 + slow)
			.diagnosis();
		assertThat(diagnosis.findings()).extracting(Finding::kind)
			.isEqualTo((told != null) ? List.of(told) : List.of());
		assertThat(diagnosis.findings()).allSatisfy((finding) -> assertThat(finding.sentence())
			.contains("in CppCompile (the median of its like beside it is 1.70 s)"));
	}

	@ParameterizedTest
	@CsvSource({ "'no free socket, 50 of 50 in use, queued', POOL_WAIT", "waiting for a free connection, POOL_WAIT",
			"'request queued', LOST_BETWEEN" })
	void believesACallThatSaysItWaitedForItsPool(String remark, Finding.Kind kind) {
		assertThat(new Spans().server("a", null, "feed", "GET /feed", 0, 1790)
			.client("b", "a", "feed", "GET", 36, 1780, "url.full", "http://likes/count")
			.noting("agent", Map.of("message", remark))
			.server("c", "b", "likes", "GET /count", 1760, 1777)
			.diagnosis()
			.findings()).extracting(Finding::kind).containsExactly(kind);
	}

	/** Whoever is asked for long enough to leave has not lost the time on the way. */
	@ParameterizedTest
	@CsvSource({ "7870, TIMEOUT", "3200, SLOW_SPAN" })
	void knowsThatACallerHasLeft(double until, Finding.Kind kind) {
		assertThat(new Spans().server("a", null, "box-office", "POST /again", 0, 3100)
			.client("b", "a", "box-office", "ask for seats", 40, 3040)
			.server("c", "b", "subscriptions", "renew seats", 45, until)
			.diagnosis()
			.findings()).extracting(Finding::kind).startsWith(kind);
	}

	@ParameterizedTest
	@CsvSource({ "back_off, RETRIES", "wait before next attempt, RETRIES", "back_office, SLOW_SPAN" })
	void knowsThePausesBetweenAttempts(String name, Finding.Kind kind) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "matchmaker", "seat party", 0, 2000)
			.add(Span.Kind.INTERNAL, "b", "a", "matchmaker", "knock", 10, 200)
			.add(Span.Kind.INTERNAL, "c", "a", "matchmaker", name, 210, 1700)
			.add(Span.Kind.INTERNAL, "d", "a", "matchmaker", "knock", 1710, 1990)
			.diagnosis()
			.findings()).extracting(Finding::kind).startsWith(kind);
	}

	/** What a single trace does often is its own measure, and nothing usual. */
	@Test
	void learnsNothingFromASingleTrace() {
		Spans spans = new Spans().server("a", null, "web", "GET /", 0, 200);
		for (int i = 0; i < 5; i++) {
			spans.statement("s" + i, "a", "web", "SELECT * FROM item", 10 + i * 20, (i < 4) ? 30 + i * 20 : 180);
		}
		Trace trace = spans.trace();
		assertThat(Diagnosis.of(trace, Usual.of(List.of(trace))).findings()).extracting(Finding::sentence)
			.noneMatch((sentence) -> sentence.contains("usually"));
	}

	/** They hang beside it, and not below. */
	@Test
	void seesTheCallsThatAPieceOfWorkMakes() {
		Spans spans = new Spans().server("a", null, "rules", "POST /execute", 0, 2000)
			.add(Span.Kind.INTERNAL, "work", "a", "rules", "executing the rule", 5, 1995);
		for (int i = 0; i < 3; i++) {
			spans.client("c" + i, "a", "rules", "POST", 20 + i * 600, 610 + i * 600, "url.full", "http://data/pages")
				.server("s" + i, "c" + i, "data", "POST /pages", 21 + i * 600, 609 + i * 600)
				.statement("q" + i, "s" + i, "data", "SELECT * FROM page", 25 + i * 600, 600 + i * 600);
		}
		Finding first = spans.diagnosis().findings().get(0);
		assertThat(first.sentence()).startsWith("data waits 1.73 s for postgresql: 3 times SELECT * FROM page");
	}

	/** Work beside a short call is work. */
	@Test
	void leavesWorkAloneBesideWhichSomebodyCalls() {
		Finding first = new Spans().server("a", null, "rules", "POST /execute", 0, 2000)
			.add(Span.Kind.INTERNAL, "work", "a", "rules", "executing the rule", 5, 1995)
			.client("c", "a", "rules", "POST", 20, 400, "url.full", "http://data/pages")
			.diagnosis()
			.findings()
			.get(0);
		assertThat(first.spans()).extracting(Span::id).containsExactly("work");
		assertThat(first.sentence()).contains("without calling anybody");
	}

	@Test
	void tellsMethodsOfOneModuleApart() {
		Finding first = new Spans().server("a", null, "cli", "create", 0, 6000)
			.add(Span.Kind.INTERNAL, "b", "a", "cli", "sdkv2.Configure", 10, 700)
			.add(Span.Kind.INTERNAL, "c", "a", "cli", "sdkv2.Create", 800, 5900)
			.diagnosis()
			.findings()
			.get(0);
		assertThat(first.sentence()).startsWith("cli spends 5.10 s in sdkv2.Create,");
	}

	/** By clocks that differ, it began long before whoever asked for it. */
	@Test
	void takesNoMoreThanAllOfTheTime() {
		Diagnosis diagnosis = new Spans().server("a", null, "web", "GET /", 0, 100)
			.add(Span.Kind.INTERNAL, "b", "a", "web", "flush", -8000, 3000)
			.statement("c", "b", "web", "SELECT 1", -7900, 2900)
			.diagnosis();
		assertThat(diagnosis.toEnd().steps())
			.allSatisfy((step) -> assertThat(step.offset()).isGreaterThanOrEqualTo(Duration.ZERO));
		assertThat(diagnosis.toEnd().selfTimes().values()).extracting(Duration::toMillis)
			.satisfies((millis) -> assertThat(millis.stream().mapToLong(Long::longValue).sum()).isEqualTo(3000));
	}

	/** Only who asks for news is answered when there is some. */
	@ParameterizedTest
	@CsvSource({ "POST, /goods/receive, false", "PUT, /offline/reports, false", "GET, /goods/receive, true",
			"POST, /chat/stream, true" })
	void doesNotTakeWhatIsPostedForAQuestionForNews(String method, String path, boolean healthy) {
		assertThat(new Spans()
			.server("a", null, "stock", method, 0, 30_000, "http.request.method", method, "url.path", path)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "cache rebuild, shop spends 3.00 s in cache rebuild",
			"cache get prices, shop waits 3.00 s for cache" })
	void tellsWorkOnACacheFromAskingIt(String name, String words) {
		assertThat(new Spans().server("a", null, "shop", "GET /", 0, 3010)
			.add(Span.Kind.INTERNAL, "b", "a", "shop", name, 5, 3005)
			.diagnosis()
			.findings()
			.get(0)
			.sentence()).startsWith(words);
	}

	@Test
	void knowsAWaitForAConnectionInPartsOfAMillisecond() {
		assertThat(new Spans().server("a", null, "listings", "GET /", 0, 2000)
			.client("b", "a", "listings", "query", 10, 1910, "db.system", "postgresql", "db.statement",
					"SELECT * FROM listings", "queue_time_milliseconds", 1881.4)
			.diagnosis()
			.findings()
			.get(0)
			.kind()).isEqualTo(Finding.Kind.POOL_WAIT);
	}

	/** A request may be about a schedule. */
	@Test
	void takesNoRequestForAJob() {
		Finding first = new Spans()
			.server("a", null, "payment", "POST /payments", 0, 8000, "http.request.method", "POST",
					"payment.schedule.id", 4)
			.add(Span.Kind.INTERNAL, "b", "a", "payment", "plan", 5, 4000)
			.client("c", "a", "payment", "POST", 4001, 7990, "url.full", "http://bank/transfers")
			.diagnosis()
			.findings()
			.get(0);
		assertThat(first.share()).isBetween(0.4, 0.6);
	}

	/** Where the name holds a value, the shape is what is usual. */
	@Test
	void learnsWhatIsUsualWhateverTheValues() {
		List<Trace> others = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			others.add(loyalty(i, 20));
		}
		assertThat(Diagnosis.of(loyalty(9, 180), Usual.of(others)).findings()).extracting(Finding::sentence)
			.anyMatch((sentence) -> sentence.contains("usually 20.0 ms"));
	}

	private static Trace loyalty(int customer, int took) {
		return new Spans("t" + customer).server("a", null, "shop", "GET /points", 0, took + 10)
			.client("b", "a", "shop", "GET", 5, 5 + took, "http.request.method", "GET", "url.full",
					"http://x/customers/cust-0%d/loyalty".formatted(customer))
			.trace();
	}

	/** Some instrumentations end a span with its connection. */
	@ParameterizedTest
	@CsvSource({ "50, true", "29000, false" })
	void takesWhatEndsLateForNoDelay(double answered, boolean healthy) {
		Diagnosis diagnosis = new Spans().server("a", null, "nginx", "GET /departures", 0, 55)
			.server("b", "a", "timetable", "akka.request", 2, 30_050)
			.add(Span.Kind.INTERNAL, "c", "b", "timetable", "GET /departures", 3, 48)
			.add(Span.Kind.INTERNAL, "d", "b", "timetable", "close", answered, answered + 1)
			.diagnosis();
		assertThat(diagnosis.healthy()).isEqualTo(healthy);
	}

}
