package io.twelveseconds.demo.scenario;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import io.twelveseconds.demo.Spans;
import io.twelveseconds.demo.load.LoadResult.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ScenarioReportTests {

	private static final Scenario SCENARIO = Scenario.read(Path.of("../../scenarios/twelve-seconds.yaml"));

	@Test
	void drawsEveryCustomerAndEveryService() {
		String html = new ScenarioReport(SCENARIO, List.of(new Check("fast", "84 ms", true)), seen(100, 12000),
				seen(100, 110), "a < b", "Healthy.")
			.html();
		assertThat(html).contains("The story holds: 1 expectations, all kept.", "before, 12.0 s", "after, 110 ms",
				">api-gateway<", "a &lt; b");
		assertThat(html.split("<circle")).hasSize(1 + 4);
		assertThat(html).doesNotContain("<script", "src=", "href=", "url(");
	}

	@Test
	void tellsHowFarABrokenStoryGot() {
		String html = new ScenarioReport(SCENARIO, List.of(new Check("slow", "84 ms", false)), seen(84), null, "", "")
			.html();
		assertThat(html).contains("does not hold: 1 of 1", "<td class=\"broken\">broken</td><td>slow</td>");
	}

	private static Observation seen(int... millis) {
		return new Observation(IntStream.of(millis)
			.mapToObj((took) -> new Outcome("POST /api/orders", Duration.ofSeconds(1), Duration.ofMillis(took), 201,
					null, Optional.empty(), Optional.empty()))
			.toList(), List.of(Spans.justNow().checkout().trace()), null);
	}

}
