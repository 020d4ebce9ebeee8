package io.twelveseconds.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpServer;
import io.twelveseconds.trace.Span;
import io.twelveseconds.trace.Trace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * Faults reach the services by flag and by baggage, strike there, and are seen in the
 * trace.
 */
@ExtendWith(RunningShop.class)
class FaultIT {

	@AfterEach
	void calm(RunningShop shop) {
		shop.deployment().demo("fault", "off", "--all");
	}

	@Test
	void baggageStrikesThatOneOrderDeepInside(RunningShop shop) {
		Shop.Answer struck = shop.customer().order("cust-01", "sku-06", 1, Map.of("baggage", "demo.fault=stock-slow"));
		Shop.Answer calm = shop.customer().order("cust-01", "sku-06", 1);
		assertThat(struck.status()).isEqualTo(201);

		Trace trace = shop.wholeTrace(struck.traceId());
		assertThat(fault(trace)).contains("stock-slow=on in inventory-service");
		assertThat(trace.spans()).anyMatch((span) -> span.service().equals("inventory-service")
				&& span.kind() == Span.Kind.CLIENT && span.duration().compareTo(Duration.ofSeconds(1)) >= 0);
		assertThat(fault(shop.wholeTrace(calm.traceId()))).isEmpty();
	}

	/**
	 * Nobody waits for this call: the span that would be marked may have ended before it.
	 */
	@Test
	void refusedCallReallyFails(RunningShop shop) {
		Shop.Answer struck = shop.customer()
			.order("cust-01", "sku-06", 1, Map.of("baggage", "demo.fault=analytics-refuses"));
		assertThat(struck.status()).isEqualTo(201);

		Trace trace = shop.wholeTrace(struck.traceId());
		List<Span> refused = trace.spans()
			.stream()
			.filter((span) -> span.service().equals("order-service") && span.kind() == Span.Kind.CLIENT && span.failed()
					&& span.text("url.full").endsWith("/checkouts"))
			.toList();
		assertThat(refused).hasSize(1);
		assertThat(trace.spans()).noneMatch((span) -> trace.parent(span).equals(Optional.of(refused.get(0))));
	}

	/** What a request asked for is not asked for by the work that makes up for it. */
	@Test
	void orderThatWasStruckIsSettledAfterwards(RunningShop shop) {
		Shop.Answer struck = shop.customer()
			.order("cust-02", "sku-06", 1, Map.of("baggage", "demo.fault=payment-fails"));
		assertThat(struck.status()).isEqualTo(202);
		assertThat(struck.text("/status")).isEqualTo("PAYMENT_UNKNOWN");
		shop.awaitBalancedBooks();
		assertThat(shop.customer().get("/api/orders/" + struck.text("/id")).text("/status")).isEqualTo("CONFIRMED");
	}

	@Test
	void baggageGoesThroughTheOutboxAndKafka(RunningShop shop) {
		Shop.Answer struck = shop.customer().order("cust-02", "sku-06", 1, Map.of("baggage", "demo.fault=mails-late"));
		Trace trace = shop.wholeTrace(struck.traceId());
		assertThat(fault(trace)).contains("mails-late=on in notification-service");
		assertThat(trace.spans()).anyMatch((span) -> span.service().equals("notification-service")
				&& span.kind() == Span.Kind.CONSUMER && span.duration().compareTo(Duration.ofSeconds(2)) >= 0);
	}

	@Test
	void flagStrikesEveryOrderUntilItIsSwitchedOff(RunningShop shop) {
		shop.deployment().demo("fault", "on", "payment-far-away", "latency=400ms", "every=2");
		List<String> orders = List.of(order(shop), order(shop), order(shop), order(shop));
		List<Trace> traces = orders.stream().map(shop::wholeTrace).toList();
		assertThat(traces).extracting(FaultIT::fault)
			.containsExactly(Optional.empty(), Optional.of("payment-far-away=on in order-service"), Optional.empty(),
					Optional.of("payment-far-away=on in order-service"));
		assertThat(traces.get(1).root().duration()).isGreaterThan(Duration.ofMillis(400));

		shop.deployment().demo("fault", "off", "payment-far-away");
		List<String> calm = List.of(order(shop), order(shop));
		assertThat(calm).extracting((id) -> fault(shop.wholeTrace(id))).containsOnly(Optional.empty());
	}

