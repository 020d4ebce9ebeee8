package io.twelveseconds.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * Every file in {@code scenarios/}, on the running shop, by the command that a person
 * types. That a story holds says little unless it does not hold without its fault, and
 * without its fix.
 */
@ExtendWith(RunningShop.class)
class ScenarioIT {

	@BeforeAll
	static void whereFaultsAreAllowed() {
		assumeFalse(Deployment.name().equals("compose"), "no faults are allowed under compose");
	}

	@ParameterizedTest
	@MethodSource("stories")
	void storyHoldsAndNotWithoutItsFaultNorWithoutItsFix(String story, RunningShop shop) throws IOException {
		Deployment demo = shop.deployment();
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> demo.demo("scenario", story, "--without-fault"))
			.withMessageContaining("The story does not hold")
			.satisfies(ScenarioIT::brokenForTheCustomers);

		faults(shop, story).forEach((fault) -> demo.demo("fault", "on", fault));
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> demo.demo("scenario", story, "--fix", "--without-fix"))
			.withMessageContaining("The story does not hold")
			.satisfies(ScenarioIT::brokenForTheCustomers);
		demo.demo("scenario", story, "--reset");

		assertThat(demo.demo("scenario", story)).contains("The story holds", "Before and after")
			.doesNotContain("BROKEN");
		assertThat(demo.demo("fault", "list")).doesNotContainPattern("(?m)^\\S+ +ON ");
	}

	/** And not for some other reason. */
	private static void brokenForTheCustomers(AssertionError error) {
		assertThat(error.getMessage()).containsPattern("BROKEN +(\\w+ )*checkouts");
	}

	private static List<String> faults(RunningShop shop, String story) throws IOException {
		return new YAMLMapper().readTree(Files.readString(shop.root().resolve("scenarios/" + story + ".yaml")))
			.path("faults")
			.valueStream()
			.map(JsonNode::asString)
			.toList();
	}

	static Stream<String> stories() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("..", "..", "scenarios"))) {
			return files.map((file) -> file.getFileName().toString().replace(".yaml", "")).sorted().toList().stream();
		}
	}

}
