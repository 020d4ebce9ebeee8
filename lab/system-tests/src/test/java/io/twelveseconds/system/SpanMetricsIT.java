package io.twelveseconds.system;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The spans as figures: in Prometheus, in Jaeger's Monitor tab, and from the figure back
 * to a trace.
 */
@ExtendWith(RunningShop.class)
@DisabledIf(value = "isNotCompose", disabledReason = "there is a Prometheus under compose only: -Dstack=compose")
class SpanMetricsIT {

	private static final int ORDERS = 150;

	private static final String COUNTED = checkouts("traces_span_metrics_calls_total");

	private static final String KEPT = checkouts("traces_span_metrics_kept_calls_total");

	static boolean isNotCompose() {
		return !Deployment.name().equals("compose");
	}

	@Test
	void everyCheckoutIsCountedAndShownByJaeger(RunningShop shop) {
		long before = settled(COUNTED);
		Instant start = Instant.now();
		load(shop);
		shop.awaitWholeTraces(start);
		await("each checkout counted").atMost(Duration.ofSeconds(45))
			.untilAsserted(() -> assertThat(value(COUNTED)).isEqualTo(before + ORDERS));

		await("the Monitor tab's figures").atMost(Duration.ofSeconds(45)).untilAsserted(() -> {
			assertThat(monitor("calls", "")).as("a second").isBetween(0.1, 100.0);
			assertThat(monitor("errors", "")).as("a share, and not all").isBetween(0.0, 0.99);
			assertThat(monitor("latencies", "&quantile=0.95")).as("milliseconds").isBetween(5.0, 30_000.0);
		});
	}

	/**
	 * Most traces are dropped after they have been counted: no exemplar may be one of
	 * them.
	 */
	@Test
	void exemplarsAreOfTracesThatWereKept(RunningShop shop) {
		shop.deployment().sampling("tail");
		try {
			Instant start = Instant.now();
			load(shop);
			await("a decision about each trace, and its exemplars").atMost(Duration.ofSeconds(120))
				.untilAsserted(() -> {
					assertThat(exemplars("traces_span_metrics_kept.*", start)).isNotEmpty();
					assertThat(value(COUNTED)).isEqualTo(ORDERS);
					// One in twenty, and those of a second or more.
					assertThat(value(KEPT)).isBetween(1L, ORDERS - 1L);
				});
			assertThat(exemplars("traces_span_metrics_(calls|duration).*", start)).isEmpty();
			Set<String> traces = exemplars("traces_span_metrics_kept.*", start);
			await("all of them in Jaeger").atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(traces)
					.allMatch((id) -> RunningShop.get(RunningShop.at(16686).resolve("/api/v3/traces/" + id))
						.statusCode() == 200));
		}
		finally {
			shop.deployment().sampling("everything");
		}
	}

	/** As the Collector that runs now has counted them; one before it sends no more. */
	private static String checkouts(String metric) {
		return "sum(last_over_time(%s{service_name=\"api-gateway\",span_name=\"POST /api/orders\",span_kind=\"SPAN_KIND_SERVER\"}[20s]))"
			.formatted(metric);
	}

	private static void load(RunningShop shop) {
		shop.deployment().demo("load", "--rate", "5", "--for", "30s", "--max", String.valueOf(ORDERS));
	}

	/** What it is when nothing more comes: figures are a flush, that is 15 s, late. */
	private long settled(String query) {
		long[] last = { -1 };
		await("figures that stay").atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofSeconds(25)).until(() -> {
			long before = last[0];
			last[0] = value(query);
			return last[0] == before;
		});
		return last[0];
	}

	private long value(String query) {
		JsonNode result = json(prometheus("query?query=" + encoded(query))).at("/data/result");
		return result.isEmpty() ? 0 : Math.round(Double.parseDouble(result.at("/0/value/1").asString()));
	}

	/** Traces that the exemplars of these metrics point to. */
	private Set<String> exemplars(String names, Instant since) {
		return json(prometheus("query_exemplars?query=%s&start=%s&end=%s"
			.formatted(encoded("{__name__=~\"%s\"}".formatted(names)), since, Instant.now().plusSeconds(60))))
			.at("/data")
			.values()
			.stream()
			.flatMap((series) -> series.at("/exemplars").values().stream())
			.map((exemplar) -> exemplar.at("/labels/trace_id").asString())
			.collect(Collectors.toSet());
	}

	/** The last value that the Monitor tab would draw for the checkout at the gateway. */
	private double monitor(String figure, String more) {
		JsonNode metrics = json(RunningShop.at(16686)
			.resolve(
					"/api/metrics/%s?service=api-gateway&groupByOperation=true&spanKind=server&step=15000&ratePer=60000"
						.formatted(figure) + "&lookback=300000&endTs=" + System.currentTimeMillis() + more))
			.at("/metrics");
		JsonNode points = metrics.values()
			.stream()
			.filter((metric) -> metric.at("/labels").toString().contains("\"POST /api/orders\""))
			.findFirst()
			.orElseThrow(() -> new AssertionError("No " + figure + " of the checkout in " + metrics))
			.at("/metricPoints");
		// Not a number where nothing was called.
		return Double.parseDouble(points.at("/%d/gaugeValue/doubleValue".formatted(points.size() - 1)).asString("NaN"));
	}

	private static URI prometheus(String path) {
		return RunningShop.at(9090).resolve("/api/v1/" + path);
	}

	private static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	private static JsonNode json(URI uri) {
		HttpResponse<String> response = RunningShop.get(uri);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return JsonMapper.shared().readTree(response.body());
	}

}
