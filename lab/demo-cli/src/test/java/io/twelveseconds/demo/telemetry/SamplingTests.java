package io.twelveseconds.demo.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.twelveseconds.demo.Spans;
import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.part.Part;
import io.twelveseconds.demo.part.Parts;
import io.twelveseconds.demo.part.Stack;
import io.twelveseconds.trace.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

class SamplingTests {

	private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

	@TempDir
	private Path home;

	@Test
	void usualOneIsWhatTheAgentDoesAnyway() throws IOException {
		assertThat(Sampling.of(ROOT, Sampling.USUAL).agent("order-service"))
			.containsExactly(Map.entry("OTEL_TRACES_SAMPLER_ARG", "1.0"));
		assertThat(Files.readString(ROOT.resolve("telemetry/agent.yaml"))).contains("${OTEL_TRACES_SAMPLER_ARG:-1.0}");
	}

	@Test
	void whoeverLetsTheCollectorDecideSendsItEverything() {
		for (String name : Sampling.names(ROOT)) {
			Sampling sampling = Sampling.of(ROOT, name);
			boolean all = sampling.agent("order-service").equals(Map.of("OTEL_TRACES_SAMPLER_ARG", "1.0"));
			assertThat(all || !sampling.needsCollector()).as(name).isTrue();
		}
		assertThat(Sampling.of(ROOT, "tail").needsCollector()).isTrue();
		assertThat(Sampling.of(ROOT, "head").needsCollector()).isFalse();
	}

	@Test
	void choiceThatIsNotThereAnyMoreIsSaidToBeInItsFile() throws IOException {
		for (String damage : List.of("mine\n", "")) {
			Path file = Files.writeString(this.home.resolve("sampling"), damage);
			assertThatExceptionOfType(DemoException.class).isThrownBy(() -> Sampling.chosen(ROOT, this.home))
				.withMessageStartingWith(file + " says what is in use. There is no way of sampling called")
				.withMessageContaining("delete it");
		}
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

	/** Else every trace that is not there were one that is lost. */
	@Test
	void whatTheCallerSaysOfSamplingIsTheShareThatIsKept() {
		System.setProperty("OTEL_TRACES_SAMPLER_ARG", "0.5");
		try {
			assertThat(Sampling.of(ROOT, Sampling.USUAL).share()).isEqualTo(0.5);
			System.setProperty("OTEL_TRACES_SAMPLER_ARG", "many");
			assertThatExceptionOfType(DemoException.class).isThrownBy(Sampling.of(ROOT, Sampling.USUAL)::share)
				.withMessageContaining("OTEL_TRACES_SAMPLER_ARG=many");
		}
		finally {
			System.clearProperty("OTEL_TRACES_SAMPLER_ARG");
		}
	}

	@Test
	void whatIsPromisedIsReadFromTheConfigurationThatKeepsIt() {
		Sampling head = Sampling.of(ROOT, "head");
		assertThat(head.share()).isEqualTo(0.1);
		assertThat(head.keepsErrors()).isFalse();
		assertThat(head.decisionWait()).isZero();
		Sampling tail = Sampling.of(ROOT, "tail");
		assertThat(tail.share()).isEqualTo(0.05);
		assertThat(tail.keepsErrors() && tail.keepsSlow() && !tail.keepsPremium() && !tail.isLimited()).isTrue();
		assertThat(tail.decisionWait()).isEqualTo(Duration.ofSeconds(35));
		Sampling custom = Sampling.of(ROOT, "custom");
		assertThat(custom.share()).isEqualTo(0.12);
		assertThat(custom.keepsErrors() && custom.keepsSlow() && custom.keepsPremium() && custom.isLimited()).isTrue();
	}

	@Test
	void fewerThanChanceCanExplainAreNotKept() {
		assertThat(Sampling.of(ROOT, Sampling.USUAL).atLeast(7)).isEqualTo(7);
		// The agents have left out what they leave out already.
		assertThat(Sampling.of(ROOT, "head").atLeast(7)).isEqualTo(7);
		// 40 of 400, give or take 3.3 times 6.
		assertThat(Sampling.atLeast(400, 0.1)).isEqualTo(21);
		// 50 of 1,000, give or take 3.3 times 6.9.
		assertThat(Sampling.of(ROOT, "tail").atLeast(1000)).isEqualTo(28);
		assertThat(Sampling.of(ROOT, "tail").atLeast(20)).isZero();
		assertThat(Sampling.of(ROOT, "custom").atLeast(400)).isZero();
	}

	@Test
	void traceThatIsSlowBehindItsAnswerOrFailedThereIsKept() {
		Trace quick = Spans.longAgo().checkout().consumer("notification-service", "d").trace();
		Trace late = Spans.longAgo()
			.checkout()
			.add("notification-service", "d", "c", "CONSUMER", "orders.events process", 1010, 1020)
			.trace();
		Trace failed = Spans.longAgo()
			.checkout()
			.add("notification-service", "d", "c", "CONSUMER", "orders.events process", 26, 40, "error.type=timeout")
			.trace();
		assertThat(Stream.of(quick, late, failed).map(Sampling.of(ROOT, "tail")::keeps)).containsExactly(false, true,
				true);
		assertThat(Stream.of(quick, late, failed).map(Sampling.of(ROOT, "head")::keeps)).containsOnly(false);
	}

	@Test
	void nothingThatTheAgentsLeftOutCanBeKept() {
		Sampling trap = Sampling.of(ROOT, "traps/head-before-tail");
		assertThat(trap.keepsErrors() || trap.keepsSlow()).isFalse();
		assertThat(trap.share()).isCloseTo(0.005, within(1e-9));
	}

	@Test
	void oneServiceMayHaveARatioOfItsOwn() {
		Sampling trap = Sampling.of(ROOT, "traps/no-parent");
		assertThat(trap.agent("order-service")).containsEntry("OTEL_TRACES_SAMPLER_ARG", "0.1");
		assertThat(trap.agent("payment-service")).containsEntry("OTEL_TRACES_SAMPLER_ARG", "0.5");
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
