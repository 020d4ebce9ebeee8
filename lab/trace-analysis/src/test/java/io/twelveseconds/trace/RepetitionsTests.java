package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RepetitionsTests {

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
			"http://crm/contacts?starting_after=ch_%d, true", "http://crm/contacts?customer=%d&page=1, false",
			"http://crm/contacts?customer=%d, false",
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
	@CsvSource({ "page, true", "aws.s3.continuation_token, true", "aws.dynamodb.exclusive_start_key, true",
			"customer, false", "messaging.kafka.offset, false" })
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
			"SERVER, decode, false", "SERVER, rate_limiter.acquire, false" })
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

	@ParameterizedTest
	@CsvSource({ "availability, true", "v1/_search, true", "screenings, true", "rates/quotes, true", "offers, true",
			"bookings, false" })
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
	@CsvSource({ "INSERT INTO prices (sku) VALUES %s, 1000, true", "INSERT INTO prices (sku) VALUES %s, 1, false",
			"UPDATE prices SET sku = %s, 1000, false" })
	void takesAnInsertOfManyRowsForABatch(String statement, String rows, boolean healthy) {
		Spans spans = new Spans().add(Span.Kind.CONSUMER, "a", null, "sink", "events process", 0, 640);
		for (int i = 0; i < 5; i++) {
			spans.client("b" + i, "a", "sink", "write", 10 + i * 120, 110 + i * 120, "db.system.name", "postgresql",
					"db.query.text", statement, "db.rows_affected", rows);
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "redis GET, true", "cache get, true", "Datastore/statement/Postgres/prices/select, true",
			"redistribute, false", "mysql-backup step, false" })
	void knowsAStoreByTheNameAlone(String name, boolean told) {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "prices", "collect", 0, 280);
		for (int i = 0; i < 25; i++) {
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "prices", name, 5 + i * 10, 14 + i * 10, "app.key", "p" + i);
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind)
			.isEqualTo(told ? List.of(Finding.Kind.N_PLUS_ONE) : List.of());
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
	@CsvSource({ "/search, offers, true", "/orders, holds, false", "/search, token, false" })
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

	/** An address makes a call of what has no kind. */
	@ParameterizedTest
	@CsvSource({ "url, http://, true", "url, file:/, false", "city, http://, false" })
	void takesWhatNamesAnAddressForACall(String attribute, String scheme, boolean told) {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "trip", "trip plan", 0, 2000);
		for (int i = 0; i < 4; i++) {
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "trip", "fetch" + "ABCD".charAt(i), 5 + i * 490, 490 + i * 490,
					attribute, scheme + "host" + i + "/search");
		}
		assertThat(spans.diagnosis().findings().stream().anyMatch((one) -> one.kind() == Finding.Kind.SEQUENTIAL_CALLS))
			.isEqualTo(told);
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

	@ParameterizedTest
	@CsvSource({ "GetParameter, 1", "PutParameter, 0" })
	void seesByAMethodsNameThatItOnlyReads(String method, int findings) {
		Spans spans = new Spans().server("a", null, "scores", "POST /score", 0, 900);
		for (int i = 0; i < 4; i++) {
			spans.client("b" + i, "a", "scores", "abcd".charAt(i) + "Store." + method, i * 220, i * 220 + 219,
					"server.address", "abcd".charAt(i) + ".example");
		}
		assertThat(spans.diagnosis().findings().stream().filter((one) -> one.kind() == Finding.Kind.SEQUENTIAL_CALLS))
			.hasSize(findings);
	}

	@Test
	void tellsMethodsApartWhoseServiceIsOnlyInTheirName() {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "export", "job", 0, 6500)
			.client("l", "a", "export", "S3.CreateMultipartUpload", 0, 20, "rpc.service", "S3");
		for (int i = 0; i < 60; i++) {
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "export", "page", 20 + i * 100, 115 + i * 100)
				.client("c" + i, "b" + i, "export", "S3.UploadPart", 60 + i * 100, 110 + i * 100, "rpc.service", "S3");
		}
		assertThat(spans.diagnosis().findings()).isEmpty();
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

	@ParameterizedTest
	@CsvSource({ "'(?, ?), (?, ?), (?, ?)', true", "'(?, ?)', false" })
	void asksForNoBatchesOfRows(String values, boolean healthy) {
		Spans spans = new Spans().server("a", null, "stock", "POST /imports", 0, 300);
		for (int i = 0; i < 6; i++) {
			spans.statement("s" + i, "a", "stock", "INSERT INTO moves (sku, n) VALUES " + values, 5 + i * 45,
					45 + i * 45);
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "GET, Forecast, true", "GET, SendForecast, false", "POST, Forecast, false" })
	void suspectsProceduresInTurnIfTheyAnswerAReader(String method, String procedure, boolean suspected) {
		Spans spans = new Spans().server("a", null, "travel", method + " /summary", 0, 1000, "http.request.method",
				method, "http.route", "/summary");
		List<String> services = List.of("weather", "visa", "events", "cars");
		for (int i = 0; i < services.size(); i++) {
			spans.client("b" + i, "a", "travel", "travel.X/" + procedure, 10 + i * 240, 250 + i * 240, "rpc.system",
					"grpc", "rpc.service", "travel." + services.get(i), "rpc.method", procedure, "server.address",
					services.get(i));
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind)
			.isEqualTo(suspected ? List.of(Finding.Kind.SEQUENTIAL_CALLS) : List.of());
	}

	/** A person is not so quick. */
	@ParameterizedTest
	@CsvSource({ "device.model.name, 2, true", "device.model.name, 300, false", "device.model.name, 100, false",
			"device.id, 100, true", "browser.platform, 2, true" })
	void suspectsLoopsOnPhonesAndPages(String attribute, int pause, boolean suspected) {
		Spans spans = new Spans();
		List<Span> all = new ArrayList<>(
				spans.add(Span.Kind.INTERNAL, "a", null, "app", "syncContacts", 0, 20 + 20 * (80 + pause))
					.trace()
					.spans());
		for (int i = 0; i < 20; i++) {
			double from = 10 + i * (80.0 + pause);
			all.addAll(new Spans()
				.client("b" + i, "a", "app", "GET", from, from + 80, "http.request.method", "GET", "url.full",
						"https://crm/contacts/" + (8000 + i))
				.trace()
				.spans());
		}
		List<Span> onDevice = all.stream().map((span) -> on(span, attribute)).toList();
		assertThat(Diagnosis.of(new Trace(onDevice)).findings()).extracting(Finding::kind)
			.isEqualTo(suspected ? List.of(Finding.Kind.N_PLUS_ONE) : List.of());
	}

	private static Span on(Span span, String attribute) {
		return new Span(span.traceId(), span.id(), span.parentId(), span.name(), span.kind(), span.startNanos(),
				span.endNanos(), span.status(), span.statusMessage(), span.attributes(), span.events(), span.links(),
				Map.of("service.name", span.service(), attribute, "x"), span.scope());
	}

	@Test
	void readsStatementsUnderNamesOfTheirOwn() {
		Spans spans = new Spans().add(Span.Kind.UNSPECIFIED, "a", null, "shop", "index.php", 0, 960);
		for (int i = 0; i < 20; i++) {
			spans.add(Span.Kind.UNSPECIFIED, "b" + i, "a", "shop", "db", 10 + i * 40, 48 + i * 40, "sql",
					"SELECT price FROM prices WHERE product_id = " + i);
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind).containsExactly(Finding.Kind.N_PLUS_ONE);
	}

	@ParameterizedTest
	@CsvSource({ "device.model.name, 3, true", "browser.platform, 3, false", "browser.platform, 5, true" })
	void suspectsWhatAScreenLoadsInTurn(String attribute, int calls, boolean suspected) {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "app", "open home", 0, 10 + calls * 300);
		for (int i = 0; i < calls; i++) {
			spans.client("b" + i, "a", "app", "GET", 5 + i * 300, 303 + i * 300, "http.request.method", "GET",
					"url.full", "https://bank/api/" + (char) ('a' + i));
		}
		List<Span> onDevice = spans.trace().spans().stream().map((span) -> on(span, attribute)).toList();
		assertThat(Diagnosis.of(new Trace(onDevice)).findings()).extracting(Finding::kind)
			.isEqualTo(suspected ? List.of(Finding.Kind.SEQUENTIAL_CALLS) : List.of());
	}

	/** That what was read is written down means not that the next one needs it. */
	@ParameterizedTest
	@CsvSource({ "2, true", "60, false" })
	void looksThroughSmallThingsBetweenCallsThatWaitForEachOther(double between, boolean told) {
		Spans spans = new Spans().server("a", null, "flights", "GET /search", 0, 2500);
		for (int i = 0; i < 6; i++) {
			spans
				.client("b" + i, "a", "flights", "GET", 5 + i * 400, 390 + i * 400, "http.request.method", "GET",
						"url.full", "https://supplier" + i + "/offers")
				.client("c" + i, "a", "flights", "HSET", 391 + i * 400, 391 + between + i * 400, "db.system.name",
						"redis", "db.query.text", "HSET offers x");
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind)
			.isEqualTo(told ? List.of(Finding.Kind.SEQUENTIAL_CALLS) : List.of());
	}

	@ParameterizedTest
	@CsvSource({ "mysql, true", "mariadb, true", "postgresql, false" })
	void knowsWhatMySqlTakesForText(String database, boolean alike) {
		Spans spans = new Spans().server("a", null, "web", "GET /", 0, 400);
		for (int i = 0; i < 12; i++) {
			spans.client("q" + i, "a", "web", "query", 10 + i * 30, 38 + i * 30, "db.system", database, "db.statement",
					"SELECT a FROM item WHERE name = \"" + "abcdefghijklmn".substring(i, i + 2) + "\"");
		}
		assertThat(finds(spans, Finding.Kind.N_PLUS_ONE)).isEqualTo(alike);
	}

	/** The latest row of a day is no page of a list. */
	@ParameterizedTest
	@CsvSource({ "1, true", "100, false" })
	void takesOneRowForNoPage(int limit, boolean told) {
		Spans spans = new Spans().server("a", null, "rates", "GET /history", 0, 900);
		for (int i = 0; i < 40; i++) {
			spans.statement("q" + i, "a", "rates",
					"SELECT rate FROM rates WHERE day <= ? ORDER BY day DESC LIMIT " + limit, 10 + i * 22, 30 + i * 22);
		}
		assertThat(finds(spans, Finding.Kind.N_PLUS_ONE)).isEqualTo(told);
	}

	@ParameterizedTest
	@CsvSource({ "download-generator, true", "task6-worker, true", "load-generator, false", "k6, false" })
	void knowsALoadGeneratorByAWholeWord(String service, boolean told) {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, service, "run", 0, 900);
		for (int i = 0; i < 40; i++) {
			spans.statement("q" + i, "a", service, "SELECT * FROM files WHERE id = " + i, 10 + i * 22, 30 + i * 22);
		}
		assertThat(finds(spans, Finding.Kind.N_PLUS_ONE)).isEqualTo(told);
	}

	@ParameterizedTest
	@CsvSource({ "GetOrCreate, false", "Checkout, false", "GetCart, true", "getcart, true", "listen, false" })
	void knowsByItsNameWhatOnlyReads(String method, boolean told) {
		Spans spans = new Spans().server("a", null, "bff", "POST /page", 0, 700);
		for (int i = 0; i < 3; i++) {
			spans.client("c" + i, "a", "bff", "call", 10 + i * 200, 210 + i * 200, "rpc.system", "grpc", "rpc.service",
					"S" + "abc".charAt(i), "rpc.method", (i == 1) ? method : "GetIt", "server.address", "s" + i);
		}
		assertThat(finds(spans, Finding.Kind.SEQUENTIAL_CALLS)).isEqualTo(told);
	}

	@Test
	void readsTextWithEscapesOfMySql() {
		Spans spans = new Spans().server("a", null, "web", "GET /", 0, 400);
		for (int i = 0; i < 12; i++) {
			spans.client("q" + i, "a", "web", "query", 10 + i * 30, 38 + i * 30, "db.system", "mysql", "db.statement",
					"SELECT a FROM people WHERE name = 'O\\'" + "abcdefghijklmn".substring(i, i + 2) + "' AND b = 'x'");
		}
		assertThat(spans.diagnosis().findings().get(0).kind()).isEqualTo(Finding.Kind.N_PLUS_ONE);
	}

	/** Each in a span of its own, whatever it asks. */
	@ParameterizedTest
	@CsvSource({ "loadDrivers, 4, true", "storeDrivers, 4, false", "loadDrivers, 3, false" })
	void seesPiecesOfWorkThatOnlyLoad(String last, int steps, boolean told) {
		List<String> names = List.of("loadWeather", "loadStops", "loadVehicles", "loadMaps").subList(0, steps - 1);
		Spans spans = new Spans().server("a", null, "planner", "POST /plans", 0, 500 * steps + 20);
		for (int i = 0; i < steps; i++) {
			String name = (i < steps - 1) ? names.get(i) : last;
			int start = 10 + i * 500;
			spans.add(Span.Kind.INTERNAL, "w" + i, "a", "planner", name, start, start + 495);
			if (i % 2 == 0) {
				spans.client("c" + i, "w" + i, "planner", "GET", start + 2, start + 490, "http.request.method", "GET",
						"url.full", "http://s" + i + "/x");
			}
			else {
				spans.statement("c" + i, "w" + i, "planner", "SELECT * FROM t" + i, start + 2, start + 190);
				spans.statement("d" + i, "w" + i, "planner", "SELECT * FROM u" + i, start + 200, start + 490);
			}
		}
		assertThat(finds(spans, Finding.Kind.SEQUENTIAL_CALLS)).isEqualTo(told);
	}

	/** That there is no such thing is an answer as well. */
	@Test
	void goesOnBehindAnAnswerThatThereIsNothing() {
		Spans spans = new Spans().server("a", null, "portal", "GET /", 0, 1300);
		for (int i = 0; i < 5; i++) {
			spans.client("c" + i, "a", "portal", "GET", 10 + i * 250, 250 + i * 250, "http.request.method", "GET",
					"url.full", "http://s" + i + "/x", "http.response.status_code", (i == 2) ? 404 : 200);
		}
		Finding first = spans.diagnosis().findings().get(0);
		assertThat(first.kind()).isEqualTo(Finding.Kind.SEQUENTIAL_CALLS);
		assertThat(first.sentence()).startsWith("portal makes 4 calls one after the other");
	}

	private static boolean finds(Spans spans, Finding.Kind kind) {
		return spans.diagnosis().findings().stream().anyMatch((found) -> found.kind() == kind);
	}

}
