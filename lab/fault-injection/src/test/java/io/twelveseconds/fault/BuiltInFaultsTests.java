package io.twelveseconds.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The {@code faults.json} that is shipped. */
class BuiltInFaultsTests {

	private static final String ON_IF_WANTED = """
			{"if": [{"in": [{"var": "$flagd.flagKey"}, {"var": "faults"}]}, "on"]}""";

	@ParameterizedTest
	@MethodSource
	void everyFaultIsOffAndSaysWhoseItIsAndCanBeSwitchedOn(String name, JsonNode flag) {
		assertThat(flag.path("defaultVariant").asString()).isEqualTo("off");
		assertThat(flag.path("targeting")).isEqualTo(JsonMapper.shared().readTree(ON_IF_WANTED));
		assertThat(flag.at("/metadata/description").asString()).endsWith(".");
		String service = flag.at("/metadata/service").asString();
		assertThat(Path.of("../..", service, "pom.xml")).exists();
		Map<String, String> parameters = new LinkedHashMap<>();
		flag.at("/variants/on")
			.properties()
			.forEach((parameter) -> parameters.put(parameter.getKey(), parameter.getValue().asString()));
		assertThat(parameters).isNotEmpty();
		Fault fault = new Fault(new Flag(name, "on", service, flag.at("/metadata/edge").asString(),
				flag.at("/metadata/at").asString(), parameters));
		String at = flag.at("/metadata/at").asString();
		assertThat(fault.edge() == Edge.BEAN || fault.matches(fault.edge(), at)).isTrue();
	}

	static Stream<Object[]> everyFaultIsOffAndSaysWhoseItIsAndCanBeSwitchedOn() throws IOException {
		return JsonMapper.shared()
			.readTree(Files.readString(Path.of("src/main/resources/faults.json")))
			.path("flags")
			.properties()
			.stream()
			.map((flag) -> new Object[] { flag.getKey(), flag.getValue() });
	}

}
