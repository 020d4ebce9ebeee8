package io.twelveseconds.demo.order;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.twelveseconds.demo.OwnHome;
import io.twelveseconds.demo.RawServer;
import io.twelveseconds.demo.Run;
import io.twelveseconds.demo.StubServer;
import io.twelveseconds.demo.StubServer.Reply;
import io.twelveseconds.demo.StubServer.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class OrderCommandTests extends OwnHome {

	private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

	@Test
	void placesOneOfTheFirstProductByDefault() throws IOException {
		try (StubServer gateway = new StubServer((request) -> confirmed())) {
			Run run = order(gateway);
			assertThat(run.exit()).isZero();
			assertThat(run.err()).isEmpty();
			assertThat(run.out().replaceAll("Took .*", "Took     1 ms")).isEqualToNormalizingNewlines("""
					Order    6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d
					Status   CONFIRMED
					Total    32.00 EUR
					Took     1 ms
					Trace    0af7651916cd43dd8448eb211c80319c
					         http://127.0.0.1:16686/trace/0af7651916cd43dd8448eb211c80319c

					Where did the time go?  ./demo trace last
					""");
			Request request = gateway.requests().get(0);
			assertThat(request.method() + " " + request.uri()).isEqualTo("POST /api/orders");
			assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/json");
			assertThat(request.headers().getFirst("Idempotency-Key")).hasSize(36);
			assertThat(request.body()).isEqualTo("""
					{"customer":"cust-01","lines":[{"sku":"sku-01","quantity":1}]}""");
		}
		assertThat(Files.readString(this.home.resolve("last-trace"))).isEqualTo(TRACE_ID + "\n");
	}

	@Test
	void sendsTheBodyOfTheContract() throws IOException {
		String contract = Files
			.readString(Path.of("..", "..", "contracts", "http", "order-service", "place.request.json"));
		try (StubServer gateway = new StubServer((request) -> confirmed())) {
			order(gateway, "--items", "sku-01:2,sku-07", "--customer", "cust-01");
			assertThat(JsonMapper.shared().readTree(gateway.requests().get(0).body()))
				.isEqualTo(JsonMapper.shared().readTree(contract));
		}
	}

	@Test
	void ordersAsAPremiumCustomer() {
		try (StubServer gateway = new StubServer((request) -> confirmed())) {
			order(gateway, "--premium");
			assertThat(gateway.requests().get(0).body()).contains("\"cust-03\"");
			Run two = order(gateway, "--premium", "--customer", "cust-07");
			assertThat(two.exit()).isEqualTo(2);
			assertThat(two.err()).contains("Only one of --premium and --customer can be meant");
			assertThat(gateway.requests()).hasSize(1);
		}
	}

	@Test
	void leavesBusinessRulesToTheGateway() {
		try (StubServer gateway = new StubServer((request) -> confirmed())) {
			assertThat(order(gateway, "--items", "nothing:-1").exit()).isZero();
			assertThat(gateway.requests().get(0).body()).contains("{\"sku\":\"nothing\",\"quantity\":-1}");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "--items=sku-01:two", "--items=sku-01:1:1", "--items=:1", "--items=sku-01,,sku-02",
			"--items=sku-01:99999999999", "--timeout=30", "--count=0", "--count=many", "--gateway=localhost",
			"--idempotency-key=\u0437\u0430\u043a\u0430\u0437", "--idempotency-key=a\nb", "--what" })
	void refusesWhatItCannotSend(String argument) {
		Run run = Run.of(new OrderCommand(), argument);
		assertThat(run.exit()).isEqualTo(2);
		assertThat(run.err()).contains("Usage");
	}

	@Test
	void tellsAnUnansweredPaymentFromAConfirmedOrder() {
		try (StubServer gateway = new StubServer((request) -> Reply.of(202,
				orderBody().replace("\"status\": \"CONFIRMED\"", "\"status\": \"PAYMENT_UNKNOWN\"")))) {
			Run run = order(gateway);
			assertThat(run.exit()).isZero();
			assertThat(run.out()).contains("Status   PAYMENT_UNKNOWN")
				.contains("The payment has not been answered yet");
		}
	}

	@Test
	void saysWhenAnAnswerIsAReplayAndShowsTheTraceOfTheOrder() {
		try (StubServer gateway = new StubServer((request) -> new Reply(201, orderBody(), Map.of("Idempotent-Replayed",
				"true", "traceresponse", "00-11111111111111111111111111111111-2222222222222222-01")))) {
			Run run = order(gateway, "--idempotency-key", "mine");
			assertThat(run.out()).contains("CONFIRMED (replayed").contains(TRACE_ID).doesNotContain("11111111");
			assertThat(gateway.requests().get(0).headers().getFirst("Idempotency-Key")).isEqualTo("mine");
		}
	}

	@Test
	void doesNotSendAnybodyToATraceThatIsNotKept() {
		try (StubServer gateway = new StubServer((request) -> new Reply(201,
				orderBody().replaceAll(",\\s*\"traceId\": \"\\w+\"", "")
					.replaceAll(",\\s*\"traceUrl\": \"[^\"]+\"", ""),
				Map.of("traceresponse", "00-" + TRACE_ID + "-00f067aa0ba902b7-00")))) {
			assertThat(order(gateway).out()).contains(TRACE_ID, "it was not sampled").doesNotContain("trace last");
		}
	}

	@Test
	void showsAProblemAsAnAnswer() throws IOException {
		String soldOut = Files
			.readString(Path.of("..", "..", "contracts", "http", "order-service", "problem-sold-out.reply.json"));
		try (StubServer gateway = new StubServer((request) -> new Reply(409, soldOut, Map.of("Content-Type",
				"application/problem+json", "traceresponse", "00-" + TRACE_ID + "-00f067aa0ba902b7-01")))) {
			Run run = order(gateway);
			assertThat(run.exit()).isEqualTo(1);
			assertThat(run.out().replaceAll("Took .*", "Took     1 ms")).isEqualToNormalizingNewlines(
					"""
							Refused  Sold out (409)
							         There is not enough of sku-07 left. Nothing was charged; order less of it, or something else.
							Order    6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d
							Took     1 ms
							Trace    0af7651916cd43dd8448eb211c80319c

							Where did the time go?  ./demo trace last
							""");
		}
	}

	@Test
	void survivesAnAnswerThatIsNotJson() {
		try (StubServer gateway = new StubServer((request) -> Reply.of(502, "<html>Bad gateway</html>"))) {
			Run run = order(gateway);
			assertThat(run.exit()).isEqualTo(1);
			assertThat(run.out()).contains("Refused  HTTP 502 (502)").contains("<html>Bad gateway</html>");
			assertThat(order(gateway, "--json").out()).isEqualToNormalizingNewlines("""
					{"status":502,"detail":"<html>Bad gateway</html>"}
					""");
		}
	}

	@Test
	void printsOneJsonPerOrder() {
		try (StubServer gateway = new StubServer((request) -> confirmed())) {
			Run run = order(gateway, "--json", "--count", "2");
			assertThat(run.out().lines()).hasSize(2)
				.allSatisfy((line) -> assertThat(JsonMapper.shared().readTree(line))
					.isEqualTo(JsonMapper.shared().readTree(orderBody())));
		}
	}

	@Test
	void sumsUpManyOrders() {
		Iterator<Reply> replies = List.of(confirmed(), confirmed(), Reply.of(409, "{\"title\": \"Sold out\"}"))
			.iterator();
		try (StubServer gateway = new StubServer((request) -> replies.next())) {
			Run run = order(gateway, "--count", "3");
			assertThat(run.exit()).isEqualTo(1);
			assertThat(run.out().lines()).hasSize(6);
			assertThat(run.out()).contains("3 orders: 2 CONFIRMED, 1 Sold out").containsPattern("p50 .*, p95 .*, max ");
			assertThat(gateway.requests()).extracting((request) -> request.headers().getFirst("Idempotency-Key"))
				.doesNotHaveDuplicates();
		}
	}

	@Test
	void asksForFaultsByBaggage() {
		try (StubServer gateway = new StubServer((request) -> confirmed())) {
			order(gateway);
			assertThat(gateway.requests().get(0).headers()).doesNotContainKey("baggage");
			order(gateway, "--fault", "payment-late,stock-slow");
			assertThat(gateway.requests().get(1).headers().getFirst("baggage"))
				.isEqualTo("demo.fault=payment-late:stock-slow");
		}
	}

	@Test
	void explainsHowToAskAgainWhenNoAnswerComes() {
		CountDownLatch end = new CountDownLatch(1);
		Function<Request, Reply> silent = (request) -> {
			try {
				end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return confirmed();
		};
		try (StubServer gateway = new StubServer(silent)) {
			Run run = order(gateway, "--timeout", "200ms", "--idempotency-key", "mine");
			assertThat(run.exit()).isEqualTo(1);
			assertThat(run.out()).isEmpty();
			assertThat(run.err()).contains("No answer from the gateway within 200 ms")
				.contains("--idempotency-key mine");
			end.countDown();
		}
	}

	@Test
	void explainsHowToAskAgainWhenTheConnectionIsBrokenOff() throws IOException {
		try (RawServer gateway = new RawServer("HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\nabc", true)) {
			Run run = Run.of(new OrderCommand(), "--gateway", gateway.url());
			assertThat(run.exit()).isEqualTo(1);
			assertThat(run.err()).contains("broke the connection off", "the order may have been placed all the same")
				.containsPattern("--idempotency-key [0-9a-f-]{36}");
		}
	}

	@Test
	void saysThatNothingIsUp() {
		StubServer gateway = new StubServer((request) -> confirmed());
		gateway.close();
		Run run = order(gateway, "--count", "3");
		assertThat(run.exit()).isEqualTo(1);
		assertThat(run.out()).isEmpty();
		assertThat(run.err().strip()).isEqualTo("No gateway at " + gateway.url() + ": is it up? Try ./demo up");
	}

	@Test
	void takesPercentilesFromWhatWasMeasured() {
		List<Duration> times = IntStream.rangeClosed(1, 20).mapToObj(Duration::ofMillis).toList();
		assertThat(OrderCommand.percentile(times, 50)).hasMillis(10);
		assertThat(OrderCommand.percentile(times, 95)).hasMillis(19);
		assertThat(OrderCommand.percentile(times, 100)).hasMillis(20);
		assertThat(OrderCommand.percentile(times.subList(0, 1), 50)).hasMillis(1);
	}

	private static Run order(StubServer gateway, String... arguments) {
		String[] all = new String[arguments.length + 2];
		all[0] = "--gateway";
		all[1] = gateway.url();
		System.arraycopy(arguments, 0, all, 2, arguments.length);
		return Run.of(new OrderCommand(), all);
	}

	private static Reply confirmed() {
		return Reply.of(201, orderBody());
	}

	private static String orderBody() {
		try {
			return Files.readString(Path.of("..", "..", "contracts", "http", "order-service", "order.reply.json"))
				.stripTrailing()
				.replaceAll("}$", ", \"traceUrl\": \"http://127.0.0.1:16686/trace/" + TRACE_ID + "\"}");
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

}
