package io.twelveseconds.demo.stack;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.part.LogFile;
import io.twelveseconds.demo.part.Part;
import io.twelveseconds.demo.shop.LastTrace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "logs", mixinStandardHelpOptions = true,
		description = { "Shows what a part has printed, or what all services have logged within one trace.%n" },
		exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:shown", "1:there is no such log yet",
				"2:there is no such part, or the command line is wrong" },
		footerHeading = "%nExamples:%n",
		footer = { "  ./demo logs order-service -f", "  ./demo logs kafka -n 200", "  ./demo logs --trace last" })
public final class LogsCommand implements Callable<Integer> {

	private static final long POLL_MILLIS = 200;

	private static final int CHUNK = 1_000_000;

	@ArgGroup(multiplicity = "1")
	private Of of = new Of();

	@Option(names = { "-f", "--follow" }, description = "Go on with what is printed from now on, until Ctrl-C.")
	private boolean follow;

	@Option(names = { "-n", "--lines" }, paramLabel = "LINES", defaultValue = "50",
			description = "How many lines, from the end (default: ${DEFAULT-VALUE}).")
	private int lines;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() throws IOException, InterruptedException {
		check();
		return (this.of.trace != null) ? showTrace(this.of.trace) : showPart();
	}

	private void check() {
		boolean lines = this.spec.commandLine().getParseResult().hasMatchedOption("--lines");
		if (this.of.trace != null && (this.follow || lines)) {
			throw new ParameterException(this.spec.commandLine(), "-f and -n go with a part; of a trace all is shown");
		}
	}

	private int showTrace(String trace) throws IOException {
		String id = trace.equals("last") ? LastTrace.recall()
			.orElseThrow(
					() -> new DemoException("No order has been placed with ./demo order since the last ./demo down."))
				: trace;
		if (!id.matches("[0-9a-f]{32}")) {
			throw new ParameterException(this.spec.commandLine(),
					"'%s' is not a trace id: 32 hex digits, or last".formatted(trace));
		}
		LocalStack stack = LocalStack.here();
		List<String> lines = TraceLog.of(id,
				stack.parts().stream().filter(Part::isService).map((part) -> stack.log(part.name())).toList());
		if (lines.isEmpty()) {
			throw new DemoException("No service has logged anything within trace %s.".formatted(id));
		}
		PrintWriter out = this.spec.commandLine().getOut();
		lines.forEach(out::println);
		out.flush();
		return 0;
	}

	private int showPart() throws IOException, InterruptedException {
		Path log = LocalStack.here().log(this.of.part);
		if (!Files.exists(log)) {
			throw new DemoException("%s has not printed anything yet: there is no %s".formatted(this.of.part, log));
		}
		PrintWriter out = this.spec.commandLine().getOut();
		long position = Files.size(log);
		LogFile.tail(log, position, Math.max(0, this.lines)).forEach(out::println);
		out.flush();
		while (this.follow && !out.checkError()) {
			Thread.sleep(POLL_MILLIS);
			// A new run may have begun a new file.
			position = (Files.size(log) < position) ? 0 : position;
			while (Files.size(log) > position) {
				byte[] more = LogFile.bytes(log, position, CHUNK);
				position += more.length;
				out.print(new String(more, StandardCharsets.UTF_8));
			}
			out.flush();
		}
		return 0;
	}

	/** A part has all its lines, a trace those of several parts. */
	private static final class Of {

		@Parameters(paramLabel = "PART", description = "Its name, as ./demo status shows it.")
		private String part = "";

		@Option(names = "--trace", paramLabel = "ID",
				description = "What all services have logged within this trace, by time; `last` is that of the last ./demo order.")
		private @Nullable String trace;

	}

}
