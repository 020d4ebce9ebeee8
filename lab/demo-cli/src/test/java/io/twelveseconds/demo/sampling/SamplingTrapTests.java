package io.twelveseconds.demo.sampling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.twelveseconds.demo.telemetry.Sampling;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SamplingTrapTests {

	private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

	@Test
	void everyTrapHasItsFolderAndEveryFolderItsTrap() throws IOException {
		try (Stream<Path> folders = Files.list(ROOT.resolve("telemetry/sampling/traps"))) {
			assertThat(folders.map((folder) -> folder.getFileName().toString()))
				.containsExactlyInAnyOrder(SamplingTrap.names().split(", "));
		}
		for (SamplingTrap trap : SamplingTrap.values()) {
			trap.configurations().forEach((name) -> assertThat(Sampling.of(ROOT, name).name()).isEqualTo(name));
		}
	}

}
