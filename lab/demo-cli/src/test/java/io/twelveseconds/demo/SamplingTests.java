package io.twelveseconds.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SamplingTests {

	private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

	@TempDir
	private Path home;

	@Test
	void usualOneIsWhatTheAgentDoesAnyway() throws IOException {
		assertThat(Sampling.of(ROOT, Sampling.USUAL).agents())
			.containsExactly(Map.entry("OTEL_TRACES_SAMPLER_ARG", "1.0"));
		assertThat(Files.readString(ROOT.resolve("telemetry/agent.yaml"))).contains("${OTEL_TRACES_SAMPLER_ARG:-1.0}");
	}

	@Test
	void whoeverLetsTheCollectorDecideSendsItEverything() {
		for (String name : Sampling.names(ROOT)) {
			Sampling sampling = Sampling.of(ROOT, name);
			boolean all = sampling.agents().equals(Map.of("OTEL_TRACES_SAMPLER_ARG", "1.0"));
			assertThat(all || !sampling.needsCollector()).as(name).isTrue();
		}
		assertThat(Sampling.of(ROOT, "tail").needsCollector()).isTrue();
		assertThat(Sampling.of(ROOT, "head").needsCollector()).isFalse();
	}

	@Test
	void choiceIsRememberedAndReachesCollectorAndAgents() {
		assertThat(Sampling.chosen(ROOT, this.home)).isEmpty();
		Sampling.of(ROOT, "head").remember(this.home);
		assertThat(Sampling.chosen(ROOT, this.home)).contains(Sampling.of(ROOT, "head"));
		Map<String, Part> parts = parts(Map.of());
		assertThat(parts.get("collector").command()).containsSubsequence("--config",
				ROOT.resolve("otel-collector.yaml").toString(), "--config",
				ROOT.resolve("telemetry/sampling/head/collector.yaml").toString());
		assertThat(parts.get("order-service").environment()).containsEntry("OTEL_TRACES_SAMPLER_ARG", "0.1");
	}

	@Test
	void whatTheCallerSaysOfSamplingWins() {
		Sampling.of(ROOT, "head").remember(this.home);
		assertThat(parts(Map.of("OTEL_TRACES_SAMPLER_ARG", "0.5")).get("order-service").environment())
			.containsEntry("OTEL_TRACES_SAMPLER_ARG", "0.5");
	}

	@Test
	void unknownOneIsRefusedWithTheNamesThatThereAre() {
		assertThatExceptionOfType(Sampling.UnknownSamplingException.class)
			.isThrownBy(() -> Sampling.of(ROOT, "../head"))
			.withMessageContaining("custom, everything, head, tail");
	}

	private Map<String, Part> parts(Map<String, String> environment) {
		return new Parts(ROOT, this.home, 0, Stack.NATIVE, environment).all()
			.stream()
			.collect(Collectors.toMap(Part::name, (part) -> part));
	}

}
