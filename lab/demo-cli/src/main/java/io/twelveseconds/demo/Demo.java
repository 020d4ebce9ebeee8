package io.twelveseconds.demo;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

import io.twelveseconds.demo.bench.BenchCommand;
import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.FileProblem;
import io.twelveseconds.demo.completeness.CompletenessCommand;
import io.twelveseconds.demo.deadletters.DeadLettersCommand;
import io.twelveseconds.demo.load.LoadCommand;
import io.twelveseconds.demo.order.OrderCommand;
import io.twelveseconds.demo.part.RunDirectory;
import io.twelveseconds.demo.part.ToolsCommand;
import io.twelveseconds.demo.sampling.SamplingCommand;
import io.twelveseconds.demo.scenario.ScenarioCommand;
import io.twelveseconds.demo.stack.Compose;
import io.twelveseconds.demo.stack.DownCommand;
import io.twelveseconds.demo.stack.FaultCommand;
import io.twelveseconds.demo.stack.FaultSwitches;
import io.twelveseconds.demo.stack.KillCommand;
import io.twelveseconds.demo.stack.LocalStack;
import io.twelveseconds.demo.stack.LogsCommand;
import io.twelveseconds.demo.stack.StartCommand;
import io.twelveseconds.demo.stack.UpCommand;
import io.twelveseconds.demo.status.StatusCommand;
import io.twelveseconds.demo.telemetry.Sampling;
import io.twelveseconds.demo.trace.DiagnoseCommand;
import io.twelveseconds.demo.trace.TraceCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Where {@code ./demo} begins. */
@Command(name = "./demo", mixinStandardHelpOptions = true, versionProvider = Demo.Version.class,
		description = "Seven services, one slow checkout, and the trace that explains it.",
		synopsisSubcommandLabel = "COMMAND", exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:it worked", "1:it did not; the message says why", "2:the command line is wrong",
				"3:status: something does not run" },
		footerHeading = "%nExamples:%n",
		footer = { "  ./demo up", "  ./demo order --items sku-01:2,sku-07:1", "  ./demo trace last",
				"  ./demo diagnose last", "  ./demo load --rate 20 --for 30s", "  ./demo scenario twelve-seconds",
				"  ./demo COMMAND --help", "",
				"Environment: DEMO_HOME (state, data and logs; .demo in the repository),",
				"DEMO_PORT_OFFSET (moves all ports), DEMO_STACK (embedded or native), JAVA_HOME,",
				"and every OTEL_* variable of the agent." },
		subcommands = { UpCommand.class, OrderCommand.class, LoadCommand.class, FaultCommand.class,
				ScenarioCommand.class, TraceCommand.class, DiagnoseCommand.class, StatusCommand.class,
				CompletenessCommand.class, DeadLettersCommand.class, SamplingCommand.class, BenchCommand.class,
				LogsCommand.class, KillCommand.class, StartCommand.class, DownCommand.class, ToolsCommand.class })
public final class Demo implements Runnable {

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	public static void main(String[] args) {
		// The Kafka client logs by SLF4J, which would complain that there is nowhere to
		// log to.
		System.setProperty("slf4j.internal.verbosity", "ERROR");
		System.exit(commandLine().execute(args));
	}

	public static CommandLine commandLine() {
		return new CommandLine(new Demo()).setCaseInsensitiveEnumValuesAllowed(true)
			.setUsageHelpAutoWidth(true)
			.setExecutionStrategy((parsed) -> {
				Optional<ParseResult> command = Optional.ofNullable(parsed.subcommand());
				Optional<String> instead = command.filter((any) -> !any.isUsageHelpRequested())
					.flatMap((any) -> Compose.instead(any.commandSpec().name()));
				if (instead.isPresent()) {
					parsed.commandSpec().commandLine().getErr().println("Under docker compose: " + instead.get());
					return 2;
				}
				// Whoever asks without saying where means the stack that runs; `up` must
				// know what was said.
				if (command.filter((up) -> up.commandSpec().name().equals("up")).isEmpty()) {
					new RunDirectory(Environment.home()).portOffset()
						.ifPresent((offset) -> System.setProperty("DEMO_PORT_OFFSET", String.valueOf(offset)));
				}
				return new CommandLine.RunLast().execute(parsed);
			})
			.setExecutionExceptionHandler((ex, command, parsed) -> {
				// A variable of the environment is as good as an option.
				boolean usage = ex instanceof LocalStack.UnknownPartException
						|| ex instanceof FaultSwitches.UnknownFaultException
						|| ex instanceof Sampling.UnknownSamplingException
						|| ex instanceof CommandLine.TypeConversionException;
				// Whoever does not answer says so in words.
				if (!usage && !(ex instanceof DemoException) && !(ex instanceof IOException)) {
					throw ex;
				}
				command.getErr().println((ex instanceof IOException io) ? FileProblem.words(io) : ex.getMessage());
				return usage ? 2 : 1;
			});
	}

	@Override
	public void run() {
		throw new ParameterException(this.spec.commandLine(), "Which command?");
	}

	/** The build's version, which is also every service's {@code service.version}. */
	static final class Version implements IVersionProvider {

		@Override
		public String[] getVersion() {
			return new String[] { "Twelve Seconds "
					+ Objects.requireNonNullElse(Demo.class.getPackage().getImplementationVersion(), "(not packaged)"),
					"Java " + System.getProperty("java.version") };
		}

	}

}
