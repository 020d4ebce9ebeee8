package io.twelveseconds.localstack.traces;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SettingsTests {

	@Test
	void listensOnThisMachineOnlyByDefault() {
		assertThat(Settings.of(List.of(), Map.of()))
			.isEqualTo(new Settings("127.0.0.1", 4318, 16686, 20_000, 64 * 1024 * 1024, 5000));
	}

	@Test
	void prefersArgumentsToTheEnvironment() {
		Settings settings = Settings.of(List.of("--otlp-port", "1", "--max-bytes=2g"),
				Map.of("TRACE_STORE_OTLP_PORT", "2", "TRACE_STORE_QUERY_PORT", "3", "TRACE_STORE_MAX_TRACES", "4k"));
		assertThat(settings).isEqualTo(new Settings("127.0.0.1", 1, 3, 4096, 2L << 30, 5000));
	}

	@ParameterizedTest
	@ValueSource(strings = { "--what", "otlp-port=1", "--otlp-port", "--otlp-port=", "--otlp-port=m",
			"--otlp-port=70000", "--max-traces=99", "--max-bytes=-1", "--max-bytes=9999999999g", "--max-bytes=12q" })
	void saysWhatIsWrongWithAnOption(String argument) {
		assertThatIllegalArgumentException().isThrownBy(() -> Settings.of(List.of(argument), Map.of()))
			.withMessageContaining(argument.replaceAll("=.*", ""));
	}

}