	/** A bound that was promised; it is usually half a second. */
	@Test
	void changeIsSeenWithinFiveSeconds(RunningShop shop) {
		for (String fault : List.of("payment-late", "mails-late", "stock-slow")) {
			assertThat(seenAfter(shop.deployment().demo("fault", "on", fault))).isLessThan(Duration.ofSeconds(5));
			assertThat(seenAfter(shop.deployment().demo("fault", "off", fault))).isLessThan(Duration.ofSeconds(5));
		}
	}

	private static Duration seenAfter(String told) {
		Matcher after = Pattern.compile("has seen it after ([\\d.]+) (ms|s)\\.").matcher(told);
		assertThat(after.find()).as(told).isTrue();
		double number = Double.parseDouble(after.group(1));
		return Duration.ofNanos((long) (number * (after.group(2).equals("s") ? 1e9 : 1e6)));
	}

	/** A gateway of its own, since those of the shop are allowed to be broken. */
	@Test
	void gatewayThatIsNotAllowedFaultsPassesNoneOn(RunningShop shop) throws IOException, InterruptedException {
		assumeFalse(Deployment.name().equals("compose"), "it is started from the jar, which compose does not need");
		BlockingQueue<String> baggage = new LinkedBlockingQueue<>();
		HttpServer orders = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		orders.createContext("/", (exchange) -> {
			baggage.add(String.valueOf(exchange.getRequestHeaders().getFirst("baggage")));
			exchange.sendResponseHeaders(404, -1);
			exchange.close();
		});
		orders.start();
		int port = freePort();
		Process gateway = gateway(shop, port, orders.getAddress().getPort());
		try {
			Shop strangers = new Shop(URI.create("http://127.0.0.1:" + port));
			await("a gateway").atMost(Duration.ofSeconds(90))
				.ignoreExceptionsMatching((ex) -> true)
				.until(() -> strangers.get("/actuator/health").status() == 200);
			strangers.order("cust-01", "sku-01", 1, Map.of("baggage", "demo.fault=payment-hangs,team=a"));
			assertThat(baggage.poll(10, TimeUnit.SECONDS)).isEqualTo("team=a");
		}
		finally {
			gateway.destroy();
			gateway.waitFor(20, TimeUnit.SECONDS);
			gateway.destroyForcibly();
			orders.stop(0);
		}
	}

	private static Process gateway(RunningShop shop, int port, int orders) throws IOException {
		Path root = shop.root();
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1",
				"-javaagent:" + root.resolve("lab/demo-cli/target/agent/opentelemetry-javaagent.jar"), "-jar",
				root.resolve("api-gateway/target/api-gateway.jar").toString())
			.redirectErrorStream(true)
			.redirectOutput(Path.of("target", "strict-gateway.log").toFile());
		builder.environment()
			.putAll(Map.of("SERVER_PORT", String.valueOf(port), "OTEL_SERVICE_NAME", "strict-gateway",
					"OTEL_CONFIG_FILE", root.resolve("telemetry/agent.yaml").toString(), "OTEL_EXPORTER_OTLP_ENDPOINT",
					"http://127.0.0.1:1", "SPRING_HTTP_SERVICECLIENT_ORDER_BASE_URL", "http://127.0.0.1:" + orders));
		builder.environment().remove("DEMO_FAULTS_ALLOWED");
		return builder.start();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	/** The id of its trace. */
	private static String order(RunningShop shop) {
		return shop.customer().order("cust-03", "sku-07", 1).traceId();
	}

	/** The fault that is written on a span of this trace. */
	private static Optional<String> fault(Trace trace) {
		return trace.spans()
			.stream()
			.filter((span) -> !span.text("feature_flag.key").isEmpty())
			.map((span) -> "%s=%s in %s".formatted(span.text("feature_flag.key"),
					span.text("feature_flag.result.variant"), span.service()))
			.findFirst();
	}

}
