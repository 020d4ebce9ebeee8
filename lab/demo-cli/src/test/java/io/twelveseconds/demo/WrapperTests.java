package io.twelveseconds.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The script at the root of the repository, with a pretended Java and a pretended Maven.
 */
class WrapperTests {

	private static final List<String> MODULES = List.of("lab/demo-cli", "lab/local-stack", "inventory-service",
			"payment-service", "loyalty-service", "notification-service", "analytics-service", "order-service",
			"api-gateway");

	@TempDir
	private Path directory;

	private Path repository = Path.of("");

	private Path bin = Path.of("");

	@BeforeEach
	void makeARepository() throws IOException {
		this.repository = Files.createDirectory(this.directory.resolve("a clone"));
		this.bin = Files.createDirectory(this.directory.resolve("bin"));
		Files.copy(Path.of("..", "..", "demo"), this.repository.resolve("demo"));
		for (String module : MODULES) {
			source(module + "/src/main/java/A.java", 100);
			jar(module, 200);
		}
		for (String module : List.of("lab/demo-cli", "lab/local-stack")) {
			Files.createDirectory(this.repository.resolve(module + "/target/lib"));
		}
		source("lab/demo-cli/target/agent/opentelemetry-javaagent.jar", 200);
		source("lab/trace-analysis/src/main/java/A.java", 100);
		source("lab/fault-injection/src/main/java/A.java", 100);
		java("17.0.15");
		program("javac", "");
		program("mvn", """
				case $1 in -version) echo 'Apache Maven 3.9.9 (x)' ;; *)
				  echo "[INFO] Building order-service 0.1.0                          [3/5]"
				  echo "mvn $*" >> '%s'
				esac""".formatted(this.directory.resolve("builds")));
	}

	@ParameterizedTest
	@CsvSource({ "11.0.2, false", "1.8.0_412, false", "16, false", "17, true", "17.0.15, true", "21-ea, true",
			"25.0.1, true" })
	void takesJava17AndNewer(String version, boolean accepted) throws IOException, InterruptedException {
		java(version);
		Run run = demo("status");
		if (accepted) {
			assertThat(run.out()).contains("io.twelveseconds.demo.Demo status");
		}
		else {
			assertThat(run.exit()).isEqualTo(1);
			assertThat(run.err()).contains(this.bin.resolve("java") + " is Java " + version, "17 or newer",
					"JAVA_HOME");
		}
	}

	@Test
	void saysThatThereIsNoJava() throws IOException, InterruptedException {
		Files.delete(this.bin.resolve("java"));
		Run run = demo("status");
		assertThat(run.exit()).isEqualTo(1);
		assertThat(run.err()).contains("there is no java on the PATH");
	}

	@Test
	void saysThatJavaHomeIsWrong() throws IOException, InterruptedException {
		Run run = run(List.of(this.repository.resolve("demo").toString(), "status"), "/no/such/jdk");
		assertThat(run.exit()).isEqualTo(1);
		assertThat(run.err()).contains("JAVA_HOME is /no/such/jdk");
	}

	@ParameterizedTest
	@CsvSource({ "3.6.3, false", "3.8.7, true", "3.10.0, true", "4.0.0-rc-3, true" })
	void takesMaven38AndNewer(String version, boolean accepted) throws IOException, InterruptedException {
		Files.delete(this.repository.resolve("order-service/target/order-service.jar"));
		program("mvn", "echo 'Apache Maven %s (x)'".formatted(version));
		Run run = demo("up");
		assertThat(run.exit()).as(run.err()).isEqualTo(accepted ? 0 : 1);
		if (!accepted) {
			assertThat(run.err()).contains(this.bin.resolve("mvn") + " is Maven " + version, "3.8 or newer");
		}
	}

	@Test
	void buildsNothingWhenNothingChanged() throws IOException, InterruptedException {
		Run run = demo("up", "--port-offset", "100");
		assertThat(run.exit()).isZero();
		assertThat(run.out()).contains("io.twelveseconds.demo.Demo up --port-offset 100").doesNotContain("Building");
		assertThat(builds()).isEmpty();
	}

	@Test
	void buildsOnlyWhatChanged() throws IOException, InterruptedException {
		source("order-service/src/main/resources/new.yaml", 300);
		Run run = demo("up");
		assertThat(builds()).singleElement().asString().contains("-pl order-service -am package");
		assertThat(run.out()).contains("[3/5] order-service", "io.twelveseconds.demo.Demo up");
	}

	@Test
	void doesNotBuildAgainWhatMavenLeftAlone() throws IOException, InterruptedException {
		source("order-service/src/main/java/A.java", 300);
		demo("up");
		demo("up");
		assertThat(builds()).hasSize(1);
	}

