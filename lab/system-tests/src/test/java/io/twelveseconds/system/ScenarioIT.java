package io.twelveseconds.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every file in {@code scenarios/}, on the running shop, by the command that a person
 * types. That a story holds says little unless it does not hold without its fault, and
 * without its fix: it shows both itself.
 */
@ExtendWith(RunningShop.class)
class ScenarioIT {

	@ParameterizedTest
	@MethodSource("stories")
	void storyHolds(String story, RunningShop shop) {
		Deployment demo = shop.deployment();
		assertThat(demo.demo("scenario", story))
			.contains("The story holds", "kept    without the fault, not all is as it must be with it",
					"kept    without the fix, not all is as it must be with it", "Before and after")
			.doesNotContain("BROKEN");
	}

	@AfterAll
	static void noStoryHasLeftAFaultOn(RunningShop shop) {
		assertThat(shop.deployment().demo("fault", "list")).doesNotContainPattern("(?m)^\\S+ +ON ");
	}

	/** All of them, or those that {@code -Dstories=one,other} names. */
	static List<String> stories() throws IOException {
		List<String> wanted = List.of(System.getProperty("stories", "").split(","));
		try (Stream<Path> files = Files.list(Path.of("..", "..", "scenarios"))) {
			return files.map((file) -> file.getFileName().toString())
				.filter((file) -> file.endsWith(".yaml"))
				.map((file) -> file.replace(".yaml", ""))
				.filter((story) -> wanted.contains("") || wanted.contains(story))
				.sorted()
				.toList();
		}
	}

}
