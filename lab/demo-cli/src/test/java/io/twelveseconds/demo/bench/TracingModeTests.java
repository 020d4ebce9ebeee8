package io.twelveseconds.demo.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.twelveseconds.demo.part.Part;
import io.twelveseconds.demo.part.Parts;
import io.twelveseconds.demo.part.Stack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TracingModeTests {

	private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

	@Test
	void withoutTheAgentTheServiceIsTheSameOtherwise() {
		Part traced = service();
		Part untraced = TracingMode.of(ROOT, "none").applyTo(traced);
		assertThat(traced.command()).anyMatch((word) -> word.startsWith("-javaagent:"));
		assertThat(untraced.command()).noneMatch((word) -> word.contains("agent")).isSubsetOf(traced.command());
		assertThat(untraced.command()).hasSize(traced.command().size() - 1);
		assertThat(untraced.ports()).containsOnlyKeys("http");
		assertThat(untraced.telemetry()).isEmpty();
		assertThat(untraced.environment()).isEqualTo(traced.environment());
	}

	@Test
	void fullyCompiledTheServiceIsTheSameOtherwise() {
		assertThat(service().command()).contains("-XX:TieredStopAtLevel=1");
		Part full = service().fullyCompiled();
		assertThat(full.command()).noneMatch((word) -> word.contains("Tiered") || word.contains("CodeCache"))
			.isSubsetOf(service().command())
			.hasSize(service().command().size() - 2);
		assertThat(full.environment()).isEqualTo(service().environment());
	}

	@Test
	void othersDifferByVariablesOnly() {
		for (String name : List.of("off", "head", "everything")) {
			TracingMode mode = TracingMode.of(ROOT, name);
			Part part = mode.applyTo(service());
			assertThat(part.command()).isEqualTo(service().command());
			assertThat(part.environment()).containsAllEntriesOf(mode.variables())
				.containsAllEntriesOf(service().environment());
			assertThat(mode.isSilent()).as(name).isEqualTo(name.equals("off"));
		}
		assertThat(TracingMode.of(ROOT, "none").isSilent()).isTrue();
		assertThat(TracingMode.of(ROOT, "head").variables()).containsEntry("OTEL_TRACES_SAMPLER_ARG", "0.1");
	}

	@Test
	void variantIsEverythingButForItsVariables() throws IOException {
		TracingMode variant = TracingMode.variant(ROOT,
				"lean=OTEL_RESOURCE_ATTRIBUTES=a=b,c=d,OTEL_BSP_SCHEDULE_DELAY=5000");
		assertThat(variant).isEqualTo(new TracingMode("lean", true, Map.of("OTEL_TRACES_SAMPLER_ARG", "1.0",
				"OTEL_RESOURCE_ATTRIBUTES", "a=b,c=d", "OTEL_BSP_SCHEDULE_DELAY", "5000")));
		assertThat(TracingMode.variant(ROOT, "rare=OTEL_TRACES_SAMPLER_ARG=0.01").variables())
			.isEqualTo(Map.of("OTEL_TRACES_SAMPLER_ARG", "0.01"));
	}

	@Test
	void refusesVariantsThatChangeNothing() throws IOException {
		assertThatExceptionOfType(TypeConversionException.class)
			.isThrownBy(() -> TracingMode.variant(ROOT, "brief=OTEL_BSP_EXPORT_TIMEOUT=1000"))
			.withMessage("OTEL_BSP_EXPORT_TIMEOUT changes nothing: telemetry/agent.yaml does not read it");
		assertThat(TracingMode.variant(ROOT, "brief=OTEL_CONFIG_FILE=a.yaml,OTEL_BSP_EXPORT_TIMEOUT=1000").variables())
			.containsEntry("OTEL_BSP_EXPORT_TIMEOUT", "1000");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "lean", "lean=", "lean=5000", "=OTEL_A=1", "OTEL_A=1", "a<b=OTEL_A=1" })
	void refusesVariantsWithoutNameOrVariable(String text) {
		assertThatExceptionOfType(TypeConversionException.class).isThrownBy(() -> TracingMode.variant(ROOT, text))
			.withMessageContaining("such as slow-batch=");
	}

	@ParameterizedTest
	@CsvSource({ "0, true", "0.0, true", "0.00, true", "0e0, true", "0.01, false", "1, false" })
	void variantThatKeepsNothingIsSilentHoweverItIsWritten(String share, boolean silent) throws IOException {
		assertThat(TracingMode.variant(ROOT, "rare=OTEL_TRACES_SAMPLER_ARG=" + share).isSilent()).isEqualTo(silent);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "none", "0,1", "10%", "NaN", "-0.1", "1.5" })
	void refusesVariantsWhoseShareIsNone(String share) {
		assertThatExceptionOfType(TypeConversionException.class)
			.isThrownBy(() -> TracingMode.variant(ROOT, "rare=OTEL_TRACES_SAMPLER_ARG=" + share))
			.withMessage("OTEL_TRACES_SAMPLER_ARG=%s is not a share from 0 to 1: give it one such as 0.1", share);
	}

	private static Part service() {
		return new Parts(ROOT, ROOT.resolve(".demo"), 0, Stack.EMBEDDED, Map.of()).all()
			.stream()
			.filter((part) -> part.name().equals("order-service"))
			.findFirst()
			.orElseThrow();
	}

}
