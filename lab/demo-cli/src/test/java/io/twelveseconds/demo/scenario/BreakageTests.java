package io.twelveseconds.demo.scenario;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

import io.twelveseconds.demo.OwnHome;
import io.twelveseconds.demo.scenario.Scenario.Switch;
import io.twelveseconds.demo.stack.FaultSwitches.Fault;
import io.twelveseconds.demo.stack.LocalStack;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BreakageTests extends OwnHome {

	/** The story goes on for a moment while Ctrl-C puts things right. */
	@Test
	void nothingIsSwitchedOnAfterItWasPutRightInHaste() {
		Breakage breakage = new Breakage(LocalStack.here(), new Narration(new PrintWriter(new StringWriter()), false));
		breakage.on(List.of(new Switch("stock-slow", Map.of())));
		assertThat(LocalStack.here().faults().fault("stock-slow").isOn()).isTrue();
		breakage.restoreInHaste();
		breakage.on(List.of(new Switch("payment-late", Map.of())));
		breakage.begin(new Switch("naive-stocktake", Map.of()));
		assertThat(LocalStack.here().faults().list()).noneMatch(Fault::isOn);
	}

}
