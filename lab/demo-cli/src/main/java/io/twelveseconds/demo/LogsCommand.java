package io.twelveseconds.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "logs", description = "Shows what a part has printed.", mixinStandardHelpOptions = true,
		exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:shown", "1:there is no log yet", "2:there is no such part" },
		footerHeading = "%nExamples:%n", footer = { "  ./demo logs order-service -f", "  ./demo logs kafka -n 200" })
final class LogsCommand implements Callable<Integer> {

	private static final long POLL_MILLIS = 200;

	private static final int CHUNK = 1_000_000;

	@Parameters(paramLabel = "PART", description = "Its name, as ./demo status shows it.")
	private String part = "";

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
		Path log = LocalStack.here().log(this.part);
		if (!Files.exists(log)) {
			throw new DemoException("%s has not printed anything yet: there is no %s".formatted(this.part, log));
		}
		PrintWriter out = this.spec.commandLine().getOut();
		long position = Files.size(log);
		LogFile.tail(log, Math.max(0, this.lines)).forEach(out::println);
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

}
