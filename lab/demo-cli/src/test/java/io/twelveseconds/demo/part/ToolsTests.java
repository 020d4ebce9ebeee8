package io.twelveseconds.demo.part;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import io.twelveseconds.demo.Demo;
import io.twelveseconds.demo.Until;
import io.twelveseconds.demo.command.DemoException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ToolsTests {

	@TempDir
	private Path directory;

	@Test
	void withoutProgramsTheStackIsEmbedded() {
		assertThat(tools().complete()).isFalse();
		assertThat(tools().preferred()).isEqualTo(Stack.EMBEDDED);
	}

	@Test
	void oneOfTheTwoIsNotEnough() throws IOException {
		program("bin/jaeger");
		assertThat(tools().preferred()).isEqualTo(Stack.EMBEDDED);
		assertThatExceptionOfType(DemoException.class).isThrownBy(() -> tools().require(Tools.OTELCOL))
			.withMessageContainingAll("There is no otelcol", "otelcol-contrib", "./demo tools", "--stack embedded");
	}

	@Test
	void programsOnThePathAreFoundUnderAnyOfTheirNames() throws IOException {
		program("bin/jaeger");
		Path collector = program("bin/otelcol-contrib");
		assertThat(tools().preferred()).isEqualTo(Stack.NATIVE);
		assertThat(tools().find(Tools.OTELCOL)).contains(collector);
	}

	@Test
	void whatWasBuiltInTheTestedVersionComesFirst() throws IOException {
		program("bin/jaeger");
		Path built = program("cache/twelve-seconds/tools/jaeger-" + Tools.JAEGER.version());
		assertThat(tools().find(Tools.JAEGER)).contains(built);
	}

	@Test
	void fileThatIsNoProgramIsPassedOver() throws IOException {
		Files.setPosixFilePermissions(program("bin/jaeger"), Set.of());
		assertThat(tools().find(Tools.JAEGER)).isEmpty();
	}

	@Test
	void whatAKilledBuildLeftIsRemovedAndWhatBuildsIsNot() throws IOException {
		Path dead = program("cache/twelve-seconds/tools/building-%d/deep/builder".formatted(Integer.MAX_VALUE));
		Path alive = program("cache/twelve-seconds/tools/building-%d/builder".formatted(ProcessHandle.current().pid()));
		Path jaeger = program("cache/twelve-seconds/tools/jaeger-" + Tools.JAEGER.version());
		tools().removeLeftOver();
		assertThat(dead.getParent().getParent()).doesNotExist();
		assertThat(alive).exists();
		assertThat(jaeger).exists();
	}

	/** A process of its own, since the signal ends it. */
	@Test
	void interruptedBuildLeavesNothing() throws IOException, InterruptedException {
		Files.writeString(program("bin/go"), """
				#!/bin/sh
				case $1 in version) echo 'go version go1.26.0 linux/amd64' ;; *) echo begun; exec sleep 120 ;; esac
				""");
		Path out = this.directory.resolve("out");
		Files.createFile(out);
		ProcessBuilder builder = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-cp",
				System.getProperty("java.class.path"), Demo.class.getName(), "tools")
			.redirectErrorStream(true)
			.redirectOutput(out.toFile());
		builder.environment()
			.putAll(Map.of("PATH", this.directory.resolve("bin") + ":/usr/bin:/bin", "XDG_CACHE_HOME",
					this.directory.resolve("cache").toString(), "DEMO_HOME", this.directory.resolve("home").toString(),
					"DEMO_ROOT", Path.of("../..").toAbsolutePath().normalize().toString()));
		Process process = builder.start();
		try {
			Until.holds("something is being built", () -> out.toFile().length() > 0);
			assertThat(out).content().contains("begun");
			// Ctrl-C does the same, but is ignored by what a script starts in the
			// background.
			process.destroy();
			assertThat(process.waitFor()).isEqualTo(143);
		}
		finally {
			process.destroyForcibly();
		}
		assertThat(this.directory.resolve("cache/twelve-seconds/tools")).isEmptyDirectory();
	}

	@Test
	void pinnedVersionsAreThoseOfTheRecipes() throws IOException {
		Path recipes = Path.of("..", "..", "telemetry", "tools");
		assertThat(Files.readString(recipes.resolve("collector-builder.yaml")))
			.contains("  version: " + Tools.OTELCOL.version() + "\n");
		// Jaeger 2 has no module path of its own: v1.76.0 is 2.13.0.
		assertThat(Files.readString(recipes.resolve("jaeger/go.mod")))
			.contains("github.com/jaegertracing/jaeger v1.76.0\n");
		assertThat(Tools.JAEGER.version()).isEqualTo("2.13.0");
	}

	private Tools tools() {
		return new Tools(Map.of("PATH", this.directory.resolve("bin").toString(), "XDG_CACHE_HOME",
				this.directory.resolve("cache").toString()));
	}

	private Path program(String name) throws IOException {
		Path file = this.directory.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, "#!/bin/sh\n");
		assertThat(file.toFile().setExecutable(true)).isTrue();
		return file;
	}

}
