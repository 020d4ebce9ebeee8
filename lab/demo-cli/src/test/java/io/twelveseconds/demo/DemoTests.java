package io.twelveseconds.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

import io.twelveseconds.demo.part.RunningPart;
import io.twelveseconds.demo.shop.LastTrace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class DemoTests {

	@TempDir
	private Path home;

	@BeforeEach
	void useADirectoryOfOurOwn() {
		System.setProperty("DEMO_HOME", this.home.toString());
		System.setProperty("DEMO_STACK", "embedded");
	}

	@AfterEach
	void forgetIt() {
		System.clearProperty("DEMO_HOME");
		System.clearProperty("DEMO_STACK");
		System.clearProperty("DEMO_PORT_OFFSET");
	}

	@ParameterizedTest
	@ValueSource(strings = { "up", "diagnose", "down", "status", "bench", "logs", "kill", "start", "tools" })
	void everyCommandExplainsItself(String command) {
		Run help = run(command, "--help");
		assertThat(help.exit()).isZero();
		assertThat(help.out()).contains("Usage: ./demo " + command, "Examples:", "Exit codes:");
	}

	@Test
	void commandMustBeNamed() {
		assertThat(run().exit()).isEqualTo(2);
		assertThat(run().err()).contains("Which command?", "up", "trace");
	}

	@ParameterizedTest
	@ValueSource(strings = { "logs", "kill", "start" })
	void unknownPartIsAMistakeInTheCommandLine(String command) {
		Run run = run(command, "oder-service");
		assertThat(run.exit()).isEqualTo(2);
		assertThat(run.err()).contains("There is no part 'oder-service'", "order-service", "postgres");
	}

	@Test
	void statusOfNothingSaysSo() {
		Run run = run("status");
		assertThat(run.exit()).isEqualTo(3);
		assertThat(run.out()).containsPattern("api-gateway +stopped").contains("0 processes");
	}

	@Test
	void statusAsJsonNamesEachPart() {
		JsonNode status = JsonMapper.shared().readTree(run("status", "--json").out());
		assertThat(status.at("/complete").asBoolean()).isFalse();
		assertThat(status.at("/parts").size()).isEqualTo(11);
		assertThat(status.at("/parts/0/name").asString()).isEqualTo("postgres");
		assertThat(status.at("/parts/0/state").asString()).isEqualTo("STOPPED");
	}

	@ParameterizedTest
	@ValueSource(strings = { "order-service", "kafka", "traces" })
	void statusShowsADamagedPartAndTheOthersAllTheSame(String part) throws IOException {
		Path file = Files.createDirectories(this.home.resolve("run")).resolve(part + ".json");
		Files.writeString(file, "{");
		Run run = run("status");
		assertThat(run.exit()).isEqualTo(3);
		assertThat(run.out()).containsPattern("(?m)^" + part + " +damaged ")
			.containsPattern("(?m)^postgres +stopped ")
			.contains("Spans: 0 made", "The state file %s cannot be used".formatted(file));
		JsonNode json = JsonMapper.shared().readTree(run("status", "--json").out());
		assertThat(json.at("/parts")).filteredOn((each) -> each.path("name").asString().equals(part))
			.singleElement()
			.satisfies((each) -> {
				assertThat(each.path("state").asString()).isEqualTo("DAMAGED");
				assertThat(each.path("problem").asString()).contains(file.toString());
			});
	}

	@Test
	void nativeStackHasJaegerAndTheCollectorForTheStore() {
		System.setProperty("DEMO_STACK", "native");
		assertThat(run("status").out()).contains("jaeger", "collector").doesNotContain("traces ");
	}

	@Test
	void stackThatIsNoneIsRefused() {
		assertThat(run("up", "--stack", "cloud").exit()).isEqualTo(2);
		System.setProperty("DEMO_STACK", "cloud");
		assertThat(run("status")).isEqualTo(new Run(2, "", "DEMO_STACK is 'cloud'; it can be embedded or native\n"));
	}

	@Test
	void underComposeProcessesAreComposesBusiness() {
		System.setProperty("DEMO_STACK", "compose");
		Run run = run("logs", "order-service");
		assertThat(run.exit()).isEqualTo(2);
		assertThat(run.err()).contains("docker compose logs -f PART");
		assertThat(run("logs", "--help").exit()).isZero();
	}

	@Test
	void downOfNothingSucceeds() {
		Run run = run("down");
		assertThat(run.exit()).isZero();
		assertThat(run.out()).contains("Nothing was running.");
	}

	@Test
	void downForgetsTheTraceThatItsStoreHasLost() throws IOException {
		LastTrace.remember("0af7651916cd43dd8448eb211c80319c");
		run("down");
		assertThat(LastTrace.recall()).isEmpty();
	}

	@Test
	void killAndLogsOfWhatNeverRanSaySo() {
		assertThat(run("kill", "kafka").err()).contains("kafka does not run");
		assertThat(run("logs", "kafka").err()).contains("kafka has not printed anything yet");
		assertThat(run("logs", "kafka").exit()).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "status --count, --count goes with --telemetry",
			"status --telemetry --count --json, --count goes with --telemetry", "status --since 5m, --since goes with",
			"status --telemetry --since 5m, --since goes with", "logs --trace last -f, -f and -n go with a part",
			"logs -n 5 --trace last, -f and -n go with a part" })
	void optionThatWouldChangeNothingIsRefused(String arguments, String reason) {
		Run run = run(arguments.split(" "));
		assertThat(run.exit()).isEqualTo(2);
		assertThat(run.err()).contains(reason);
	}

	@Test
	void offsetThatIsNoneIsRefused() {
		assertThat(run("up", "--port-offset", "x").exit()).isEqualTo(2);
		Run tooHigh = run("up", "--port-offset", "60000");
		assertThat(tooHigh.exit()).isEqualTo(2);
		assertThat(tooHigh.err()).contains("must be from 0 to");
	}

	@Test
	void offsetOfTheVariableIsRefusedWhileAnotherRuns() throws IOException {
		ProcessHandle us = ProcessHandle.current();
		Instant start = us.info().startInstant().orElseThrow();
		new RunningPart("order-service", us.pid(), start, Map.of(), 1000, start, 0, null, null)
			.write(this.home.resolve("run"));
		System.setProperty("DEMO_PORT_OFFSET", "2000");
		Run other = run("up");
		assertThat(other.exit()).isEqualTo(1);
		assertThat(other.err()).contains("port offset 1000, not 2000");
		System.setProperty("DEMO_PORT_OFFSET", "lots");
		assertThat(run("up")).isEqualTo(new Run(2, "", "DEMO_PORT_OFFSET is 'lots', which is not a number\n"));
	}

	private static Run run(String... arguments) {
		StringWriter out = new StringWriter();
		StringWriter err = new StringWriter();
		int exit = Demo.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
		return new Run(exit, out.toString(), err.toString());
	}

}
