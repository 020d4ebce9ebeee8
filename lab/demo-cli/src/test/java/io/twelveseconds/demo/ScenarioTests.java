package io.twelveseconds.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.twelveseconds.demo.LoadResult.Failure;
import io.twelveseconds.demo.LoadResult.Outcome;
import io.twelveseconds.demo.Scenario.Check;
import io.twelveseconds.trace.Diagnosis;
import io.twelveseconds.trace.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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
		Observation nothing = new Observation(List.of(), List.of());
		assertThat(scenario.before().customers().checks(nothing)).anyMatch((check) -> !check.held());
		assertThat(scenario.after().customers().checks(nothing)).anyMatch((check) -> !check.held());
		assertThat(scenario.before().trace().spans()).isNotEmpty();
		assertThat(scenario.before().diagnosis().kind()).isNotBlank();
		FaultSwitches faults = new FaultSwitches(ROOT.resolve("lab/fault-injection/src/main/resources/faults.json"),
				Path.of("none"));
		Stream.concat(scenario.faults().stream(), scenario.fix().faultsOff().stream()).forEach(faults::fault);
	}

	static List<Path> everyStoryOfOursExpectsSomethingOfCustomersTraceAndDiagnosis() throws IOException {
		try (Stream<Path> files = Files.list(ROOT.resolve("scenarios"))) {
			return files.sorted().toList();
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
			""")
	void refusesAFileThatWouldCheckLessThanItSeems(String good, String bad, String complaint) throws IOException {
		String text = Files.readString(ROOT.resolve("scenarios/twelve-seconds.yaml"));
		assertThat(text).contains(good);
		Path file = Files.writeString(this.directory.resolve("bad.yaml"), text.replace(good, bad));
		assertThatExceptionOfType(DemoException.class).isThrownBy(() -> Scenario.read(file))
			.withMessageContaining("bad.yaml")
			.satisfies((ex) -> assertThat(ex.getMessage()).containsIgnoringCase(complaint));
	}

	@Test
	void customersAreMeasuredAgainstEachLimit() {
		Scenario.Seen expected = new Scenario.Seen(Duration.ofSeconds(1), Duration.ofSeconds(11),
				new Scenario.Slow(Duration.ofSeconds(8), 1), 0);
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
				List.of(outcome(201, 10, null), outcome(503, 10, null), outcome(0, 10, Failure.TIMED_OUT)), List.of());
		assertThat(seen.failures()).isEqualTo(2);
		assertThat(new Scenario.Seen(null, null, null, 1).checks(seen)).singleElement()
			.isEqualTo(new Check("at most 1 checkouts fail", "2 of 3", false));
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
		Observation seen = new Observation(List.of(), List.of(trace));
		List<Check> checks = new Scenario.Services(Duration.ofMillis(200)).checks(seen);
		assertThat(checks).extracting(Check::measured).containsExactly("500 ms", "118 ms");
		assertThat(checks).extracting(Check::held).containsExactly(false, true);
	}

	@Test
	void spansAreCountedWhenTheyAreLongEnough() {
		Scenario.Spans wanted = new Scenario.Spans("inventory-service", "UPDATE stock", 2, Duration.ofSeconds(1));
		assertThat(wanted.check(waiting("inventory-service", 1500, 1500)).held()).isTrue();
		assertThat(wanted.check(waiting("inventory-service", 1500, 900)).held()).isFalse();
		assertThat(wanted.check(waiting("order-service", 1500, 1500)).held()).isFalse();
	}

	@Test
	void anotherTraceMustHaveRunAtTheSameTime() {
		Trace trace = waiting("inventory-service", 5000);
		Scenario.Beside wanted = new Scenario.Beside("inventory-service", "stocktake", Duration.ofSeconds(3));
		assertThat(wanted.check(trace, List.of(stocktake(1000, 9000))).held()).isTrue();
		assertThat(wanted.check(trace, List.of(stocktake(4000, 9000))).held()).isFalse();
		assertThat(wanted.check(trace, List.of(stocktake(6000, 9000))).measured()).isEqualTo("0.00 ms");
		assertThat(wanted.check(trace, List.of()).held()).isFalse();
	}

	@Test
	void firstFindingMustBeTheOneThatIsNamed() {
		Diagnosis diagnosis = Diagnosis.of(waiting("inventory-service", 2000, 2000, 2000));
		assertThat(new Scenario.Diagnosed("slow-span", "inventory-service").check(diagnosis).held()).isTrue();
		assertThat(new Scenario.Diagnosed("slow-span", "order-service").check(diagnosis).held()).isFalse();
		assertThat(new Scenario.Diagnosed("timeout", "inventory-service").check(diagnosis).measured())
			.isEqualTo("slow-span in inventory-service");
		assertThat(new Scenario.Diagnosed("slow-span", "inventory-service")
			.check(Diagnosis.of(waiting("inventory-service", 2)))
			.measured()).isEqualTo("healthy");
	}

	@Test
	void tellingTraceIsThatOfTheSlowestOrOfWhoFailed() {
		Observation seen = new Observation(List.of(outcome(201, 10, null), outcome(201, 900, null),
				outcome(503, 20, null), outcome(0, 5000, Failure.TIMED_OUT)), List.of());
		assertThat(new Scenario.Telling(Scenario.Which.SLOWEST, List.of(), null).customer(seen)).get()
			.extracting(Outcome::took)
			.isEqualTo(Duration.ofMillis(900));
		assertThat(new Scenario.Telling(Scenario.Which.FAILED, List.of(), null).customer(seen)).get()
			.extracting(Outcome::status)
			.isEqualTo(503);
	}

	@ParameterizedTest
	@CsvSource({ "12:00:00.000, 12:00:15.500", "12:00:14.999, 12:00:15.500", "12:00:15.000, 12:00:30.500" })
	void firstCustomerComesSoLongAfterTheNextMultiple(String now, String start) {
		assertThat(new Scenario.Begins(Duration.ofSeconds(15), Duration.ofMillis(500))
			.next(Instant.parse("2026-03-01T" + now + "Z"))).isEqualTo("2026-03-01T" + start + "Z");
	}

	private static Observation customers(int... millis) {
		return new Observation(IntStream.of(millis).mapToObj((took) -> outcome(201, took, null)).toList(), List.of());
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
