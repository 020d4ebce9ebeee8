package io.twelveseconds.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code docs/telemetry.md} says what {@code telemetry/registry} says. */
class TelemetryPageTests {

	private static final String UPDATE = "mvn test -pl lab/system-tests -am -Dtest=TelemetryPageTests -Dsurefire.failIfNoSpecifiedTests=false -Dupdate";

	private final Path root = Path.of("..", "..");

	@Test
	void pageIsMadeFromTheRegistry() throws IOException {
		Path file = this.root.resolve("docs/telemetry.md");
		String page = Files.readString(file);
		String made = new TelemetryPage(TelemetryRegistry.of(this.root)).in(page);
		if (System.getProperty("update") != null) {
			Files.writeString(file, made);
			return;
		}
		assertThat(page).as("docs/telemetry.md is not what the registry gives. To write it anew: " + UPDATE)
			.isEqualTo(made);
	}

}
