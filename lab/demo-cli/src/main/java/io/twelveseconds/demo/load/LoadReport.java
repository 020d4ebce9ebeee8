package io.twelveseconds.demo.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.load.LoadResult.Failure;
import io.twelveseconds.demo.load.LoadResult.Figures;
import io.twelveseconds.demo.load.LoadResult.Latency;
import io.twelveseconds.demo.load.LoadResult.Outcome;
import io.twelveseconds.demo.load.LoadResult.Second;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Shows what a load measured: as a table, as a line a second, as JSON. */
final class LoadReport {

	private static final String COLUMNS = "%-28s %8s %9s %9s %9s %9s %9s %9s";

	private LoadReport() {
	}

	static List<String> table(LoadPlan plan, LoadResult result) {
		List<String> lines = new ArrayList<>();
		lines.add("%s per second for %s: %d of %d arrived in %s, %d answered, %s answers per second".formatted(
				number(plan.rate()), Times.format(plan.duration()), result.arrivals(), plan.arrivals(),
				Times.format(result.elapsed()), result.total().answered(), number(result.achievedRate())));
		lines.add("");
		lines.add(COLUMNS.formatted("REQUEST", "COUNT", "P50", "P90", "P95", "P99", "P99.9", "MAX"));
		result.requests().forEach((name, figures) -> {
			if (figures.ended() > 0) {
				lines.add(row(name, figures));
			}
		});
		lines.add(row("all", result.total()));
		lines.add("");
		lines.add("Answers  " + listed(result.total().statuses()));
		lines.add("Errors   " + listed(result.total().failures()));
		lines.add("Slots    %d of %d arrivals found all %d taken and waited; %d of them gave up unsent"
			.formatted(result.waited(), result.arrivals(), plan.inFlight(), result.total().failed(Failure.NO_SLOT)));
		if (result.unfinished() > 0) {
			lines.add("Open     %d not answered yet".formatted(result.unfinished()));
		}
		result.slowest()
			.stream()
			.filter((outcome) -> outcome.traceId().isPresent())
			.findFirst()
			.ifPresent(
					(outcome) -> lines.add("Slowest  %s, %s %d: ./demo trace %s".formatted(Times.format(outcome.took()),
							outcome.request(), outcome.status(), outcome.traceId().get())));
		return lines;
	}

	private static String row(String name, Figures figures) {
		Latency latency = figures.latency();
		return COLUMNS.formatted(name, figures.ended(), Times.format(latency.p50()), Times.format(latency.p90()),
				Times.format(latency.p95()), Times.format(latency.p99()), Times.format(latency.p999()),
				Times.format(latency.max()));
	}

	private static String listed(Map<?, Long> counts) {
		return counts.isEmpty() ? "none"
				: counts.entrySet()
					.stream()
					.map((count) -> count.getValue() + " x " + count.getKey())
					.collect(Collectors.joining(", "));
	}

	/** Those who arrived in that second, as far as they have left. */
	static String line(Second second) {
		Latency latency = second.figures().latency();
		String failures = second.figures().failures().isEmpty() ? "" : "; " + listed(second.figures().failures());
		return "%4d s  p50 %9s  p95 %9s  p99 %9s  max %9s  %s%s".formatted(second.second(), Times.format(latency.p50()),
				Times.format(latency.p95()), Times.format(latency.p99()), Times.format(latency.max()),
				listed(second.figures().statuses()), failures);
	}

	static ObjectNode json(LoadPlan plan, LoadResult result) {
		ObjectNode json = JsonNodeFactory.instance.objectNode();
		json.put("gateway", plan.gateway().toString())
			.put("rate", plan.rate())
			.put("durationSeconds", plan.duration().toMillis() / 1e3)
			.put("seed", plan.seed())
			.put("planned", plan.arrivals())
			.put("arrived", result.arrivals())
			.put("waitedForSlot", result.waited())
			.put("unfinished", result.unfinished())
			.put("elapsedSeconds", result.elapsed().toMillis() / 1e3)
			.put("achievedRate", Math.round(result.achievedRate() * 100) / 100.0)
			.set("total", figures(result.total()));
		ObjectNode requests = json.putObject("requests");
		result.requests().forEach((name, figures) -> requests.set(name, figures(figures)));
		ArrayNode seconds = json.putArray("seconds");
		result.seconds().forEach((second) -> seconds.add(figures(second.figures()).put("second", second.second())));
		ArrayNode slowest = json.putArray("slowest");
		result.slowest().forEach((outcome) -> slowest.add(outcome(outcome)));
		return json;
	}

	private static ObjectNode figures(Figures figures) {
		ObjectNode json = JsonNodeFactory.instance.objectNode();
		json.put("answered", figures.answered());
		ObjectNode statuses = json.putObject("statuses");
		figures.statuses().forEach((status, count) -> statuses.put(status.toString(), count));
		ObjectNode errors = json.putObject("errors");
		figures.failures().forEach((failure, count) -> errors.put(name(failure), count));
		Latency latency = figures.latency();
		json.putObject("latencyMillis")
			.put("p50", millis(latency.p50()))
			.put("p90", millis(latency.p90()))
			.put("p95", millis(latency.p95()))
			.put("p99", millis(latency.p99()))
			.put("p99.9", millis(latency.p999()))
			.put("max", millis(latency.max()));
		return json;
	}

	private static ObjectNode outcome(Outcome outcome) {
		ObjectNode json = JsonNodeFactory.instance.objectNode();
		json.put("request", outcome.request())
			.put("dueSeconds", outcome.due().toMillis() / 1e3)
			.put("tookMillis", millis(outcome.took()));
		if (outcome.failure() != null) {
			json.put("error", name(outcome.failure()));
		}
		else {
			json.put("status", outcome.status());
		}
		outcome.traceId().ifPresent((id) -> json.put("traceId", id));
		return json;
	}

	private static String name(Failure failure) {
		return failure.name().toLowerCase(Locale.ROOT);
	}

	private static double millis(Duration duration) {
		return duration.toNanos() / 1000 / 1e3;
	}

	private static String number(double value) {
		return String.format(Locale.ROOT, (value == Math.rint(value)) ? "%.0f" : "%.1f", value);
	}

}
