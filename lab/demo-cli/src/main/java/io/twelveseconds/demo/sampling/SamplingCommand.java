package io.twelveseconds.demo.sampling;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.FileProblem;
import io.twelveseconds.demo.command.OnInterrupt;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.load.LoadPlan;
import io.twelveseconds.demo.part.RunDirectory;
import io.twelveseconds.demo.sampling.PlantedLoad.Sort;
import io.twelveseconds.demo.scenario.Check;
import io.twelveseconds.demo.shop.GatewayAddress;
import io.twelveseconds.demo.stack.LocalStack;
import io.twelveseconds.demo.stack.Screen;
import io.twelveseconds.demo.stack.Site;
import io.twelveseconds.demo.telemetry.Sampling;
import io.twelveseconds.demo.trace.StoreAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "sampling", mixinStandardHelpOptions = true, sortOptions = false,
		description = {
				"Shows and changes which traces are kept and who decides, and measures what that loses and costs.", "",
				"Each way is a folder in telemetry/sampling, to be read. It stays in use until another one is.%n" },
		exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:shown, in use, or measured as its configuration promises",
				"1:it did not work, or not as promised, or a way is still to be measured; the message says why",
				"2:the command line is wrong, or there is no such way of sampling" },
		footerHeading = "%nExamples:%n",
		footer = { "  ./demo sampling list", "  ./demo sampling use tail", "  ./demo sampling compare",
				"  ./demo sampling compare --orders 400 --errors 0.05 --slow 0.02    # shorter",
				"  ./demo sampling trap no-parent", "  ./demo sampling use everything" })
public final class SamplingCommand implements Runnable {

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public void run() {
		throw new ParameterException(this.spec.commandLine(), "list, use, measure, compare or trap?");
	}

	@Command(name = "list", description = "Shows the ways of sampling, which one is in use, and the traps.",
			mixinStandardHelpOptions = true)
	void list() {
		String current = Sampling.here().name();
		for (String name : Sampling.names(Environment.root())) {
			say("%-12s%s".formatted(name, name.equals(current) ? "in use" : "").stripTrailing());
		}
		say("");
		say("Mistakes to try out, with ./demo sampling trap NAME:");
		for (SamplingTrap trap : SamplingTrap.values()) {
			boolean used = current.equals(trap.configurations().get(0));
			say("%-24s%s%s".formatted(trap.text(), trap.lesson(), used ? "  in use" : ""));
		}
	}

	@Command(name = "use", mixinStandardHelpOptions = true,
			description = "Restarts what must be restarted, starts what is missing of a shop that runs, and returns when "
					+ "it is ready.")
	void use(@Parameters(paramLabel = "NAME", description = "As ./demo sampling list shows it.") String name) {
		use(Sampling.of(Environment.root(), name));
	}

	private void use(Sampling sampling) {
		if (Environment.isCompose()) {
			throw new DemoException(
					"Under docker compose: export SAMPLING=%s; docker compose up --wait".formatted(sampling.name()));
		}
		new SamplingSwitch(Environment.root(), Environment.home(), LocalStack::here, Screen.on(out())).use(sampling);
		say("In use: %s (%s)".formatted(sampling.name(), Environment.root().relativize(sampling.folder())));
	}

	@Command(name = "measure", mixinStandardHelpOptions = true, sortOptions = false,
			description = "Measures the way that is in use: what it keeps of a load with planted failures, and what that takes.")
	int measure(@Mixin Customers customers) throws IOException {
		customers.check();
		requireCollector();
		Sampling sampling = Sampling.here();
		requireOurShare(sampling);
		SamplingFigures figures = figures(sampling, customers);
		new SamplingTable(List.of(figures), customers.price).print(out());
		return verdict(figures.checks(sampling));
	}

