package io.twelveseconds.demo.stack;

import java.io.PrintWriter;
import java.io.StringWriter;

import io.twelveseconds.demo.Demo;
import io.twelveseconds.demo.OwnHome;
import io.twelveseconds.demo.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class FaultCommandTests extends OwnHome {

	@Test
	void listsFaultsWithOwnersParametersAndState() {
		fault("on stock-slow slow=3s every=2");
		Run run = fault("list");
		assertThat(run.exit()).isZero();
		assertThat(run.out()).containsPattern("(?m)^FAULT +SERVICE +WHERE +WHAT$")
			.containsPattern("(?m)^stock-slow +ON +inventory-service +jdbc UPDATE stock +slow=3s every=2$")
			.containsPattern("(?m)^payment-hangs +off +payment-service +http-server POST /charges +hang=60s$");
	}

	@Test
	void listsThemAsJson() {
		fault("on stock-slow");
		JsonNode json = JsonMapper.shared().readTree(fault("list --json").out());
		assertThat(json).anySatisfy((fault) -> {
			assertThat(fault.path("name").asString()).isEqualTo("stock-slow");
			assertThat(fault.path("isOn").asBoolean()).isTrue();
			assertThat(fault.at("/parameters/slow").asString()).isEqualTo("1s");
		});
	}

	@Test
	void switchesAndSaysThatNobodyHasSeenItYet() {
		Run on = fault("on payment-late");
		assertThat(on.exit()).isZero();
		assertThat(on.out()).isEqualToNormalizingNewlines(
				"payment-late is on: delay-response=5s. payment-service does not run, and will see it when it does.\n");
		assertThat(fault("off payment-late").out()).startsWith("payment-late is off.");
		assertThat(fault("off --all").out()).isEqualToNormalizingNewlines("Nothing was on.\n");
		fault("on payment-late");
		fault("on stock-slow");
		assertThat(fault("off --all").out()).contains("payment-late is off", "stock-slow is off");
	}

	@ParameterizedTest
	@ValueSource(strings = { "on flood", "on payment-late hang=3s", "on payment-late every", "on", "off", "off flood",
			"off payment-late --all", "" })
	void refusesWhatItCannotSwitch(String arguments) {
		assertThat(fault(arguments).exit()).isEqualTo(2);
	}

	@Test
	void orderAsksOnlyForFaultsThatThereAre() {
		fault("off --all");
		fault("on payment-late");
		Run run = demo("order --fault flood --gateway http://127.0.0.1:1");
		assertThat(run.exit()).isEqualTo(2);
		assertThat(run.err()).contains("There is no fault 'flood'");
	}

	private static Run fault(String arguments) {
		return demo("fault " + arguments);
	}

	private static Run demo(String arguments) {
		StringWriter out = new StringWriter();
		StringWriter err = new StringWriter();
		int exit = Demo.commandLine()
			.setOut(new PrintWriter(out))
			.setErr(new PrintWriter(err))
			.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
			.execute(arguments.strip().split(" "));
		return new Run(exit, out.toString(), err.toString());
	}

}
