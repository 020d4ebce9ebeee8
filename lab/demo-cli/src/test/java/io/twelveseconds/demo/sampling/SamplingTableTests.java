package io.twelveseconds.demo.sampling;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

import io.twelveseconds.demo.sampling.PlantedLoad.Sort;
import io.twelveseconds.demo.sampling.SamplingFigures.Share;
import io.twelveseconds.demo.scenario.Check;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SamplingTableTests {

	private final SamplingTable table = new SamplingTable(
			List.of(figures("everything", 20, 13_500, 50), figures("head", 2, 1350, 60)), 0.5);

	@Test
	void showsTheWaysSideBySide() {
		StringWriter text = new StringWriter();
		this.table.print(new PrintWriter(text));
		assertThat(text.toString().lines()).anyMatch((line) -> line.matches(" +everything +head"))
			.anyMatch((line) -> line.matches("  with an error +20 of 20 +2 of 20"))
			.anyMatch((line) -> line.matches("Jaeger, memory +- +-"))
			.anyMatch((line) -> line.matches("  of the first column's +1.00 +1.20"))
			// 13,500 bytes for each of a million orders, and half as much money.
			.anyMatch((line) -> line.matches("at 1 M orders a day +13.5 GB +1.4 GB"))
			.anyMatch((line) -> line.matches("  at 0.50 a GB +6.75 +0.68"));
	}

	@Test
	void pageHasPlotsAndPromises() {
		String page = this.table.html(List.of(new Check("head: <few> errors", "2 of 20", false)));
		assertThat(page).contains("aria-label=\"Bytes stored for each order\"", "head: &lt;few&gt; errors",
				"broken: 2 of 20");
	}

	private static SamplingFigures figures(String sampling, int errors, double bytesStored, double throughput) {
		return new SamplingFigures(sampling, 2000, Map.of(Sort.FAILED, new Share(errors, 20)), 0, 2000, 30, 3, 1700,
				bytesStored, 1, 60_000_000, 0, 40, throughput);
	}

}
