package io.twelveseconds.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.twelveseconds.demo.shop.Http;
import io.twelveseconds.trace.Trace;
import io.twelveseconds.trace.TraceReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@code deploy/two-tier}: two Collectors that sample, one in front of them that keeps
 * traces together, and a Jaeger behind. No shop: the spans are made here, and no two of a
 * trace come in the same request.
 */
@ParameterizedClass
@ValueSource(strings = { "tail", "custom" })
@DisabledIf(value = "isNotNative", disabledReason = "needs the real Collector and Jaeger: -Dstack=native")
class TwoTierIT {

	private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

	/** Away from the shop, which the other tests may have running. */
	private static final int OFFSET = 15_000;

	private static final int SPANS = 4;

	private static final int TRACES = 300;

	private static final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

	private static final List<Process> processes = new ArrayList<>();

	private static String otelcol = "";

	/** How the second tier samples. */
	@Parameter
	@SuppressWarnings("NullAway.Init")
	String sampling;

	static boolean isNotNative() {
		return !Deployment.name().equals("native");
	}

	/**
	 * One that is wrong, one that is slow, one of a premium customer, or one of the many.
	 */
	private record Sent(String traceId, boolean error, boolean slow, boolean premium) {

		static List<Sent> many() {
			return IntStream.range(0, TRACES)
				.mapToObj((n) -> new Sent(RunningShop.newTraceId(), n % 20 == 0, n % 20 == 1, n % 20 == 2))
				.toList();
		}

		boolean mustBeKept(String sampling) {
			return this.error || this.slow || (this.premium && sampling.equals("custom"));
		}

		/** Only the last but one of the spans is special. */
		String span(int number) {
			long end = System.currentTimeMillis();
			boolean special = number == SPANS - 2;
			return """
					{"traceId": "%s", "spanId": "00000000000000a%d", "name": "work", "kind": 2,
					 "startTimeUnixNano": "%d000000", "endTimeUnixNano": "%d000000", "status": {"code": %d},
					 "attributes": [{"key": "url.full", "value": {"stringValue": "http://inventory-service/%s"}}]}"""
				.formatted(this.traceId, number, end - ((special && this.slow) ? 2000 : 20), end,
						(special && this.error) ? 2 : 0, (special && this.premium) ? "products" : "stock");
		}

	}

	@BeforeParameterizedClassInvocation
	static void start(String sampling) {
		String programs = Commands.output(ROOT, Map.of(), List.of(ROOT.resolve("demo").toString(), "tools", "--list"));
		Map<String, String> path = programs.lines()
			.map((line) -> line.strip().split(" +", 2))
			.collect(Collectors.toMap((words) -> words[0], (words) -> words[1]));
		otelcol = path.getOrDefault("otelcol", "");
		run("jaeger",
				Map.of("JAEGER_OTLP_PORT", port(4320), "JAEGER_METRICS_PORT", port(8889), "JAEGER_HEALTH_PORT",
						port(13134), "JAEGER_QUERY_PORT", port(16686), "JAEGER_QUERY_GRPC_PORT", port(16685)),
				List.of(path.getOrDefault("jaeger", ""), "--config", "telemetry/jaeger.yaml"));
		for (int back : List.of(100, 200)) {
			collector(back, "otel-collector.yaml", "telemetry/sampling/%s/collector.yaml".formatted(sampling),
					"yaml:processors::tail_sampling::decision_wait: 3s");
		}
		// By address: two Collectors on one machine cannot share a name.
		collector(0, "deploy/two-tier/front.yaml",
				"yaml:exporters::load_balancing::resolver: {dns: null, static: {hostnames: ['127.0.0.1:%s', '127.0.0.1:%s']}}"
					.formatted(port(4317 + 100), port(4317 + 200)));
		await("all of them").atMost(Duration.ofSeconds(30))
			.ignoreExceptions()
			.until(() -> get(13133 + 100, "/").statusCode() == 200 && get(13133 + 200, "/").statusCode() == 200
					&& get(13133, "/").statusCode() == 200 && get(16686, "/api/v3/services").statusCode() == 200);
	}

	@AfterParameterizedClassInvocation
	static void stop() throws InterruptedException {
		processes.forEach(Process::destroy);
		for (Process process : processes) {
			if (!process.waitFor(10, TimeUnit.SECONDS)) {
				process.destroyForcibly();
			}
		}
		processes.clear();
	}

	@Test
	void tracesAreKeptOrDroppedAsAWhole() throws Exception {
		List<Sent> sent = Sent.many();
		long first = received(100);
		long second = received(200);
		for (int span = 0; span < SPANS; span++) {
			send(4318, sent, span, (trace) -> true);
		}
		awaitDecisions(first + second + TRACES);

		// Had one been split, it would have been new to both.
		assertThat(received(100) - first).isPositive();
		assertThat(received(200) - second).isPositive();
		assertThat(received(100) + received(200)).isEqualTo(first + second + TRACES);
		List<Integer> sizes = sizesOnceStored(sent, (trace) -> size(trace) == SPANS);
		assertThat(sizes).containsOnly(0, SPANS);
		// Of 270, tail keeps one in twenty: 14. What custom keeps shares of is not among
		// them.
		long others = kept(sent.stream().filter((trace) -> !trace.mustBeKept(this.sampling)).toList());
		assertThat(others).isBetween(this.sampling.equals("tail") ? 1L : 0L, this.sampling.equals("tail") ? 60L : 0L);
	}

