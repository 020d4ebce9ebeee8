package io.twelveseconds.demo.command;

import java.net.URI;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EnvironmentTests {

	@AfterEach
	void forget() {
		for (String name : new String[] { "DEMO_GATEWAY", "DEMO_PORT_OFFSET", "DEMO_HOME", "DEMO_ROOT" }) {
			System.clearProperty(name);
		}
	}

	@Test
	void prefersTheOptionThenTheVariableThenTheShiftedPort() {
		System.setProperty("DEMO_PORT_OFFSET", "1000");
		assertThat(gateway(null)).hasToString("http://127.0.0.1:9080");
		System.setProperty("DEMO_GATEWAY", "http://shop.example.com/");
		assertThat(gateway(null)).hasToString("http://shop.example.com");
		assertThat(gateway(URI.create("http://127.0.0.1:7"))).hasToString("http://127.0.0.1:7");
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1:8080", "localhost:8080", "ftp://127.0.0.1", "http://", "http://a b",
			"//127.0.0.1:8080", "" })
	void refusesWhatIsNoHttpAddress(String text) {
		assertThatExceptionOfType(TypeConversionException.class)
			.isThrownBy(() -> new Environment.HttpAddress().convert(text))
			.withMessageContaining("is not an address such as http://127.0.0.1:8080");
	}

	@Test
	void saysWhichVariableIsNoNumber() {
		System.setProperty("DEMO_PORT_OFFSET", "lots");
		assertThatExceptionOfType(TypeConversionException.class).isThrownBy(() -> gateway(null))
			.withMessage("DEMO_PORT_OFFSET is 'lots', which is not a number");
	}

	@Test
	void keepsItsStateInTheRepositoryUnlessToldOtherwise() {
		System.setProperty("DEMO_ROOT", "/somewhere");
		assertThat(Environment.home()).isEqualTo(Path.of("/somewhere/.demo"));
		System.setProperty("DEMO_HOME", "/elsewhere");
		assertThat(Environment.home()).isEqualTo(Path.of("/elsewhere"));
	}

	private static URI gateway(URI option) {
		return Environment.address(option, "DEMO_GATEWAY", 8080);
	}

}
