package io.twelveseconds.demo.sampling;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.twelveseconds.demo.sampling.PlantedLoad.Sort;
import io.twelveseconds.demo.sampling.SamplingFigures.Share;
import io.twelveseconds.demo.scenario.Check;
import io.twelveseconds.demo.telemetry.Sampling;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class SamplingFiguresTests {

	private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

	@Test
	void everythingMustKeepEveryTrace() {
		assertThat(broken("everything", share(20, 20), share(10, 10), share(100, 100), share(1870, 1870), 0)).isEmpty();
		assertThat(broken("everything", share(20, 20), share(10, 10), share(100, 100), share(1869, 1870), 0))
			.singleElement()
			.asString()
			.contains("100 % of the rest");
		assertThat(broken("everything", share(19, 20), share(10, 10), share(100, 100), share(1870, 1870), 0))
			.singleElement()
			.asString()
			.contains("all errors");
	}

	@Test
	void headMustLoseErrorsAndKeepItsShare() {
		assertThat(broken("head", share(2, 20), share(1, 10), share(9, 100), share(187, 1870), 0)).isEmpty();
		assertThat(broken("head", share(11, 20), share(1, 10), share(9, 100), share(187, 1870), 0)).singleElement()
			.asString()
			.contains("at most half of the errors");
		// 10 % of 1870, and 3.3 standard deviations of 13 each.
		assertThat(broken("head", share(2, 20), share(1, 10), share(9, 100), share(229, 1870), 0)).isEmpty();
		assertThat(broken("head", share(2, 20), share(1, 10), share(9, 100), share(231, 1870), 0)).hasSize(1);
		assertThat(broken("head", share(2, 20), share(1, 10), share(9, 100), share(143, 1870), 0)).hasSize(1);
	}

	@Test
	void tailMustKeepErrorsAndSlowOnesAndItsShare() {
		assertThat(broken("tail", share(20, 20), share(10, 10), share(5, 100), share(94, 1870), 0)).isEmpty();
		assertThat(broken("tail", share(20, 20), share(9, 10), share(5, 100), share(94, 1870), 0)).singleElement()
			.asString()
			.contains("all slow checkouts");
		assertThat(broken("tail", share(20, 20), share(10, 10), share(5, 100), share(30, 1870), 0)).hasSize(1);
	}

	@Test
	void limitMayKeepLessButNotMore() {
		assertThat(broken("custom", share(20, 20), share(10, 10), share(100, 100), share(30, 1870), 0)).isEmpty();
		assertThat(broken("custom", share(20, 20), share(10, 10), share(100, 100), share(300, 1870), 0)).hasSize(1);
		assertThat(broken("custom", share(20, 20), share(10, 10), share(99, 100), share(30, 1870), 0)).singleElement()
			.asString()
			.contains("premium");
	}

	@Test
	void noTraceMayBeInPieces() {
		assertThat(broken("tail", share(20, 20), share(10, 10), share(5, 100), share(94, 1870), 1)).singleElement()
			.asString()
			.contains("as a whole");
	}

	@Test
	void nothingIsProvedByNobody() {
		Share none = Share.NONE;
		assertThat(broken("everything", none, none, none, none, 0)).hasSize(3);
		assertThat(broken("head", none, none, none, none, 0)).hasSize(3);
	}

	@Test
	void nothingIsPromisedOfWhomNobodyPlanted() {
		SamplingFigures figures = new SamplingFigures("tail", 2000,
				Map.of(Sort.PREMIUM, share(5, 100), Sort.REST, share(95, 1900)), 0, 2000, 30, 3, 5000, 2000, 1,
				60_000_000, 100_000_000, 40, 50);
		assertThat(figures.checks(Sampling.of(ROOT, "tail"))).allMatch(Check::held)
			.noneMatch((check) -> check.what().matches(".*(errors|slow).*"));
	}

	@Test
	void countOfTheOrdersMayBeWrongByChanceOnly() {
		// 10 % of 2000: an error of 6.7 %, times 3.3.
		assertThat(counted("head", 2430)).isTrue();
		assertThat(counted("head", 2450)).isFalse();
		assertThat(counted("head", 200)).isFalse();
		assertThat(counted("tail", 2000)).isTrue();
		assertThat(counted("tail", 1999)).isFalse();
	}

	private static boolean counted(String sampling, double counted) {
		return figures(sampling, share(2, 2), share(1, 1), share(0, 5), share(3, 50), 0, counted)
			.checks(Sampling.of(ROOT, sampling))
			.stream()
			.filter((check) -> check.what().contains("span metrics"))
			.allMatch(Check::held);
	}

	@Test
	void canBeKeptAsJson() {
		SamplingFigures figures = figures("tail", share(2, 2), share(1, 1), share(0, 5), share(3, 50), 0, 2000);
		String json = JsonMapper.shared().writeValueAsString(figures);
		assertThat(JsonMapper.shared().readValue(json, SamplingFigures.class)).isEqualTo(figures);
	}

	private static List<Check> broken(String sampling, Share failed, Share slow, Share premium, Share rest,
			int inPieces) {
		return figures(sampling, failed, slow, premium, rest, inPieces, 2000).checks(Sampling.of(ROOT, sampling))
			.stream()
			.filter((check) -> !check.held())
			.toList();
	}

	private static SamplingFigures figures(String sampling, Share failed, Share slow, Share premium, Share rest,
			int inPieces, double counted) {
		return new SamplingFigures(sampling, 2000,
				Map.of(Sort.FAILED, failed, Sort.SLOW, slow, Sort.PREMIUM, premium, Sort.REST, rest), inPieces, counted,
				30, 3, 5000, 2000, 1, 60_000_000, 100_000_000, 40, 50);
	}

	private static Share share(int kept, int of) {
		return new Share(kept, of);
	}

}
