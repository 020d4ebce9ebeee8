package io.twelveseconds.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The {@code faults.json} that is shipped. */
class BuiltInFaultsTests {

	private static final Path FILE = Path.of("src/main/resources/faults.json");

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
				flag.at("/metadata/at").asString(), parameters), false);
		String at = flag.at("/metadata/at").asString();
		assertThat(fault.edge() == Edge.BEAN || fault.matches(fault.edge(), at)).isTrue();
	}

	/** So that flagd itself, or its UI, may have the file. */
	@Test
	void fileIsAsFlagdsOwnSchemaDemands() throws IOException {
		Schema schema = flagdsSchema();
		String flags = Files.readString(FILE);
		assertThat(schema.validate(flags, InputFormat.JSON)).isEmpty();
		assertThat(schema.validate(flags.replaceFirst("\"state\": *\"ENABLED\"", "\"state\": \"AWAKE\""),
				InputFormat.JSON))
			.isNotEmpty();
	}

	/** It comes with flagd's provider, and so does what it refers to. */
	private static Schema flagdsSchema() {
		return SchemaRegistry
			.withDefaultDialect(SpecificationVersion.DRAFT_7, (registry) -> registry.schemaIdResolvers(
					(resolvers) -> resolvers.mapPrefix("https://flagd.dev/schema/v0/", "classpath:flagd/schemas/")))
			.getSchema(SchemaLocation.of("https://flagd.dev/schema/v0/flags.json"));
	}

	static Stream<Object[]> everyFaultIsOffAndSaysWhoseItIsAndCanBeSwitchedOn() throws IOException {
		return JsonMapper.shared()
			.readTree(Files.readString(FILE))
			.path("flags")
			.properties()
			.stream()
			.map((flag) -> new Object[] { flag.getKey(), flag.getValue() });
	}

}
