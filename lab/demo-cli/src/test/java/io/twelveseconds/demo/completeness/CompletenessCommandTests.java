package io.twelveseconds.demo.completeness;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

	/** After 35 s; an order's trace may take its time to come before that. */
	@Test
	void waitsUntilTheCollectorHasDecided() throws IOException {
		Files.writeString(this.home.resolve("sampling"), "tail\n");
		Run run = completeness(order("CONFIRMED", Instant.now().minusSeconds(20)) + ","
				+ order("CONFIRMED", Instant.now().minusSeconds(60)));
		assertThat(run.out()).startsWith("1 orders of the last 10 min 0 s: 0 complete, 0 incomplete, 1 absent.")
			.contains("Too early to tell for 1 more: not settled, or not 40.0 s old.");
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

	/** Somebody has ordered between the first page and the second. */
	@Test
	void orderThatComesOnTwoPagesCountsOnce() {
		Instant placed = Instant.now().minusSeconds(60);
		String last = order("CONFIRMED", placed);
		String page = Stream.generate(() -> order("CONFIRMED", placed)).limit(99).collect(Collectors.joining(","));
		Run run = completeness(page + "," + last, last + "," + order("CONFIRMED", placed));
		assertThat(run.out()).startsWith("101 orders of the last 10 min 0 s: 0 complete, 0 incomplete, 101 absent.");
	}

	/** Of one customer, page by page, and without any trace. */
	private static Run completeness(String... pages) {
		try (StubServer shop = new StubServer((request) -> {
			String uri = request.uri().toString();
			if (!uri.startsWith("/api/orders")) {
				return Reply.of(404, "{}");
			}
			Matcher page = Pattern.compile("customer=cust-01&page=(\\d+)").matcher(uri);
			return Reply.of(200,
					"{\"orders\": [%s]}".formatted(page.find() ? pages[Integer.parseInt(page.group(1))] : ""));
		})) {
			return Run.of(new CompletenessCommand(), "--gateway", shop.url(), "--traces", shop.url());
		}
	}

	private static String order(String status, Instant placed) {
		return """
				{"id": "%s", "status": "%s", "placedAt": "%s", "traceId": "%s"}""".formatted(UUID.randomUUID(), status,
				placed, Spans.TRACE_ID);
	}

}
