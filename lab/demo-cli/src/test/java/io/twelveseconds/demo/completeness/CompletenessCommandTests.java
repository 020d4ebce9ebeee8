package io.twelveseconds.demo.completeness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
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
import org.jspecify.annotations.Nullable;
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
		chosen("tail", 90);
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

	/** By agents that were told so when they were started, whatever is set here. */
	@Test
	void orderThatWasNotSampledIsNotLost() throws IOException {
		gateway("0.1", Instant.now().minusSeconds(90));
		Run run = completeness(unsampled());
		assertThat(run.out()).startsWith("0 orders").contains("there is nothing to find: 1 more.\n");
		assertThat(run.exit()).isZero();
	}

	@Test
	void agentThatIsMissingIsFound() throws IOException {
		Run run = completeness(unsampled());
		assertThat(run.out()).contains("1 more. The agents keep 100 % of what begins: one is missing");
		assertThat(run.exit()).isEqualTo(1);
		// But not if the agents have been told something else since.
		gateway(null, Instant.now().minusSeconds(30));
		assertThat(completeness(unsampled()).exit()).isZero();
	}

	@Test
	void orderIsNotJudgedByAWayOfSamplingThatWasChosenLater() throws IOException {
		chosen("everything", 60);
		String before = order("CONFIRMED", Instant.now().minusSeconds(90));
		Run run = completeness(before);
		assertThat(run.out()).contains("sampled in another way before 'everything': 1.");
		assertThat(run.exit()).isZero();
		assertThat(completeness(order("CONFIRMED", Instant.now().minusSeconds(30)) + "," + before).exit()).isEqualTo(1);
	}

	/** Its mail was on the way when it was looked at first. */
	@Test
	void traceThatIsNotWholeIsLookedAtOnceMore() {
		AtomicInteger looks = new AtomicInteger();
		String whole = whole().json();
		String half = Spans.longAgo().add("api-gateway", "a", "", "SERVER", "POST /api/orders", 0, 20).json();
		Run run = completeness((id) -> Reply.of(200, (looks.incrementAndGet() == 1) ? half : whole),
				order("CANCELLED", Instant.now().minusSeconds(60)));
		assertThat(run.out()).startsWith("1 orders of the last 10 min 0 s: 1 complete, 0 incomplete, 0 absent.");
		assertThat(looks).hasValue(2);
	}

	private static Spans whole() {
		return Spans.longAgo()
			.add("api-gateway", "a", "", "SERVER", "POST /api/orders", 0, 20)
			.add("order-service", "b", "a", "SERVER", "POST /orders", 1, 19)
			.add("inventory-service", "c", "b", "SERVER", "POST /reservations", 2, 8)
			.add("payment-service", "d", "b", "SERVER", "POST /charges", 9, 15)
			.add("order-service", "e", "b", "PRODUCER", "orders.events send", 16, 17)
			.add("notification-service", "f", "e", "CONSUMER", "orders.events process", 18, 25)
			.add("analytics-service", "1", "e", "CONSUMER", "orders.events process", 18, 22);
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

	private void gateway(@Nullable String share, Instant started) throws IOException {
		ProcessHandle us = ProcessHandle.current();
		new RunningPart("api-gateway", us.pid(), us.info().startInstant().orElseThrow(), Map.of(), 0, started, 0, null,
				share)
			.write(this.home.resolve("run"));
	}

	private static String unsampled() {
		return order("CONFIRMED", Instant.now().minusSeconds(60)).replaceAll(", \"traceId\": \"\\w+\"", "");
	}

	private void chosen(String sampling, long secondsAgo) throws IOException {
		Path file = Files.writeString(this.home.resolve("sampling"), sampling + "\n");
		Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(secondsAgo)));
	}

	/** Of one customer, page by page, and without any trace. */
	private static Run completeness(String... pages) {
		return completeness((trace) -> Reply.of(404, "{}"), pages);
	}

	private static Run completeness(Function<String, Reply> traces, String... pages) {
		try (StubServer shop = new StubServer((request) -> {
			String uri = request.uri().toString();
			if (!uri.startsWith("/api/orders")) {
				return traces.apply(uri);
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
