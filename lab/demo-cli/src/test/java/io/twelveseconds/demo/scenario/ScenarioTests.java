package io.twelveseconds.demo.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.twelveseconds.demo.Spans;
import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.load.LoadResult.Failure;
import io.twelveseconds.demo.load.LoadResult.Outcome;
import io.twelveseconds.demo.scenario.Expected.Bounds;
import io.twelveseconds.demo.scenario.TellingTrace.Which;
import io.twelveseconds.demo.scenario.Scenario.Switch;
import io.twelveseconds.demo.stack.FaultSwitches;
import io.twelveseconds.trace.Diagnosis;
import io.twelveseconds.trace.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ScenarioTests {

	private static final Path ROOT = Path.of("..", "..");

	@TempDir
	private Path directory;

	/** Whatever a file asks for, it must be able to fail. */
	@ParameterizedTest
	@MethodSource
	void everyStoryOfOursExpectsSomethingOfCustomersTraceAndDiagnosis(Path file) {
		Scenario scenario = Scenario.read(file);
		Observation nothing = new Observation(List.of(), List.of(), null);
		assertThat(scenario.before().customers().checks(nothing)).anyMatch((check) -> !check.held());
		assertThat(scenario.after().customers().checks(nothing)).anyMatch((check) -> !check.held());
		assertThat(scenario.before().trace().spans()).isNotEmpty();
		assertThat(scenario.before().diagnosis().kind()).isNotEmpty();
		FaultSwitches faults = new FaultSwitches(ROOT.resolve("lab/fault-injection/src/main/resources/faults.json"),
				Path.of("none"));
		Stream.concat(scenario.faults().stream().map(Switch::name), scenario.fix().faultsOff().stream())
			.forEach(faults::fault);
	}

	static List<Path> everyStoryOfOursExpectsSomethingOfCustomersTraceAndDiagnosis() throws IOException {
		try (Stream<Path> files = Files.list(ROOT.resolve("scenarios"))) {
			return files.filter((file) -> file.toString().endsWith(".yaml")).sorted().toList();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			median-below: 1s      | median-under: 1s | median-under
			median-below: 1s      | median-below: 1  | is not a time with its unit
			which: slowest        | which: nicest    | NICEST
			faults: [naive-stocktake] | faults: []   | faults is missing
			title: Checkout       | # Checkout       | title is missing
			rate: 1               | # rate           | rate
			services: { median-below: 200ms } | shop: { dead-letters: { at-least: 1 } } | dead-letters
			""")
	void refusesAFileThatWouldCheckLessThanItSeems(String good, String bad, String complaint) throws IOException {
		String text = Files.readString(ROOT.resolve("scenarios/twelve-seconds.yaml"));
		assertThat(text).contains(good);
		Path file = Files.writeString(this.directory.resolve("bad.yaml"), text.replace(good, bad));
		assertThatExceptionOfType(DemoException.class).isThrownBy(() -> Scenario.read(file))
			.withMessageContaining("bad.yaml")
			.satisfies((ex) -> assertThat(ex.getMessage()).containsIgnoringCase(complaint));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					diagnosis:  | some-trace: [{ service: a, name: b, at-most: 0 }] | after the fix only
					some-trace: | diagnosis: { kind: timeout, service: a }          | before the fix only
					some-trace: | trace: { which: last, spans: [], beside: { service: a, span: b, at-least: 1s } } | before the fix only
					""")
	void refusesWhatIsLookedAtOnTheOtherSideOfTheFixOnly(String line, String wrong, String complaint)
			throws IOException {
		String text = Files.readString(ROOT.resolve("scenarios/twelve-seconds.yaml"))
			.replace("  " + line, "  " + wrong + "\n  " + line);
		Path file = Files.writeString(this.directory.resolve("bad.yaml"), text);
		assertThatExceptionOfType(DemoException.class).isThrownBy(() -> Scenario.read(file))
			.withMessageContaining(complaint);
	}

	@Test
	void customersAreMeasuredAgainstEachLimit() {
		Expected.Customers expected = new Expected.Customers(Duration.ofSeconds(1), Duration.ofSeconds(11),
				new Expected.Slow(Duration.ofSeconds(8), 1), 0, null, null, null);
		assertThat(expected.checks(customers(100, 120, 9000))).extracting(Check::held)
			.containsExactly(true, true, true, true);
		assertThat(expected.checks(customers(100, 120, 130))).extracting(Check::held)
			.containsExactly(true, true, false, true);
		assertThat(expected.checks(customers(100, 9000, 12000))).extracting(Check::held)
			.containsExactly(false, false, true, true);
		assertThat(expected.checks(customers(100, 120, 9000)).get(2).measured())
			.isEqualTo("1 of 3, the slowest 9.00 s");
	}

	@Test
	void whoGetsAnErrorOrNoAnswerHasFailed() {
		Observation seen = new Observation(
				List.of(outcome(201, 10, null), outcome(503, 10, null), outcome(0, 10, Failure.TIMED_OUT)), List.of(),
				null);
		assertThat(seen.failures()).isEqualTo(2);
		assertThat(new Expected.Customers(null, null, null, 1, null, null, null).checks(seen)).singleElement()
			.isEqualTo(new Check("at most 1 checkouts fail", "2 of 3", false));
	}

	/** Without the fault, too; else a slow moment would prove that it is needed. */
	@Test
	void whatMustBeSoAnyhowIsNoSymptom() {
		Expected healthy = Scenario.read(ROOT.resolve("scenarios/twelve-seconds.yaml")).before().healthy();
		assertThat(healthy.checks(new Observation(List.of(), List.of(), null), null)).extracting(Check::what)
			.anyMatch((what) -> what.contains("half of the checkouts take less"))
			.anyMatch((what) -> what.contains("at most 0 checkouts fail"))
			.noneMatch((what) -> what.contains("at least"));
		assertThat(healthy.trace()).isNull();
		assertThat(healthy.diagnosis()).isNull();
	}

	@ParameterizedTest
	@MethodSource("everyStoryOfOursExpectsSomethingOfCustomersTraceAndDiagnosis")
	void sickShopDoesNotPassForAHealthyOne(Path file) {
		Expected expected = Scenario.read(file).before().healthy();
		Expected.Customers healthy = expected.customers();
		assertThat(healthy.checks(customers(10, 20, 900))).allMatch(Check::held);
		assertThat(healthy.checks(customers(10, 1100, 1200))).anyMatch((check) -> !check.held());
		Observation failed = new Observation(
				List.of(outcome(201, 10, null), outcome(201, 10, null), outcome(503, 10, null)), List.of(), null);
		assertThat(healthy.checks(failed)).anyMatch((check) -> !check.held());
		for (Expected.Pages page : expected.pages()) {
			assertThat(page.checks(answers(page.path(), 200, 10, 900), null)).hasSize(2).allMatch(Check::held);
			assertThat(page.checks(answers(page.path(), 200, 10, 4000), null)).extracting(Check::held)
				.containsExactly(false, true);
			assertThat(page.checks(answers(page.path(), 503, 10, 900), null)).extracting(Check::held)
				.containsExactly(true, false);
		}
	}

	@Test
	void whoComesHalfwayComparesNoBooks() {
		Scenario story = Scenario.read(ROOT.resolve("scenarios/cascading-failure.yaml"));
		assertThat(story.back().shop().chargedNotOnce()).isNotNull();
		Expected.Shop shop = story.back().fromHalfway().shop();
		assertThat(shop.chargedNotOnce()).isNull();
		assertThat(shop.unsettled()).isEqualTo(story.back().shop().unsettled());
	}

	@Test
	void fileSaysHowWellAPageIsWhileAllIsWell() {
		Expected expected = new Expected(null,
				List.of(new Expected.Pages("/api/report", Duration.ofSeconds(5), null, null, 2, 3)), null, List.of(),
				null, null, List.of(), null);
		assertThat(expected.healthy().checks(answers("/api/report", 503, 10, 4000), null)).extracting(Check::toString)
			.containsExactly("99 of 100 answers to GET /api/report take less than 5.00 s; measured: 4.00 s",
					"at most 2 answers to GET /api/report fail; measured: 2 of 2");
		assertThat(expected.healthy().checks(answers("/api/report", 503, 10, 20, 30), null)).extracting(Check::held)
			.containsExactly(true, false);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/product", "/api/products?page=1" })
	void refusesAPageThatNobodyAsksFor(String path) throws IOException {
		String text = Files.readString(ROOT.resolve("scenarios/cascading-failure.yaml"))
			.replace("path: /api/products, p99", "path: \"%s\", p99".formatted(path));
		Path file = Files.writeString(this.directory.resolve("bad.yaml"), text);
		assertThatExceptionOfType(DemoException.class).isThrownBy(() -> Scenario.read(file))
			.withMessageContaining("pages: nobody asks for %s, load.also does not name it", path);
	}

	@Test
	void eachServiceIsMeasuredByItsOwnRequests() {
		Trace trace = Spans.justNow()
			.add("api-gateway", "a", "", "SERVER", "POST /api/orders", 0, 500)
			.add("api-gateway", "b", "a", "CLIENT", "POST", 1, 400)
			.add("order-service", "c", "b", "SERVER", "POST /orders", 2, 100)
			.add("order-service", "d", "c", "SERVER", "POST /orders", 2, 900)
			.add("order-service", "e", "c", "SERVER", "POST /orders", 2, 120)
			.trace();
		Observation seen = new Observation(List.of(), List.of(trace), null);
		List<Check> checks = new Expected.Services(Duration.ofMillis(200)).checks(seen);
		assertThat(checks).extracting(Check::measured).containsExactly("500 ms", "118 ms");
		assertThat(checks).extracting(Check::held).containsExactly(false, true);
	}

	@Test
	void spansAreCountedWhenTheyAreLongEnough() {
		TellingTrace.Spans wanted = new TellingTrace.Spans("inventory-service", "UPDATE stock", 2, null,
				Duration.ofSeconds(1), null, null);
		assertThat(wanted.check(waiting("inventory-service", 1500, 1500)).held()).isTrue();
		assertThat(wanted.check(waiting("inventory-service", 1500, 900)).held()).isFalse();
		assertThat(wanted.check(waiting("order-service", 1500, 1500)).held()).isFalse();
	}

	@Test
	void spansAreChosenByTheirErrorAndTheirAttributes() {
		Trace trace = Spans.longAgo()
			.add("order-service", "a", "", "SERVER", "POST /orders", 0, 100)
			.add("order-service", "b", "a", "CLIENT", "POST", 1, 50, "error.type=timeout, http.request.method=POST")
			.add("order-service", "c", "a", "CLIENT", "POST", 60, 70, "http.request.method=POST")
			.trace();
		assertThat(spans(1, 1, true, null).check(trace).held()).isTrue();
		assertThat(spans(2, null, true, null).check(trace).held()).isFalse();
		assertThat(spans(null, 0, null, Map.of("error.type", "timeout")).check(trace).held()).isFalse();
		assertThat(spans(1, 1, null, Map.of("error.type", "timeout")).check(trace).measured()).startsWith("1 of 2");
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> spans(null, null, true, null));
	}

	private static TellingTrace.Spans spans(Integer atLeast, Integer atMost, Boolean error,
			Map<String, String> attributes) {
		return new TellingTrace.Spans("order-service", "POST", atLeast, atMost, null, error, attributes);
	}

	@Test
	void recoveryIsCountedFromTheOutagesEndToTheLastWhoWasNotWellServed() {
		Expected.Customers within = new Expected.Customers(null, null, null, null, null, Duration.ofSeconds(5), null);
		Expected.Customers notWithin = new Expected.Customers(null, null, null, null, null, null,
				Duration.ofSeconds(5));
		Observation soon = during(at(8, 503, 10), at(12, 503, 10), at(13, 201, 10));
		Observation late = during(at(12, 201, 10), at(17, 201, 3000), at(18, 201, 10));
		Observation never = during(at(8, 503, 10));
		assertThat(within.checks(soon)).singleElement()
			.isEqualTo(new Check("all checkouts are well again within 5.00 s of the outage's end", "2.00 s", true));
		assertThat(within.checks(late)).singleElement().extracting(Check::held).isEqualTo(false);
		assertThat(within.checks(never)).singleElement().extracting(Check::held).isEqualTo(false);
		assertThat(notWithin.checks(soon)).singleElement().extracting(Check::held).isEqualTo(false);
		assertThat(notWithin.checks(late)).singleElement().extracting(Check::held).isEqualTo(true);
		assertThat(notWithin.checks(never)).singleElement().extracting(Check::held).isEqualTo(false);
	}

	@Test
	void pagesAreComparedWithThoseOfTheHealthyShop() {
		Expected.Pages twice = new Expected.Pages(null, null, 2.0, null, null, null);
		assertThat(twice.checks(pages(180), pages(100))).singleElement().extracting(Check::held).isEqualTo(true);
		assertThat(twice.checks(pages(99), pages(10))).singleElement().extracting(Check::held).isEqualTo(true);
		assertThat(twice.checks(pages(220), pages(100))).singleElement().extracting(Check::held).isEqualTo(false);
		assertThat(twice.checks(pages(), pages(100))).singleElement().extracting(Check::held).isEqualTo(false);
		assertThat(twice.checks(pages(50), pages())).singleElement().extracting(Check::held).isEqualTo(false);
		assertThat(twice.checks(pages(), pages())).singleElement().extracting(Check::held).isEqualTo(false);
		assertThat(new Expected.Pages(null, null, null, null, 0, null).checks(pages(), null)).singleElement()
			.extracting(Check::held)
			.isEqualTo(false);
	}

	@Test
	void onePageIsMeasuredWithoutTheOthers() {
		Expected.Pages products = new Expected.Pages("/api/products", null, null,
				new Expected.Slow(Duration.ofMillis(100), 1), null, null);
		Expected.Pages orders = new Expected.Pages("/api/orders?customer=cust-01", null, null, products.slow(), 0,
				null);
		assertThat(products.checks(pages(10, 200), null)).extracting(Check::measured)
			.containsExactly("1 of 2, the slowest 200 ms");
		assertThat(orders.checks(pages(10, 200), null)).extracting(Check::held).containsExactly(false, false);
	}

	@Test
	void spansThatAreMissingAreNoImprovement() {
		Expected.Compared less = new Expected.Compared("order-service", "POST /orders", 5);
		Observation slow = traced(500);
		Observation fast = traced(90);
		Observation nothing = new Observation(List.of(), List.of(), null);
		assertThat(less.check(slow, fast).held()).isTrue();
		assertThat(less.check(slow, traced(110)).held()).isFalse();
		assertThat(less.check(nothing, fast).held()).isFalse();
		assertThat(less.check(slow, nothing).held()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "1, , 0, false", "1, , 1, true", ", 0, 0, true", ", 0, 1, false", "2, 3, 4, false" })
	void boundsAreBothKept(Long atLeast, Long atMost, long measured, boolean held) {
		assertThat(new Bounds(atLeast, atMost).check("orders", measured).held()).isEqualTo(held);
	}

	@Test
	void faultMayHaveParameters() throws IOException {
		String text = Files.readString(ROOT.resolve("scenarios/twelve-seconds.yaml"))
			.replace("faults: [naive-stocktake]",
					"faults: [naive-stocktake, { stock-locked: { hold: 3s, every: 2 } }]");
		Scenario scenario = Scenario.read(Files.writeString(this.directory.resolve("good.yaml"), text));
		assertThat(scenario.faults()).containsExactly(new Switch("naive-stocktake", Map.of()),
				new Switch("stock-locked", Map.of("hold", "3s", "every", "2")));
	}

	@Test
	void anotherTraceMustHaveRunAtTheSameTime() {
		Trace trace = waiting("inventory-service", 5000);
		TellingTrace.Beside wanted = new TellingTrace.Beside("inventory-service", "stocktake", Duration.ofSeconds(3));
		assertThat(wanted.check(trace, List.of(stocktake(1000, 9000))).held()).isTrue();
		assertThat(wanted.check(trace, List.of(stocktake(4000, 9000))).held()).isFalse();
		assertThat(wanted.check(trace, List.of(stocktake(6000, 9000))).measured()).isEqualTo("0.00 ms");
		assertThat(wanted.check(trace, List.of()).held()).isFalse();
	}

	@Test
	void firstFindingMustBeTheOneThatIsNamed() {
		Diagnosis diagnosis = Diagnosis.of(waiting("inventory-service", 2000, 2000, 2000));
		assertThat(diagnosed("slow-span", "inventory-service", diagnosis)).extracting(Check::held).isEqualTo(true);
		assertThat(diagnosed("slow-span", "order-service", diagnosis)).extracting(Check::held).isEqualTo(false);
		assertThat(diagnosed("timeout", "inventory-service", diagnosis)).extracting(Check::measured)
			.isEqualTo("slow-span in inventory-service");
		assertThat(diagnosed("slow-span", "inventory-service", Diagnosis.of(waiting("inventory-service", 2))))
			.extracting(Check::measured)
			.isEqualTo("healthy");
	}

	private static Check diagnosed(String kind, String service, Diagnosis diagnosis) {
		return new Expected.Diagnosed(List.of(kind), service, null).checks(diagnosis, Set.of()).get(0);
	}

	@Test
	void lostPieceMustBePutBelowTheRightSpan() {
		Trace trace = Spans.longAgo().add("order-service", "a", "", "SERVER", "POST /orders", 0, 100).trace();
		Trace piece = Spans.longAgo("b".repeat(32))
			.add("order-service", "b", "", "CLIENT", "POST", 90, 120, "http.request.method=POST")
			.add("analytics-service", "c", "b", "SERVER", "POST /checkouts", 95, 110)
			.trace();
		Diagnosis diagnosis = Diagnosis.of(trace, List.of(piece));
		TellingTrace.Beside beside = new TellingTrace.Beside("order-service", "POST", Duration.ofMillis(1));
		assertThat(beside.ids(trace, List.of(piece))).containsExactly(piece.id());
		assertThat(below("POST /orders", diagnosis, Set.of(piece.id()))).isTrue();
		assertThat(below("order recover", diagnosis, Set.of(piece.id()))).isFalse();
		assertThat(below("POST /orders", diagnosis, Set.of("c".repeat(32)))).isFalse();
	}

	private static boolean below(String span, Diagnosis diagnosis, Set<String> beside) {
		return new Expected.Diagnosed(List.of("broken-context"), "order-service", span).checks(diagnosis, beside)
			.stream()
			.allMatch(Check::held);
	}

	@Test
	void tellingTraceIsThatOfTheSlowestOrOfAnOrdinaryOneOrOfWhoFailed() {
		Observation seen = new Observation(List.of(outcome(201, 10, null), outcome(201, 900, null),
				outcome(503, 20, null), outcome(503, 30, null), outcome(0, 5000, Failure.TIMED_OUT)), List.of(), null);
		assertThat(new TellingTrace(Which.SLOWEST, List.of(), null).customer(seen)).get()
			.extracting(Outcome::took)
			.isEqualTo(Duration.ofMillis(900));
		assertThat(new TellingTrace(Which.MEDIAN, List.of(), null).customer(seen)).get()
			.extracting(Outcome::took)
			.isEqualTo(Duration.ofMillis(30));
		assertThat(new TellingTrace(Which.FAILED, List.of(), null).customer(seen)).get()
			.extracting(Outcome::took)
			.isEqualTo(Duration.ofMillis(30));
		assertThat(new TellingTrace(Which.FIRST_FAILED, List.of(), null).customer(seen)).get()
			.extracting(Outcome::took)
			.isEqualTo(Duration.ofMillis(20));
	}

	@ParameterizedTest
	@CsvSource({ "12:00:00.000, 12:00:15.500", "12:00:14.999, 12:00:15.500", "12:00:15.000, 12:00:30.500" })
	void firstCustomerComesSoLongAfterTheNextMultiple(String now, String start) {
		assertThat(new Scenario.Begins(Duration.ofSeconds(15), Duration.ofMillis(500))
			.next(Instant.parse("2026-03-01T" + now + "Z"))).isEqualTo("2026-03-01T" + start + "Z");
	}

	private static Observation during(Outcome... outcomes) {
		return new Observation(List.of(outcomes), List.of(), Duration.ofSeconds(10));
	}

	private static Outcome at(int second, int status, int millis) {
		return new Outcome("POST /api/orders", Duration.ofSeconds(second), Duration.ofMillis(millis), status, null,
				Optional.empty(), Optional.empty());
	}

	private static Observation pages(int... millis) {
		return answers("/api/products", 200, millis);
	}

	private static Observation answers(String path, int status, int... millis) {
		return new Observation(IntStream.of(millis)
			.mapToObj((took) -> new Outcome("GET " + path, Duration.ZERO, Duration.ofMillis(took), status, null,
					Optional.empty(), Optional.empty()))
			.toList(), List.of(), null);
	}

	private static Observation traced(int millis) {
		return new Observation(List.of(),
				List.of(Spans.longAgo().add("order-service", "a", "", "SERVER", "POST /orders", 0, millis).trace()),
				null);
	}

	private static Observation customers(int... millis) {
		return new Observation(IntStream.of(millis).mapToObj((took) -> outcome(201, took, null)).toList(), List.of(),
				null);
	}

	private static Outcome outcome(int status, int millis, Failure failure) {
		return new Outcome("POST /api/orders", Duration.ZERO, Duration.ofMillis(millis), status, failure,
				(failure == null) ? Optional.of(Spans.TRACE_ID) : Optional.empty(), Optional.empty());
	}

	/** A checkout that waits for statements, one after the other. */
	private static Trace waiting(String service, int... millis) {
		int all = IntStream.of(millis).sum();
		Spans spans = Spans.longAgo()
			.add("api-gateway", "a", "", "SERVER", "POST /api/orders", 0, all + 4)
			.add(service, "b", "a", "SERVER", "POST /reservations", 1, all + 3);
		int start = 2;
		for (int i = 0; i < millis.length; i++) {
			spans.add(service, String.valueOf(i + 1), "b", "CLIENT", "UPDATE stock", start, start + millis[i],
					"db.system.name=postgresql, db.query.summary=UPDATE stock");
			start += millis[i];
		}
		return spans.trace();
	}

	private static Trace stocktake(int start, int end) {
		return Spans.longAgo().add("inventory-service", "f", "", "INTERNAL", "stocktake", start, end).trace();
	}

}