	@Test
	void buildsAgainWhatWasEditedWhileABuildRan() throws IOException, InterruptedException {
		source("order-service/src/main/java/A.java", 300);
		program("mvn", """
				case $1 in -version) echo 'Apache Maven 3.9.9 (x)' ;; *)
				  echo "mvn $*" >> '%s'
				  touch -t 203001010000 order-service/src/main/java/A.java
				  touch -t 203101010000 order-service/target/order-service.jar
				esac""".formatted(this.directory.resolve("builds")));
		demo("up");
		demo("up");
		assertThat(builds()).hasSize(2);
	}

	@Test
	void startBuildsThePartAndNothingElse() throws IOException, InterruptedException {
		source("order-service/src/main/java/A.java", 300);
		source("payment-service/src/main/java/A.java", 300);
		demo("start", "order-service");
		assertThat(builds()).singleElement().asString().contains("-pl order-service -am package");
		demo("up");
		assertThat(builds()).hasSize(2).last().asString().contains("-pl payment-service -am package");
	}

	@Test
	void secondBuildAtTheSameTimeIsRefused() throws IOException, InterruptedException {
		source("order-service/src/main/java/A.java", 300);
		Files.createDirectory(this.repository.resolve("lab/demo-cli/target/building"));
		Run run = demo("up");
		assertThat(run.exit()).isEqualTo(1);
		assertThat(run.err()).contains("another ./demo is building", "rm -r");
		assertThat(builds()).isEmpty();
	}

	@Test
	void changedFaultsBuildTheServicesAndNothingElse() throws IOException, InterruptedException {
		source("lab/fault-injection/src/main/resources/faults.json", 300);
		demo("up");
		assertThat(builds()).singleElement()
			.asString()
			.contains("-pl "
					+ MODULES.stream().filter((module) -> !module.startsWith("lab/")).collect(Collectors.joining(","))
					+ " -am");
	}

	@Test
	void changedTestsBuildNothing() throws IOException, InterruptedException {
		source("order-service/src/test/java/ATests.java", 300);
		demo("up");
		assertThat(builds()).isEmpty();
	}

	@Test
	void changedRootPomBuildsEverything() throws IOException, InterruptedException {
		source("pom.xml", 300);
		demo("up");
		assertThat(builds()).singleElement().asString().contains(String.join(",", MODULES));
	}

	@ParameterizedTest
	@ValueSource(strings = { "down", "status", "logs", "order", "trace", "kill", "--help" })
	void otherCommandsTakeTheOldJars(String command) throws IOException, InterruptedException {
		source("lab/demo-cli/src/main/java/A.java", 300);
		Files.delete(this.repository.resolve("order-service/target/order-service.jar"));
		assertThat(demo(command).exit()).isZero();
		assertThat(builds()).isEmpty();
	}

	@Test
	void withoutTheCommandItselfOnlyThatIsBuilt() throws IOException, InterruptedException {
		Files.delete(this.repository.resolve("lab/demo-cli/target/demo-cli.jar"));
		Files.delete(this.repository.resolve("order-service/target/order-service.jar"));
		demo("down");
		assertThat(builds()).singleElement().asString().contains("-pl lab/demo-cli -am package");
	}

	@Test
	void failedBuildShowsItsErrorsAndItsLog() throws IOException, InterruptedException {
		source("order-service/src/main/java/A.java", 300);
		program("mvn", """
				case $1 in -version) echo 'Apache Maven 3.9.9 (x)' ;; *)
				  echo "[ERROR] A.java: cannot find symbol"
				  exit 1
				esac""");
		Run run = demo("up");
		assertThat(run.exit()).isEqualTo(1);
		assertThat(run.err()).contains("A.java: cannot find symbol", "the build failed",
				this.repository.resolve(".demo/logs/build.log").toString());
		assertThat(run.out()).doesNotContain("io.twelveseconds.demo.Demo");
		assertThat(this.repository.resolve(".demo/logs/build.log")).content().contains("cannot find symbol");
	}

	/** Its jar may be half of one, and newer than every source. */
	@Test
	void whatAFailedBuildHasMadeIsBuiltAgain() throws IOException, InterruptedException {
		source("order-service/src/main/java/A.java", 300);
		program("mvn", """
				case $1 in -version) echo 'Apache Maven 3.9.9 (x)' ;; *)
				  echo "mvn $*" >> '%s'
				  touch -t 203101010000 order-service/target/order-service.jar
				  exit 1
				esac""".formatted(this.directory.resolve("builds")));
		demo("up");
		demo("up");
		assertThat(builds()).hasSize(2);
		assertThat(this.repository.resolve("lab/demo-cli/target/building")).doesNotExist();
	}