	@Command(name = "compare", mixinStandardHelpOptions = true, sortOptions = false, description = {
			"Measures one way after the other, the same load under each, and shows them side by side.", "",
			"Jaeger begins anew with each, so that its memory is that of one; the traces in it are gone.", "",
			"Afterwards the one that was in use before is in use again; after Ctrl-C it is not, and the last line "
					+ "says how to have it back. Under docker compose nothing here can restart a container: it "
					+ "shows what ./demo sampling measure has found so far.%n" })
	int compare(@Mixin Customers customers,
			@Option(names = "--ways", split = ",", paramLabel = "NAME",
					description = "Only these, in this order (default: all).") @Nullable List<String> ways,
			@Option(names = "--report", paramLabel = "FILE.html", converter = FileProblem.Writable.class,
					description = "Write it as one page as well, with plots.") @Nullable Path report)
			throws IOException {
		customers.check();
		requireCollector();
		Path root = Environment.root();
		List<Sampling> chosen = ((ways != null) ? ways : inOrder(Sampling.names(root))).stream()
			.map((name) -> Sampling.of(root, name))
			.toList();
		Sampling before = Sampling.here();
		List<Check> checks = new ArrayList<>();
		List<SamplingFigures> all = new ArrayList<>();
		List<String> missing = new ArrayList<>();
		OnInterrupt onInterrupt = new OnInterrupt(() -> interrupted(before));
		try {
			for (Sampling sampling : chosen) {
				if (!Environment.isCompose()) {
					use(sampling);
					beginJaegerAnew();
					all.add(figures(sampling, customers));
				}
				else if (Files.exists(file(sampling))) {
					all.add(JsonMapper.shared().readValue(Files.readString(file(sampling)), SamplingFigures.class));
				}
				else {
					missing.add(sampling.name());
				}
			}
		}
		finally {
			restore(before, onInterrupt);
		}
		all.forEach((figures) -> checks.addAll(figures.checks(Sampling.of(root, figures.sampling()))));
		SamplingTable table = new SamplingTable(all, customers.price);
		table.print(out());
		missing.forEach((name) -> say(
				"Not measured: %s. export SAMPLING=%1$s; docker compose up --wait && docker compose run --rm demo sampling measure"
					.formatted(name)));
		int verdict = verdict(checks);
		if (report != null) {
			Files.writeString(report, table.html(checks));
			say("The report: " + report.toAbsolutePath());
		}
		return missing.isEmpty() ? verdict : 1;
	}

	private static void beginJaegerAnew() {
		Site site = Site.here();
		site.kill("jaeger");
		site.start("jaeger");
	}

	/** What needs other agents comes last: services take longer to restart. */
	private static List<String> inOrder(List<String> names) {
		List<String> order = new ArrayList<>(names);
		order.remove("head");
		order.remove(Sampling.USUAL);
		order.add(0, Sampling.USUAL);
		order.add("head");
		return order;
	}

	@Command(name = "trap", mixinStandardHelpOptions = true, sortOptions = false, description = {
			"Shows what a mistake in sampling does, and that it is gone with the right configuration.", "",
			"Afterwards the one that was in use before is in use again; after Ctrl-C it is not, and the last line says "
					+ "how to have it back. Under docker compose nothing here can restart a container: it looks at the "
					+ "configuration in use.%n" })
	int trap(@Parameters(paramLabel = "NAME", description = "As ./demo sampling list shows it.") String name)
			throws IOException {
		SamplingTrap trap = SamplingTrap.of(name);
		say(trap.lesson());
		Sampling before = Sampling.here();
		List<String> sides = Environment.isCompose() ? List.of(before.name()) : trap.configurations();
		if (!trap.configurations().containsAll(sides)) {
			throw new DemoException(
					"In use is %s. This is about %s: export SAMPLING with one of these, docker compose up --wait, and then this again"
						.formatted(before.name(), String.join(" (the mistake) and ", trap.configurations())));
		}
		requireCollector();
		List<Check> checks = new ArrayList<>();
		OnInterrupt onInterrupt = new OnInterrupt(() -> interrupted(before));
		try {
			for (String side : sides) {
				Sampling sampling = Sampling.of(Environment.root(), side);
				if (!Environment.isCompose()) {
					use(sampling);
				}
				say("  to be read: %s".formatted(Environment.root().relativize(sampling.folder())));
				SamplingMeasurement measurement = measurement();
				double rate = SamplingMeasurement.pace(measurement.warmUp());
				checks.add(trap.look(measurement, sampling, rate));
			}
		}
		finally {
			restore(before, onInterrupt);
		}
		return verdict(checks);
	}

	private void restore(Sampling before, OnInterrupt onInterrupt) {
		try {
			if (!Environment.isCompose()) {
				use(before);
			}
		}
		finally {
			onInterrupt.forget();
		}
	}

	/**
	 * Nobody wants to wait for a start then. What is remembered stays what was last
	 * started, so that the command named here knows what is to be restarted.
	 */
	private void interrupted(Sampling before) {
		if (!Environment.isCompose()) {
			say("");
			say("Interrupted: another way of sampling may be in use, and parts may be down. As before: ./demo sampling use "
					+ before.name());
		}
	}

	private SamplingFigures figures(Sampling sampling, Customers customers) throws IOException {
		SamplingMeasurement measurement = measurement();
		double rate = customers.rate(measurement.warmUp());
		SamplingFigures figures = measurement.measure(sampling, customers.orders, rate, customers.errors,
				customers.slow);
		Files.createDirectories(file(sampling).getParent());
		Files.writeString(file(sampling), JsonMapper.shared().writeValueAsString(figures));
		return figures;
	}

