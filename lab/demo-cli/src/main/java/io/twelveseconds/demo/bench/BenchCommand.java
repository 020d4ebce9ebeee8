package io.twelveseconds.demo.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "bench", mixinStandardHelpOptions = true,
		description = "Measures what something costs, on a shop of its own.", subcommands = BenchTracingCommand.class,
		exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:measured", "1:it did not work; the message says why", "2:the command line is wrong" },
		footerHeading = "%nExamples:%n", footer = { "  ./demo bench tracing", "  ./demo bench tracing --help" })
public final class BenchCommand implements Runnable {

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public void run() {
		throw new ParameterException(this.spec.commandLine(), "Which bench? There is: tracing");
	}

}
