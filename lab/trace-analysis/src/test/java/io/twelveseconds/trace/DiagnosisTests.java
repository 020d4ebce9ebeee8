package io.twelveseconds.trace;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DiagnosisTests {

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

	@Test
	void looksAtWhatTheAnswerWaitedForBeforeWhatCameLater() {
		assertThat(new Spans().server("a", null, "web", "POST /invites", 0, 440)
			.statement("s", "a", "web", "SELECT * FROM people", 10, 400)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "invites publish", 420, 430, "messaging.system", "x")
			.add(Span.Kind.CONSUMER, "b", "p", "mail", "invites process", 60_000, 60_060)
			.diagnosis()
			.findings()).extracting(Finding::kind).startsWith(Finding.Kind.SLOW_SPAN).endsWith(Finding.Kind.QUEUEING);
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

	/** The call may always take so long; that nobody learns of a failure is none. */
	@ParameterizedTest
	@CsvSource({ "657, FAILED_ASYNC", "1600, SLOW_SPAN" })
	void putsAFailureBeforeACallThatIsALittleLong(double duration, Finding.Kind first) {
		assertThat(new Spans().server("a", null, "orders", "POST /orders", 0, duration + 40)
			.client("b", "a", "orders", "POST", 10, 10 + duration, "url.full", "https://bank/payments")
			.add(Span.Kind.PRODUCER, "p", "a", "orders", "order.placed publish", duration + 20, duration + 22)
			.add(Span.Kind.CONSUMER, "c", "p", "kitchen", "order.placed process", duration + 30, duration + 36, "error",
					"KeyError")
			.diagnosis()
			.findings()).extracting(Finding::kind).startsWith(first);
	}

}
