package io.twelveseconds.demo.scenario;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

import io.twelveseconds.demo.Demo;
import io.twelveseconds.demo.OwnHome;
import io.twelveseconds.demo.Run;
import io.twelveseconds.demo.stack.FaultSwitches.Fault;
import io.twelveseconds.demo.stack.LocalStack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** Without a shop; with one, ScenarioIT tells the stories. */
class ScenarioCommandTests extends OwnHome {

	@Test
	void listsTheStories() {
		Run run = demo("scenario list");
		assertThat(run.exit()).isZero();
		assertThat(run.out()).containsPattern("(?m)^twelve-seconds +Checkout takes 12 seconds, but only sometimes$");
	}

	@ParameterizedTest
	@ValueSource(strings = { "scenario", "scenario no-such-story", "scenario twelve-seconds --break --fix" })
	void refusesWhatIsNoStory(String arguments) {
		assertThat(demo(arguments).exit()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "--break", "--fix" })
	void storiesAreNotBrokenAllAtOnce(String only) {
		Run run = demo("scenario all " + only);
		assertThat(run.exit()).isEqualTo(2);
		assertThat(run.err()).contains("--break and --fix go with one story");
		assertThat(LocalStack.here().faults().list()).noneMatch(Fault::isOn);
	}

	@Test
	void reportThatCannotBeWrittenIsRefusedBeforeTheStory() {
		Run run = demo("scenario twelve-seconds --report /no/such/place.html");
		assertThat(run.exit()).isEqualTo(2);
		assertThat(run.err()).contains("/no/such/place.html cannot be written: there is no directory /no/such");
		assertThat(run.out()).isEmpty();
	}

	@Test
	void switchesNothingWhenTheShopDoesNotAnswer() {
		System.setProperty("DEMO_GATEWAY", "http://127.0.0.1:1");
		try {
			Run run = demo("scenario twelve-seconds");
			assertThat(run.exit()).isEqualTo(1);
			assertThat(run.err()).isNotBlank();
			assertThat(isOn()).isFalse();
		}
		finally {
			System.clearProperty("DEMO_GATEWAY");
		}
	}

	@Test
	void resetSwitchesOffAndAStoryDoesNotBeginOnABrokenShop() {
		LocalStack.here().faults().on("naive-stocktake", Map.of());
		Run run = demo("scenario twelve-seconds");
		assertThat(run.exit()).isEqualTo(1);
		assertThat(run.err()).contains("is on already", "./demo scenario twelve-seconds --reset");
		assertThat(demo("scenario twelve-seconds --reset").exit()).isZero();
		assertThat(isOn()).isFalse();
	}

	private static boolean isOn() {
		return LocalStack.here().faults().fault("naive-stocktake").isOn();
	}

	private static Run demo(String arguments) {
		StringWriter out = new StringWriter();
		StringWriter err = new StringWriter();
		int exit = Demo.commandLine()
			.setOut(new PrintWriter(out))
			.setErr(new PrintWriter(err))
			.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
			.execute(arguments.split(" "));
		return new Run(exit, out.toString(), err.toString());
	}

}
