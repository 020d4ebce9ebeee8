package io.twelveseconds.demo.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.twelveseconds.demo.bench.BenchResult.Measure;
import io.twelveseconds.demo.bench.BenchResult.Run;
import io.twelveseconds.demo.bench.BenchResult.Spread;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class BenchReportTests {

	/** Twice as much is done in the second round; the ratio does not see it. */
	@Test
	void ratioIsTakenWithinARound() {
		BenchResult result = result(List.of(100.0, 200.0, 120.0), List.of(80.0, 170.0, 60.0));
		assertThat(result.spread(Measure.THROUGHPUT, "none")).isEqualTo(new Spread(120, 100, 200));
		assertThat(result.ratio(Measure.THROUGHPUT, "everything")).contains(new Spread(0.8, 0.5, 0.85));
		assertThat(result.ratio(Measure.THROUGHPUT, "none")).isEmpty();
	}

	@Test
	void medianOfTwoLiesBetweenThem() {
		assertThat(result(List.of(100.0, 200.0), List.of(1.0, 1.0)).spread(Measure.THROUGHPUT, "none").median())
			.isEqualTo(150);
	}

	@Test
	void nothingIsComparedWithNothing() {
		assertThat(result(List.of(0.0), List.of(80.0)).ratio(Measure.THROUGHPUT, "everything")).isEmpty();
	}

	@Test
	void tableShowsEachModeOfEachMeasure() {
		List<String> table = report(result(List.of(100.0, 200.0, 120.0), List.of(80.0, 170.0, 60.0))).table();
		assertThat(table).contains("stack          embedded", "No order failed, and the agents lost no span.");
		assertThat(table).anyMatch((line) -> line.matches(" +MEDIAN +MIN .. MAX +RATIO TO NONE"))
			.anyMatch((line) -> line.matches("ratio to none +everything"))
			.anyMatch((line) -> line.matches("throughput at saturation +0.80"))
			.noneMatch((line) -> line.matches("memory .*[0-9].*"))
			.anyMatch((line) -> line.matches("  none +120 +100 .. 200"))
			.anyMatch((line) -> line.matches("  everything +80.0 +60.0 .. 170 +0.80 \\(0.50 .. 0.85\\)"));
		assertThat(table).filteredOn((line) -> line.startsWith("  everything ")).hasSize(Measure.values().length);
	}

	@Test
	void failedOrdersAndLostSpansAreSaidFirst() {
		List<Run> runs = new ArrayList<>(result(List.of(100.0), List.of(80.0)).runs());
		runs.set(1, new Run(1, "everything", runs.get(1).figures(), 3, 70));
		BenchReport report = report(new BenchResult(List.of("none", "everything"), 50, runs));
		assertThat(report.table()).contains("everything: 3 orders failed, so the figures mean nothing.",
				"everything: the agents lost 70 spans, so tracing seems cheaper than it is.");
		assertThat(report.html()).contains("<strong>everything: 3 orders failed");
	}

	@Test
	void pageNeedsNothingElse() {
		String html = report(result(List.of(100.0, 200.0), List.of(80.0, 170.0))).html();
		assertThat(html.split("<svg")).hasSize(1 + Measure.values().length);
		assertThat(html.split("<circle")).hasSize(1 + 4 * Measure.values().length);
		assertThat(html).contains("throughput at saturation, orders/s", "125 orders/s", "0.83 (0.80 .. 0.85)",
				"a &lt; b");
		assertThat(html).doesNotContain("<script", "src=", "href=", "url(", "NaN");
	}

	@Test
	void jsonHasEveryRun() {
		JsonNode json = report(result(List.of(100.0, 200.0), List.of(80.0, 170.0))).json();
		assertThat(json.path("runs").size()).isEqualTo(4);
		assertThat(json.at("/runs/3/figures/throughput").asDouble()).isEqualTo(170);
		assertThat(json.at("/modes/1/throughput/ratio/max").asDouble()).isEqualTo(0.85);
		assertThat(json.at("/modes/0/throughput").has("ratio")).isFalse();
		assertThat(json.at("/circumstances/stack").asString()).isEqualTo("embedded");
	}

	private static BenchReport report(BenchResult result) {
		return new BenchReport(result, Map.of("stack", "embedded", "lean", "a < b"));
	}

	/** What is not throughput was not measured. */
	private static BenchResult result(List<Double> none, List<Double> everything) {
		List<Run> runs = new ArrayList<>();
		for (int n = 0; n < none.size(); n++) {
			runs.add(run(n + 1, "none", none.get(n)));
			runs.add(run(n + 1, "everything", everything.get(n)));
		}
		return new BenchResult(List.of("none", "everything"), 50, runs);
	}

	private static Run run(int round, String mode, double throughput) {
		Map<Measure, Double> figures = new EnumMap<>(Measure.class);
		for (Measure measure : Measure.values()) {
			figures.put(measure, 0.0);
		}
		figures.put(Measure.THROUGHPUT, throughput);
		return new Run(round, mode, figures, 0, 0);
	}

}
