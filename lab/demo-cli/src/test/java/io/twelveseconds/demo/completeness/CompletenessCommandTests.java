package io.twelveseconds.demo.completeness;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;

import io.twelveseconds.demo.OwnHome;
import io.twelveseconds.demo.Run;
import io.twelveseconds.demo.Spans;
import io.twelveseconds.demo.StubServer;
import io.twelveseconds.demo.StubServer.Reply;
import io.twelveseconds.demo.part.RunningPart;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CompletenessCommandTests extends OwnHome {

	@Test
	void countsTheOrdersThatItCannotJudgeYet() {
		Instant now = Instant.now();
		Run run = completeness(order("CONFIRMED", now) + "," + order("PAYMENT_UNKNOWN", now.minusSeconds(60)) + ","
				+ order("CONFIRMED", now.minusSeconds(60)));
		assertThat(run.out()).startsWith("1 orders of the last 10 min 0 s: 0 complete, 0 incomplete, 1 absent.")
			.contains("Too early to tell for 2 more: not settled, or not 5.00 s old.");
		assertThat(run.exit()).isEqualTo(1);
	}

	@Test
	void saysNothingOfThemIfThereAreNone() {
		Run run = completeness("");
		assertThat(run.out().strip()).isEqualTo("0 orders of the last 10 min 0 s: 0 complete, 0 incomplete, 0 absent.");
		assertThat(run.exit()).isZero();
	}

	@Test
	void whatTheRunningAgentsWereToldCountsMoreThanWhatIsSetNow() throws IOException {
		ProcessHandle us = ProcessHandle.current();
		Instant start = us.info().startInstant().orElseThrow();
		new RunningPart("api-gateway", us.pid(), start, Map.of(), 0, start, 0, null, "0.1")
			.write(this.home.resolve("run"));
		Run run = completeness(order("CONFIRMED", Instant.now().minusSeconds(60)));
		assertThat(run.out()).contains("under 'everything' at least 0 of 1 are");
		assertThat(run.exit()).isZero();
	}

	/** Of one customer, and without any trace. */
	private static Run completeness(String orders) {
		try (StubServer shop = new StubServer((request) -> {
			String uri = request.uri().toString();
			return uri.startsWith("/api/orders")
					? Reply.of(200, "{\"orders\": [%s]}".formatted(uri.contains("cust-01") ? orders : ""))
					: Reply.of(404, "{}");
		})) {
			return Run.of(new CompletenessCommand(), "--gateway", shop.url(), "--traces", shop.url());
		}
	}

	private static String order(String status, Instant placed) {
		return """
				{"id": "6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d", "status": "%s", "placedAt": "%s", "traceId": "%s"}"""
			.formatted(status, placed, Spans.TRACE_ID);
	}

}
