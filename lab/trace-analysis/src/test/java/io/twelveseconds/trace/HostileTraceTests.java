package io.twelveseconds.trace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/** Whatever the spans say, there is an answer, and soon. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class HostileTraceTests {

	@Test
	void answersForAChainOfAHundredThousandSpans() {
		Diagnosis diagnosis = Diagnosis.of(new Trace(IntStream.range(0, 100_000)
			.mapToObj((i) -> span("s" + i, (i > 0) ? "s" + (i - 1) : null, "service" + i % 7, i * 1000L,
					400_000_000L - i * 1000L, Span.Kind.values()[2 + i % 2]))
			.toList()));
		assertThat(diagnosis.toAnswer().steps()).isNotEmpty();
	}

	@Test
	void answersForAHundredThousandOrphans() {
		Diagnosis diagnosis = Diagnosis.of(new Trace(IntStream.range(0, 100_000)
			.mapToObj((i) -> span("s" + i, (i > 0) ? "lost" + i : null, "service", i, 1_000_000_000L + i,
					(i % 2 == 0) ? Span.Kind.INTERNAL : Span.Kind.CONSUMER))
			.toList()));
		assertThat(diagnosis.findings()).extracting(Finding::kind).contains(Finding.Kind.BROKEN_CONTEXT);
	}

	@Test
	void findsThePlaceOfOrphansInAChainOfAHundredThousandSpans() {
		List<Span> spans = new ArrayList<>();
		for (int i = 0; i < 100_000; i++) {
			spans.add(span("s" + i, (i > 0) ? "s" + (i - 1) : null, "service", i * 1000L, 400_000_000L - i * 1000L,
					Span.Kind.INTERNAL));
		}
		for (int i = 0; i < 100; i++) {
			spans.add(span("o" + i, "lost", "service", 150_000_000L + i, 250_000_000L - i, Span.Kind.INTERNAL));
		}
		Diagnosis diagnosis = Diagnosis.of(new Trace(spans));
		assertThat(diagnosis.findings()).extracting(Finding::kind).contains(Finding.Kind.BROKEN_CONTEXT);
	}

	@Test
	void answersForAHundredThousandChildrenOfOneSpanThatAllFailed() {
		List<Span> spans = new ArrayList<>(List.of(span("root", null, "web", 0, 200_000_000_000L, Span.Kind.SERVER)));
		for (int i = 0; i < 100_000; i++) {
			spans.add(new Span("t", "s" + i, "root", "GET", Span.Kind.CLIENT, i * 2_000_000L,
					i * 2_000_000L + 1_000_000, Span.Status.ERROR, "refused", Map.of("url.full", "http://x/" + i % 3),
					List.of(), List.of(), Map.of("service.name", "web"), ""));
		}
		assertThat(Diagnosis.of(new Trace(spans)).findings()).isNotEmpty();
	}

	@Test
	void answersForAHundredThousandFailuresOfWhichNoTwoAreAlike() {
		List<Span> spans = new ArrayList<>(List.of(span("root", null, "web", 0, 200_000_000_000L, Span.Kind.SERVER)));
		for (int i = 0; i < 100_000; i++) {
			// Digits would be taken for values.
			String letters = Integer.toString(i).chars().mapToObj((c) -> "" + (char) (c + 50)).collect(joining());
			spans.add(failed("s" + i, "root", letters, Span.Kind.CLIENT, i * 2_000_000L, i * 2_000_000L + 1_000_000));
		}
		assertThat(Diagnosis.of(new Trace(spans)).findings()).hasSizeGreaterThanOrEqualTo(100_000);
	}

	@Test
	void answersForTasksWithinTasksThatAllFailed() {
		List<Span> spans = new ArrayList<>(List.of(span("root", null, "web", 0, 1000, Span.Kind.SERVER)));
		for (int i = 0; i < 50_000; i++) {
			long start = 2000 + i * 2000L;
			spans.add(failed("task" + i, (i > 0) ? "ask" + (i - 1) : "root", "task", Span.Kind.SERVER, start,
					400_000_000L - i));
			spans.add(span("ask" + i, "task" + i, "web", start + 100, start + 200, Span.Kind.CLIENT));
		}
		assertThat(Diagnosis.of(new Trace(spans)).findings()).extracting(Finding::kind)
			.containsOnlyOnce(Finding.Kind.FAILED_ASYNC);
	}

	/** Each of these took minutes once, where a loop was within a loop. */
	@Test
	void answersForACallThatSixteenThousandAnswer() {
		List<Span> spans = new ArrayList<>(List.of(span("root", null, "web", 0, 200_000_000_000L, Span.Kind.SERVER)));
		spans.add(new Span("t", "call", "root", "POST", Span.Kind.CLIENT, 0, 200_000_000_000L, Span.Status.UNSET, "",
				Map.of("url.full", "http://router/graph"), List.of(), List.of(), Map.of("service.name", "web"), ""));
		for (int i = 0; i < 16_000; i++) {
			long start = 10_000_000L * i;
			spans.add(span("s" + i, "call", "svc" + i % 3, start, start + 9_000_000, Span.Kind.SERVER));
		}
		assertThat(Diagnosis.of(new Trace(spans)).findings()).isNotEmpty();
	}

	@Test
	void answersForAJobWithThirtyThousandLongCalls() {
		List<Span> spans = new ArrayList<>(
				List.of(span("root", null, "job", 0, 30_000 * 500_000_000L, Span.Kind.INTERNAL)));
		for (int i = 0; i < 30_000; i++) {
			long start = i * 500_000_000L;
			spans.add(span("c" + i, "root", "job", start, start + 499_000_000, Span.Kind.CLIENT));
			spans.add(span("s" + i, "c" + i, "worker", start + 1000, start + 498_000_000, Span.Kind.SERVER));
		}
		assertThat(Diagnosis.of(new Trace(spans)).findings()).isNotEmpty();
	}

	@Test
	void answersForANameOfAHundredThousandLetters() {
		Span root = span("root", null, "web", 0, 100_000_000, Span.Kind.SERVER);
		Span named = new Span("t", "a", "root", "x".repeat(100_000), Span.Kind.INTERNAL, 1, 99_000_000,
				Span.Status.UNSET, "", Map.of(), List.of(), List.of(), Map.of("service.name", "web"), "");
		assertThat(Diagnosis.of(new Trace(List.of(root, named))).toAnswer().steps()).isNotEmpty();
	}

	@Test
	void answersForAThousandRequestsAndAThousandLostBranchesAtOnce() {
		List<Span> requests = new ArrayList<>(List.of(span("root", null, "web", 0, 1_000_000_000, Span.Kind.SERVER)));
		List<Trace> lost = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			requests.add(span("r" + i, "root", "web", i, 900_000_000 + i, Span.Kind.SERVER));
			lost.add(new Trace(List.of(new Span("lost" + i, "l" + i, null, "POST /z", Span.Kind.CLIENT, 100_000_000 + i,
					200_000_000, Span.Status.UNSET, "", Map.of("url.full", "http://z/z"), List.of(), List.of(),
					Map.of("service.name", "web"), ""))));
		}
		assertThat(Diagnosis.of(new Trace(requests), lost).toAnswer().steps()).isNotEmpty();
	}

	@ParameterizedTest
	@ValueSource(longs = { Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE })
	void answersForTimesThatCannotBe(long time) {
		Trace trace = new Trace(List.of(span("a", null, "web", time, time, Span.Kind.SERVER),
				span("b", "a", "web", Long.MAX_VALUE, 0, Span.Kind.CLIENT),
				span("c", "b", "back", 5, -7, Span.Kind.SERVER)));
		assertThat(Diagnosis.of(trace).toAnswer().duration()).isGreaterThanOrEqualTo(Duration.ZERO);
	}

	/** By its time the orphan belongs below what took its own message. */
	@Test
	void answersIfAMessageWasTakenBeforeItsSenderBegan() {
		List<Span> spans = new ArrayList<>(List.of(span("root", null, "web", 0, 1_000_000, Span.Kind.SERVER),
				span("orphan", "missing", "x", 10_000_000, 20_000_000, Span.Kind.SERVER),
				span("sender", "orphan", "x", 12_000_000, 13_000_000, Span.Kind.PRODUCER)));
		spans.add(new Span("t", "taker", null, "take", Span.Kind.CONSUMER, 5_000_000, 30_000_000, Span.Status.ERROR, "",
				Map.of(), List.of(), List.of(new Span.Link("t", "sender")), Map.of("service.name", "y"), ""));
		assertThat(Diagnosis.of(new Trace(spans)).findings()).isNotEmpty();
	}

	@Property(tries = 300, shrinking = ShrinkingMode.OFF)
	void answersForAnyJumbleOfSpans(@ForAll Random random) {
		List<Span> spans = new ArrayList<>();
		int count = 1 + random.nextInt(60);
		for (int i = 0; i < count; i++) {
			long start = random.nextInt(2_000_000_000);
			Map<String, Object> attributes = switch (random.nextInt(4)) {
				case 0 -> Map.of("db.system", "redis", "db.statement", "");
				case 1 -> Map.of("http.method", "", "http.url", "::no url::", "http.status_code", random.nextInt(700));
				case 2 -> Map.of("rpc.grpc.status_code", random.nextInt(20), "error", true);
				default -> Map.of();
			};
			spans.add(new Span("t", "s" + random.nextInt(40), random.nextInt(5) > 0 ? "s" + random.nextInt(50) : null,
					random.nextBoolean() ? "" : "GET", Span.Kind.values()[random.nextInt(6)], start,
					start + random.nextInt(1_000_000_000) - 200_000_000, Span.Status.values()[random.nextInt(3)], "",
					attributes, List.of(), List.of(new Span.Link("t", "s" + random.nextInt(40))),
					Map.of("service.name", "service" + random.nextInt(4)), ""));
		}
		// The timeout above is JUnit's own engine's.
		Diagnosis diagnosis = assertTimeoutPreemptively(Duration.ofSeconds(60), () -> Diagnosis.of(new Trace(spans)));
		assertThat(diagnosis.findings()).allSatisfy((finding) -> {
			assertThat(finding.share()).isBetween(0.0, 1.0);
			assertThat(finding.spans()).isNotEmpty();
			assertThat(finding.sentence()).doesNotContain("%s", "%d", "null").isNotBlank();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"data\": [{\"spans\": [{\"operationName\": \"x\"}], \"processes\": {}}]}",
			"{\"data\": [{\"spans\": [{\"traceID\": \"xyz\", \"spanID\": \"0\"}]}]}",
			"{\"data\": [{\"spans\": [{\"traceID\": \"1\", \"spanID\": \"1\", \"startTime\": 9223372036854775807}]}]}",
			"{\"resourceSpans\": [{\"scopeSpans\": [{\"spans\": [{\"name\": \"x\"}]}]}]}", "\u0000", "[[[[", "{}{}{" })
	void refusesWhatCannotBeRead(String text) {
		assertThatExceptionOfType(MalformedTraceException.class).isThrownBy(() -> TraceReader.readAll(text));
	}

	@Test
	void refusesWhatIsNestedWithoutEnd() {
		String deep = "{\"resourceSpans\": " + "[".repeat(100_000);
		assertThatExceptionOfType(MalformedTraceException.class).isThrownBy(() -> TraceReader.readAll(deep));
	}

	/**
	 * Four times the spans may take at most so much more than four times as long that the
	 * growth is still that of sorting; growth with the square would take sixteen times as
	 * long.
	 */
	@Test
	@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
	void growsHardlyFasterThanTheTrace() {
		Trace small = Simulation.large(1, 10_000);
		Trace large = Simulation.large(1, 40_000);
		long quickSmall = Long.MAX_VALUE;
		long quickLarge = Long.MAX_VALUE;
		// The quickest of several: whatever else the machine does only ever adds time.
		for (int i = 0; i < 7; i++) {
			quickSmall = Math.min(quickSmall, nanos(small));
			quickLarge = Math.min(quickLarge, nanos(large));
		}
		assertThat((double) quickLarge / quickSmall).isLessThan(10);
		assertThat(quickSmall).isLessThan(1_000_000_000L);
	}

	private static long nanos(Trace trace) {
		long start = System.nanoTime();
		assertThat(Diagnosis.of(trace).trace()).isSameAs(trace);
		return System.nanoTime() - start;
	}

	private static Span failed(String id, String parent, String name, Span.Kind kind, long start, long end) {
		return new Span("t", id, parent, name, kind, start, end, Span.Status.ERROR, "refused", Map.of(), List.of(),
				List.of(), Map.of("service.name", "web"), "");
	}

	private static Span span(String id, String parent, String service, long start, long end, Span.Kind kind) {
		return new Span("t", id, parent, "work", kind, start, end, Span.Status.UNSET, "", Map.of(), List.of(),
				List.of(), Map.of("service.name", service), "");
	}

}