	private static Path file(Sampling sampling) {
		return Environment.home().resolve("measured").resolve(sampling.name().replace('/', '-') + ".json");
	}

	private SamplingMeasurement measurement() {
		return new SamplingMeasurement(Site.here(), GatewayAddress.usual(), StoreAddress.openUsual(), out());
	}

	/** Before anything is restarted for it. */
	private static void requireCollector() {
		if (!Site.here().telemetry().containsKey("collector")) {
			throw new DemoException(
					"The embedded stack has no Collector: ./demo down && ./demo tools && ./demo up --stack native");
		}
	}

	/** What is promised is read from this shell and the folder. */
	private static void requireOurShare(Sampling sampling) {
		new RunDirectory(Environment.home()).running("api-gateway")
			.map((gateway) -> sampling.headShare(gateway.headShare()))
			.filter((share) -> share != sampling.headShare())
			.ifPresent((share) -> {
				throw new DemoException(
						"The agents were started to keep a share of %s, and here it would be %s: export %s=%1$s here, too, or ./demo sampling use %s"
							.formatted(share, sampling.headShare(), Sampling.HEAD_SHARE, sampling.name()));
			});
	}

	private int verdict(List<Check> checks) {
		say("");
		checks.forEach((check) -> say("  %s  %s".formatted(check.held() ? "kept  " : "BROKEN", check)));
		return checks.stream().allMatch(Check::held) ? 0 : 1;
	}

	private void say(String text) {
		out().println(text);
		out().flush();
	}

	private PrintWriter out() {
		return this.spec.commandLine().getOut();
	}

	/** Those who come while it is measured. */
	static final class Customers {

		@Spec(Spec.Target.MIXEE)
		@SuppressWarnings("NullAway.Init")
		private CommandSpec mixee;

		@Option(names = "--orders", paramLabel = "N", defaultValue = "2000",
				description = "How many; within ten minutes (default: ${DEFAULT-VALUE}).")
		private int orders;

		@Option(names = "--rate", paramLabel = "R",
				description = "How many a second (default: 25, or less where the shop serves fewer with ease).")
		private @Nullable Double rate;

		@Option(names = "--errors", paramLabel = "SHARE", defaultValue = "0.01",
				description = "How many of them fail, from 0 to 1 (default: ${DEFAULT-VALUE}).")
		private double errors;

		@Option(names = "--slow", paramLabel = "SHARE", defaultValue = "0.005",
				description = "How many of them are slow, from 0 to 1 (default: ${DEFAULT-VALUE}).")
		private double slow;

		@Option(names = "--price", paramLabel = "MONEY", defaultValue = "0.30",
				description = "What a GB of stored spans costs you (default: ${DEFAULT-VALUE}).")
		private double price;

		/** What would only be found out after the warm-up is found out now. */
		void check() {
			double most = LoadPlan.MAX_DURATION.toSeconds() * mostRate();
			require(mostRate() > 0 && mostRate() <= LoadPlan.MAX_RATE,
					"--rate must be above 0 and at most %.0f".formatted(LoadPlan.MAX_RATE));
			require(this.errors >= 0 && this.errors <= 1, "--errors is a share from 0 to 1, such as 0.05");
			require(this.slow >= 0 && this.slow <= 1, "--slow is a share from 0 to 1, such as 0.05");
			require(this.orders <= most,
					"%d orders at %s a second take longer than %s: at most --orders %.0f, or a higher --rate"
						.formatted(this.orders, mostRate(), Times.format(LoadPlan.MAX_DURATION), Math.floor(most)));
			Map<Sort, Long> counts = new PlantedLoad(URI.create(""), this.orders, mostRate(), this.errors, this.slow)
				.counts();
			require(counts.getOrDefault(Sort.REST, 0L) >= 1,
					"Of %d orders %d would fail, %d be slow, %d be of premium customers, and none be left to compare them with: more --orders, or less of --errors and --slow"
						.formatted(this.orders, counts.getOrDefault(Sort.FAILED, 0L),
								counts.getOrDefault(Sort.SLOW, 0L), counts.getOrDefault(Sort.PREMIUM, 0L)));
		}

		private double mostRate() {
			return (this.rate != null) ? this.rate : SamplingMeasurement.pace(Double.MAX_VALUE);
		}

		/** What is not said is decided once: each way is measured with the same load. */
		double rate(double served) {
			if (this.rate == null) {
				this.rate = Math.max(SamplingMeasurement.pace(served),
						(double) this.orders / LoadPlan.MAX_DURATION.toSeconds());
			}
			return this.rate;
		}

		private void require(boolean holds, String message) {
			if (!holds) {
				throw new ParameterException(this.mixee.commandLine(), message);
			}
		}

	}

}