	@Test
	void cliWithoutItsLibrariesOrItsAgentIsBuilt() throws IOException, InterruptedException {
		for (String part : List.of("lib", "agent/opentelemetry-javaagent.jar")) {
			Files.move(this.repository.resolve("lab/demo-cli/target").resolve(part), this.directory.resolve("away"));
			demo("status");
			assertThat(builds()).last().asString().contains("-pl lab/demo-cli -am package");
			Files.move(this.directory.resolve("away"), this.repository.resolve("lab/demo-cli/target").resolve(part));
		}
		assertThat(builds()).hasSize(2);
	}

	@Test
	void saysWhatMavenSaysIfItDoesNotRun() throws IOException, InterruptedException {
		source("order-service/src/main/java/A.java", 300);
		program("mvn", "echo 'No version is set for mvn' >&2; exit 126");
		Run run = demo("up");
		assertThat(run.exit()).isEqualTo(1);
		assertThat(run.err()).contains("does not run: No version is set for mvn");
	}

	@Test
	void saysThatACompilerIsMissing() throws IOException, InterruptedException {
		source("order-service/src/main/java/A.java", 300);
		Files.delete(this.bin.resolve("javac"));
		assertThat(demo("up").err()).contains("a Java runtime without a compiler");
	}

	@Test
	void worksThroughASymbolicLinkFromAnywhere() throws IOException, InterruptedException {
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), Path.of("a clone/demo"));
		assertThat(run(List.of(link.toString(), "status"), null).out()).contains("root=" + this.repository,
				this.repository.resolve("lab/demo-cli/target/demo-cli.jar").toString());
	}

	private void java(String version) throws IOException {
		program("java",
				"""
						case $1 in -version) echo 'openjdk version "%s" 2025-04-15' >&2 ;; *) echo "root=$DEMO_ROOT $*" ;; esac"""
					.formatted(version));
	}

	private void program(String name, String script) throws IOException {
		Files.writeString(this.bin.resolve(name), "#!/bin/sh\n" + script + "\n");
		Files.setPosixFilePermissions(this.bin.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
	}

	private void source(String file, int second) throws IOException {
		Path path = this.repository.resolve(file);
		Files.createDirectories(path.getParent());
		Files.writeString(path, "");
		// Directories count as well: they tell that a file was removed.
		for (Path changed = path; !changed.equals(this.repository); changed = changed.getParent()) {
			Files.setLastModifiedTime(changed, FileTime.from(Instant.ofEpochSecond(1_700_000_000L + second)));
		}
	}

	private void jar(String module, int second) throws IOException {
		source(module + "/target/" + Path.of(module).getFileName() + ".jar", second);
	}

	private List<String> builds() throws IOException {
		Path builds = this.directory.resolve("builds");
		return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
	}

	private Run demo(String... arguments) throws IOException, InterruptedException {
		return run(Stream.concat(Stream.of(this.repository.resolve("demo").toString()), Stream.of(arguments)).toList(),
				null);
	}

	private Run run(List<String> command, @Nullable String javaHome) throws IOException, InterruptedException {
		Path out = this.directory.resolve("out");
		Path err = this.directory.resolve("err");
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.directory.toFile())
			.redirectOutput(out.toFile())
			.redirectError(err.toFile());
		// Only the system's own tools and ours, so that no real Java or Maven is found.
		builder.environment().clear();
		builder.environment().put("PATH", this.bin + ":" + tools());
		if (javaHome != null) {
			builder.environment().put("JAVA_HOME", javaHome);
		}
		int exit = builder.start().waitFor();
		return new Run(exit, Files.readString(out, StandardCharsets.UTF_8),
				Files.readString(err, StandardCharsets.UTF_8));
	}

	/** A directory with what the script may use, and with nothing else. */
	private Path tools() throws IOException {
		Path tools = this.directory.resolve("tools");
		if (Files.notExists(tools)) {
			Files.createDirectory(tools);
			for (String tool : List.of("bash", "sh", "env", "dirname", "readlink", "sed", "head", "tail", "tr", "xargs",
					"find", "grep", "touch", "mv", "rm", "mkdir", "tee", "stty", "cut")) {
				Path found = Stream.of("/bin", "/usr/bin")
					.map((bin) -> Path.of(bin, tool))
					.filter(Files::exists)
					.findFirst()
					.orElseThrow();
				Files.createSymbolicLink(tools.resolve(tool), found);
			}
		}
		return tools;
	}

}
