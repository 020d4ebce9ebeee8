package io.twelveseconds.trace;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ClocksTests {

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

}