	/** The counter-example: what any other load balancer does. */
	@Test
	void withoutTheFirstTierTracesAreTornApart() throws Exception {
		List<Sent> sent = Sent.many();
		long before = received(100) + received(200);
		for (int span = 0; span < SPANS; span++) {
			int even = span % 2;
			send(4318 + 100, sent, span, (trace) -> even == 0);
			send(4318 + 200, sent, span, (trace) -> even == 1);
		}
		awaitDecisions(before + 2 * TRACES);

		assertThat(received(100) + received(200)).isEqualTo(before + 2 * TRACES);
		assertThat(sizesOnceStored(sent, (trace) -> size(trace) > 0)).contains(SPANS / 2);
	}

	/** All spans of this number, twenty in a request. */
	private static void send(int port, List<Sent> traces, int number, Predicate<Sent> choice) throws Exception {
		List<String> spans = traces.stream().filter(choice).map((trace) -> trace.span(number)).toList();
		for (int from = 0; from < spans.size(); from += 20) {
			HttpResponse<String> response = whole(request(port, "/v1/traces").header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString("""
						{"resourceSpans": [{
						  "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "%s"}}]},
						  "scopeSpans": [{"spans": [%s]}]}]}
						""".formatted((number == SPANS - 2) ? "loyalty-service" : "part-" + number,
						String.join(",", spans.subList(from, Math.min(from + 20, spans.size())))))));
			assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		}
	}

	private static void awaitDecisions(long traces) {
		await("a decision about each trace").atMost(Duration.ofSeconds(30))
			.until(() -> figure(100, "otelcol_processor_tail_sampling_global_count_traces_sampled")
					+ figure(200, "otelcol_processor_tail_sampling_global_count_traces_sampled") >= traces);
	}

	/** Traces that this Collector had not seen before. */
	private static long received(int back) throws Exception {
		return figure(back, "otelcol_processor_tail_sampling_new_trace_id_received");
	}

	/** Its figure of this name, over all labels. */
	private static long figure(int back, String name) throws Exception {
		return Pattern.compile("(?m)^%s(?:_total)?(?:\\{.*})? (\\d+)$".formatted(name))
			.matcher(get(8888 + back, "/metrics").body())
			.results()
			.mapToLong((figure) -> Long.parseLong(figure.group(1)))
			.sum();
	}

	/** Spans that Jaeger has of each trace, once it has those that must be kept. */
	private List<Integer> sizesOnceStored(List<Sent> sent, Predicate<Sent> stored) {
		await("the traces that must be kept").atMost(Duration.ofSeconds(15))
			.until(() -> sent.stream().filter((trace) -> trace.mustBeKept(this.sampling)).allMatch(stored));
		return sent.stream().map(TwoTierIT::size).toList();
	}

	private static long kept(List<Sent> sent) {
		return sent.stream().filter((trace) -> size(trace) > 0).count();
	}

	private static int size(Sent sent) {
		try {
			HttpResponse<String> response = get(16686, "/api/v3/traces/" + sent.traceId());
			assertThat(response.statusCode()).isIn(200, 404);
			return (response.statusCode() == 404) ? 0
					: TraceReader.readAll(response.body()).stream().map(Trace::spans).mapToInt(List::size).sum();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
		return whole(request(port, path));
	}

	private static HttpResponse<String> whole(HttpRequest.Builder request) throws IOException, InterruptedException {
		return Http.whole(http, request.build(), HttpResponse.BodyHandlers.ofString(), Duration.ofSeconds(5));
	}

	private static HttpRequest.Builder request(int port, String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(port) + path));
	}

	private static void collector(int shift, String... configuration) {
		List<String> command = new ArrayList<>(List.of(otelcol));
		for (String part : configuration) {
			command.addAll(List.of("--config", part));
		}
		run("collector-" + shift,
				Map.of("COLLECTOR_OTLP_GRPC_PORT", port(4317 + shift), "COLLECTOR_OTLP_HTTP_PORT", port(4318 + shift),
						"COLLECTOR_HEALTH_PORT", port(13133 + shift), "COLLECTOR_METRICS_PORT", port(8888 + shift),
						"COLLECTOR_SPAN_METRICS_PORT", port(8887 + shift), "JAEGER_OTLP_ENDPOINT",
						"127.0.0.1:" + port(4320)),
				command);
	}

	private static void run(String name, Map<String, String> environment, List<String> command) {
		try {
			Path log = Files.createDirectories(Path.of("target", "two-tier")).resolve(name + ".log").toAbsolutePath();
			ProcessBuilder builder = new ProcessBuilder(command).directory(ROOT.toFile())
				.redirectErrorStream(true)
				.redirectOutput(log.toFile());
			builder.environment().putAll(environment);
			processes.add(builder.start());
		}
		catch (IOException ex) {
			throw new AssertionError(name + " does not start", ex);
		}
	}

	private static String port(int usual) {
		return String.valueOf(usual + OFFSET);
	}

}
