package io.twelveseconds.demo.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.twelveseconds.demo.OwnHome;
import io.twelveseconds.demo.Run;
import io.twelveseconds.demo.Spans;
import io.twelveseconds.demo.StubServer;
import io.twelveseconds.demo.StubServer.Reply;
import io.twelveseconds.demo.StubServer.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class TraceCommandTests extends OwnHome {

	private static final String ORDER_ID = "6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d";

	@Test
	void drawsTheTraceWithThisId() {
		try (StubServer store = storeOf(whole(Spans.longAgo()).json())) {
			Run run = trace(store, Spans.TRACE_ID.toUpperCase(), "--width", "100");
			assertThat(run.exit()).isZero();
			assertThat(run.err()).isEmpty();
			assertThat(run.out()).startsWith("POST /api/orders  trace " + Spans.TRACE_ID)
				.contains(store.url() + "/trace/" + Spans.TRACE_ID)
				.contains("notification-service")
				.doesNotContain("\033");
			assertThat(run.out().lines()).allSatisfy((line) -> assertThat(line).hasSizeLessThanOrEqualTo(100));
			assertThat(store.requests().get(0).uri()).hasPath("/api/v3/traces/" + Spans.TRACE_ID);
		}
	}

	@Test
	void printsTheJsonAsItWasRead() {
		String json = whole(Spans.longAgo()).json();
		try (StubServer store = storeOf(json)) {
			assertThat(trace(store, Spans.TRACE_ID, "--json").out()).isEqualToNormalizingNewlines(json + "\n");
		}
	}

	@Test
	void remembersTheLastOrder() throws IOException {
		Files.writeString(this.home.resolve("last-trace"), Spans.TRACE_ID + "\n");
		try (StubServer store = storeOf(whole(Spans.longAgo()).json())) {
			assertThat(trace(store).out()).contains(Spans.TRACE_ID);
			assertThat(trace(store, "last").out()).contains(Spans.TRACE_ID);
		}
	}

	@Test
	void asksTheStoreForTheNewestCheckoutIfNothingIsRemembered() {
		try (StubServer store = storeOf(whole(Spans.longAgo()).json())) {
			assertThat(trace(store, "last").exit()).isZero();
			assertThat(store.requests().get(0).uri()).hasPath("/api/v3/traces");
			assertThat(store.requests().get(0).uri()).hasParameter("query.service_name", "api-gateway")
				.hasParameter("query.start_time_min")
				.hasParameter("query.start_time_max");
			assertThat(store.requests().get(1).uri()).hasPath("/api/v3/traces/" + Spans.TRACE_ID);
		}
	}

	@Test
	void newestCheckoutIsFoundAmongAnyNumberOfPages() {
		Spans page = Spans.longAgo("1".repeat(32)).add("api-gateway", "a", "", "SERVER", "GET /api/products", 0, 20);
		String checkout = whole(Spans.longAgo()).json();
		try (StubServer store = new StubServer((request) -> {
			String asked = request.uri().toString();
			boolean checkouts = asked.contains("operation_name=POST+%2Fapi%2Forders") || asked.contains(Spans.TRACE_ID);
			return Reply.of(200, checkouts ? checkout : page.json());
		})) {
			assertThat(trace(store, "last").out()).startsWith("POST /api/orders  trace " + Spans.TRACE_ID);
		}
	}

	@Test
	void withoutACheckoutTheNewestPageIsShown() {
		Spans page = Spans.longAgo().add("api-gateway", "a", "", "SERVER", "GET /api/products", 0, 20);
		try (StubServer store = new StubServer((request) -> request.uri().toString().contains("operation_name")
				? Reply.of(404, "{}") : Reply.of(200, page.json()))) {
			assertThat(trace(store, "last").out()).startsWith("GET /api/products  trace " + Spans.TRACE_ID);
		}
	}

	@Test
	void saysWhatToDoWhenThereIsNoTraceAtAll() {
		try (StubServer store = new StubServer((request) -> Reply.of(404, "{}"))) {
			Run run = trace(store, "last");
			assertThat(run.exit()).isEqualTo(1);
			assertThat(run.err().strip()).isEqualTo("There is no trace yet. Place an order first: ./demo order");
		}
	}

	@Test
	void findsTheTraceOfAnOrder() {
		try (StubServer store = storeOf(whole(Spans.longAgo()).json());
				StubServer gateway = new StubServer(
						(request) -> Reply.of(200, "{\"traceId\": \"" + Spans.TRACE_ID + "\"}"))) {
			Run run = trace(store, ORDER_ID, "--gateway", gateway.url());
			assertThat(run.exit()).isZero();
			assertThat(gateway.requests().get(0).uri()).hasPath("/api/orders/" + ORDER_ID);
		}
	}

	@Test
	void passesOnThatThereIsNoSuchOrder() {
		try (StubServer store = storeOf("{}");
				StubServer gateway = new StubServer((request) -> Reply.of(404, "{\"title\": \"No such order\"}"))) {
			Run run = trace(store, ORDER_ID, "--gateway", gateway.url());
			assertThat(run.exit()).isEqualTo(1);
			assertThat(run.err()).contains("404 No such order");
		}
	}

	@Test
	void waitsUntilEveryListenerIsInTheTrace() {
		Spans spans = Spans.justNow().checkout();
		AtomicInteger asked = new AtomicInteger();
		Function<Request, Reply> growing = (request) -> {
			switch (asked.getAndIncrement()) {
				case 0 -> {
					return Reply.of(404, "{}");
				}
				case 2 -> spans.consumer("analytics-service", "d");
				case 5 -> spans.consumer("notification-service", "e");
				default -> {
				}
			}
			return Reply.of(200, spans.json());
		};
		try (StubServer store = new StubServer(growing)) {
			Run run = trace(store, Spans.TRACE_ID);
			assertThat(run.exit()).isZero();
			assertThat(run.err()).isEmpty();
			assertThat(run.out()).contains("4 services").contains("5 spans");
		}
	}

	@Test
	void showsWhatThereIsWhenPatienceEnds() {
		Spans spans = Spans.justNow().checkout().consumer("analytics-service", "d");
		spans.add("loyalty-service", "e", "f", "SERVER", "POST /awards", 5, 6);
		try (StubServer store = storeOf(spans.json())) {
			Run run = trace(store, Spans.TRACE_ID, "--wait", "300ms");
			assertThat(run.exit()).isZero();
			assertThat(run.out()).contains("? POST /awards").contains("? parent missing");
			assertThat(run.err()).contains("1 span without its parent")
				.contains("notification-service has not taken the record from orders.events");
		}
	}

	@Test
	void doesNotWaitForTheParentThatACallerSent() {
		Spans spans = Spans.longAgo().add("api-gateway", "a", "9", "SERVER", "POST /api/orders", 0, 20);
		try (StubServer store = storeOf(spans.json())) {
			Run run = trace(store, Spans.TRACE_ID);
			assertThat(run.err()).isEmpty();
			assertThat(run.out()).doesNotContain("? ");
		}
	}

	@Test
	void saysThatTheTraceIsNotThere() {
		try (StubServer store = new StubServer((request) -> Reply.of(404, "{\"error\": {\"httpCode\": 404}}"))) {
			Run run = trace(store, Spans.TRACE_ID, "--wait", "100ms");
			assertThat(run.exit()).isEqualTo(1);
			assertThat(run.err()).contains("There is no trace " + Spans.TRACE_ID).contains("./demo order");
		}
	}

	/** It decides whether it keeps the trace only when all of it should be there. */
	@Test
	void waitsForACollectorThatHasNotDecidedYet() throws IOException {
		Files.writeString(this.home.resolve("sampling"), "tail\n");
		System.setProperty("DECISION_WAIT", "2s");
		AtomicInteger looks = new AtomicInteger();
		String json = whole(Spans.longAgo()).json();
		try (StubServer store = new StubServer((request) -> (looks.incrementAndGet() > 4) ? Reply.of(200, json)
				: Reply.of(404, "{\"error\": {\"httpCode\": 404}}"))) {
			assertThat(trace(store, Spans.TRACE_ID, "--wait", "100ms").exit()).isZero();
			looks.set(-100);
			assertThat(trace(store, Spans.TRACE_ID, "--wait", "100ms").err())
				.contains("Not every trace is kept (./demo sampling list: tail).");
		}
		finally {
			System.clearProperty("DECISION_WAIT");
		}
	}

	@Test
	void saysThatTheStoreIsNotUp() {
		StubServer store = storeOf("{}");
		store.close();
		Run run = trace(store, Spans.TRACE_ID);
		assertThat(run.exit()).isEqualTo(1);
		assertThat(run.err().strip()).isEqualTo("No trace store at " + store.url() + ": is it up? Try ./demo up");
	}

	@Test
	void saysThatSomethingElseAnswers() {
		try (StubServer store = storeOf("<html>Hello</html>")) {
			Run run = trace(store, Spans.TRACE_ID);
			assertThat(run.exit()).isEqualTo(1);
			assertThat(run.err()).contains("What answers at " + store.url()).contains("is no trace store");
		}
		try (StubServer store = new StubServer((request) -> Reply.of(500, "broken"))) {
			assertThat(trace(store, Spans.TRACE_ID).err()).contains("The trace store answered 500").contains("broken");
		}
	}

	@Test
	void refusesWhatIsNoId() {
		Run run = Run.of(new TraceCommand(), "first");
		assertThat(run.exit()).isEqualTo(2);
		assertThat(run.err()).contains("'first' is neither a trace id (32 hex digits), nor an order id (a UUID)");
		assertThat(Run.of(new TraceCommand(), "--wait", "15").exit()).isEqualTo(2);
		assertThat(Run.of(new TraceCommand(), "--width", "wide").exit()).isEqualTo(2);
	}

	private static Spans whole(Spans spans) {
		return spans.checkout().consumer("analytics-service", "d").consumer("notification-service", "e");
	}

	private static StubServer storeOf(String json) {
		return new StubServer((request) -> Reply.of(200, json));
	}

	private static Run trace(StubServer store, String... arguments) {
		String[] all = new String[arguments.length + 2];
		all[0] = "--traces";
		all[1] = store.url();
		System.arraycopy(arguments, 0, all, 2, arguments.length);
		return Run.of(new TraceCommand(), all);
	}

}
