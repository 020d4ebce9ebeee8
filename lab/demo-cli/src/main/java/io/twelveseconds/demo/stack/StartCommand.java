package io.twelveseconds.demo.stack;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "start", description = "Starts one part that does not run, and waits until it is ready.",
		mixinStandardHelpOptions = true, exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:it runs", "1:it could not be started; the message says why", "2:there is no such part" },
		footerHeading = "%nExamples:%n", footer = "  ./demo start payment-service")
public final class StartCommand implements Callable<Integer> {

	@Parameters(paramLabel = "PART", description = "Its name, as ./demo status shows it.")
	private String part = "";

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() {
		PrintWriter out = this.spec.commandLine().getOut();
		LocalStack.here().start(this.part, Screen.on(out));
		return 0;
	}

}
