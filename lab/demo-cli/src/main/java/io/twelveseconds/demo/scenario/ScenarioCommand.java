package io.twelveseconds.demo.scenario;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.FileProblem;
import io.twelveseconds.demo.shop.GatewayAddress;
import io.twelveseconds.demo.stack.Site;
import io.twelveseconds.demo.trace.StoreAddress;
import io.twelveseconds.demo.trace.Waterfall;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "scenario", mixinStandardHelpOptions = true, sortOptions = false, description = {
		"Tells a story on the running shop: breaks it, finds the cause in a trace, fixes it, shows that it is fixed.",
		"",
		"Every expectation is measured and printed as kept or broken. What was switched on is switched off again, "
				+ "also on Ctrl-C.%n" },
		exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:all of it held", "1:it did not; the last lines say what", "2:the command line is wrong" },
		footerHeading = "%nExamples:%n",
		footer = { "  ./demo scenario list", "  ./demo scenario twelve-seconds",
				"  ./demo scenario twelve-seconds --break    # and look for the cause yourself",
				"  ./demo scenario twelve-seconds --fix", "  ./demo scenario all" })
public final class ScenarioCommand implements Callable<Integer> {

	@Parameters(paramLabel = "NAME", description = "The story; `list` shows them, `all` tells one after the other.")
	private String name = "";

	@ArgGroup
	private Only only = new Only();

	@Option(names = "--report", paramLabel = "FILE.html", converter = FileProblem.Writable.class,
			description = "Write the whole story as one page as well, with plots.")
	private @Nullable Path report;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() throws IOException {
		boolean whole = !this.only.breakOnly && !this.only.fixOnly && !this.only.reset;
		if (this.report != null && (!whole || this.name.matches("list|all"))) {
			throw new ParameterException(this.spec.commandLine(), "--report goes with one whole story");
		}
		if ((this.only.breakOnly || this.only.fixOnly) && this.name.matches("list|all")) {
			throw new ParameterException(this.spec.commandLine(), "--break and --fix go with one story: "
					+ "of several that are broken at once, none can be seen, and none fixed alone");
		}
		if (this.name.equals("list")) {
			list();
			return 0;
		}
		List<String> names = this.name.equals("all") ? names() : List.of(known(this.name));
		boolean held = true;
		for (String story : names) {
			held &= (names.size() == 1) ? run(story) : tried(story);
		}
		return held ? 0 : 1;
	}

	/** One of many: the others are told all the same. */
	private boolean tried(String story) {
		try {
			return run(story);
		}
		catch (IOException ex) {
			say(story + ": " + FileProblem.words(ex));
		}
		catch (DemoException ex) {
			say(story + ": " + ex.getMessage());
		}
		return false;
	}

	private boolean run(String story) throws IOException {
		ScenarioRun run = new ScenarioRun(story, Scenario.read(file(story)), Site.here(), GatewayAddress.usual(),
				StoreAddress.openUsual(), style(), out(), this::demo);
		if (this.only.reset) {
			run.reset();
			return true;
		}
		if (this.only.breakOnly) {
			return run.breakOnly();
		}
		if (this.only.fixOnly) {
			return run.fixOnly();
		}
		boolean held = run.tell();
		if (this.report != null) {
			Files.writeString(this.report, run.report().html());
			out().println("The report: " + this.report.toAbsolutePath());
			out().flush();
		}
		return held;
	}

	/** What goes wrong is part of the story. */
	private int demo(String... words) {
		CommandLine demo = this.spec.root().commandLine();
		PrintWriter err = demo.getErr();
		try {
			return demo.setErr(out()).execute(words);
		}
		finally {
			demo.setErr(err);
		}
	}

	private void list() throws IOException {
		for (String story : names()) {
			out().println("%-20s %s".formatted(story, Scenario.read(file(story)).title()));
		}
		out().flush();
	}

	private String known(String story) throws IOException {
		if (!names().contains(story)) {
			throw new ParameterException(this.spec.commandLine(),
					"There is no story '%s'. The stories are: %s".formatted(story, String.join(", ", names())));
		}
		return story;
	}

	private static List<String> names() throws IOException {
		Path directory = directory();
		if (!Files.isDirectory(directory)) {
			return List.of();
		}
		try (Stream<Path> files = Files.list(directory)) {
			return files.map((file) -> file.getFileName().toString())
				.filter((file) -> file.endsWith(".yaml"))
				.map((file) -> file.substring(0, file.length() - ".yaml".length()))
				.sorted()
				.toList();
		}
	}

	private static Path file(String story) {
		return directory().resolve(story + ".yaml");
	}

	private static Path directory() {
		return Environment.root().resolve("scenarios");
	}

	private void say(String problem) {
		this.spec.commandLine().getErr().println(problem);
		this.spec.commandLine().getErr().flush();
	}

	private Waterfall.Style style() {
		int columns = Environment.number("COLUMNS", Waterfall.DEFAULT_WIDTH);
		boolean colour = this.spec.commandLine().getColorScheme().ansi().enabled();
		return new Waterfall.Style(columns, colour, Environment.unicode());
	}

	private PrintWriter out() {
		return this.spec.commandLine().getOut();
	}

	/** Only one of them can be meant. */
	private static final class Only {

		@Option(names = "--break", description = "Only break it, and leave it broken.")
		private boolean breakOnly;

		@Option(names = "--fix", description = "Only fix it, and look whether that helped.")
		private boolean fixOnly;

		@Option(names = "--reset", description = "Only switch off what it switches on.")
		private boolean reset;

	}

}
