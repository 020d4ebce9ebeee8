package io.twelveseconds.demo.stack;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "kill", description = "Ends one part, to see how the others take it.", mixinStandardHelpOptions = true,
		exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:it is gone", "1:it did not run, or could not be ended; the message says which",
				"2:there is no such part" },
		footerHeading = "%nExamples:%n", footer = { "  ./demo kill payment-service --hard",
				"  ./demo kill postgres --hard     the server dies as well", "  ./demo start postgres" })
public final class KillCommand implements Callable<Integer> {

	@Parameters(paramLabel = "PART", description = "Its name, as ./demo status shows it.")
	private String part = "";

	@Option(names = "--hard",
			description = "By SIGKILL, as a crash: it finishes nothing. Otherwise it is asked to stop.")
	private boolean hard;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() {
		LocalStack.here().kill(this.part, this.hard);
		PrintWriter out = this.spec.commandLine().getOut();
		out.printf("%s %s. To have it back: ./demo start %1$s%n", this.part, this.hard ? "is killed" : "has stopped");
		out.flush();
		return 0;
	}

}
