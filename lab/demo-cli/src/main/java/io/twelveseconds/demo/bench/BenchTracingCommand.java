package io.twelveseconds.demo.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.FileProblem;
import io.twelveseconds.demo.command.OnInterrupt;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.load.LoadPlan;
import io.twelveseconds.demo.part.Stack;
import io.twelveseconds.demo.part.Tools;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "tracing", mixinStandardHelpOptions = true, sortOptions = false, description = {
		"Measures what tracing costs: the same load without the agent, with the agent and the sampler off, with one "
				+ "trace in ten, with every trace.",
		"",
		"It starts a shop of its own, beside one that runs, with new data; the services anew for each mode. Each "
				+ "mode is warmed up, then measured at saturation and at half of the first mode's saturation. "
				+ "docs/cost-of-tracing.md says how to read the result.%n" },
		exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:measured", "1:something did not start, or orders failed: the figures would mean nothing",
				"2:the command line is wrong", "130:stopped by Ctrl-C; what was started is stopped again" },
		footerHeading = "%nExamples:%n",
		footer = { "  ./demo bench tracing --report cost.html", "  ./demo bench tracing --rounds 1 --for 5s",
				"  ./demo bench tracing --full-jit --warm-up 5m --modes none,off,everything",
				"  ./demo bench tracing --modes none,everything --rounds 7 --json cost.json",
				"  ./demo bench tracing --modes everything --variant slow-batch=OTEL_BSP_SCHEDULE_DELAY=5000",
				"  ./demo bench tracing --modes everything --variant lean=OTEL_CONFIG_FILE=/tmp/agent.yaml" })
final class BenchTracingCommand implements Callable<Integer> {

	@Option(names = "--rounds", paramLabel = "N", defaultValue = "3",
			description = "How often each mode is measured (default: ${DEFAULT-VALUE}).")
	private int rounds;

	@Option(names = "--for", paramLabel = "TIME", defaultValue = "20s", converter = Times.WithUnit.class,
			description = "How long each of the two loads lasts (default: ${DEFAULT-VALUE}).")
	private Duration duration = Duration.ZERO;

	@Option(names = "--warm-up", paramLabel = "TIME", defaultValue = "40s", converter = Times.WithUnit.class,
			description = "How long a mode works at saturation before it is measured (default: ${DEFAULT-VALUE}).")
	private Duration warmUp = Duration.ZERO;

	@Option(names = "--customers", paramLabel = "N", defaultValue = "16",
			description = "How many order at once at saturation, each again as soon as he has his answer "
					+ "(default: ${DEFAULT-VALUE}; the shop refuses charges of more than 24).")
	private int customers;

	@Option(names = "--modes", split = ",", paramLabel = "MODE", defaultValue = "none,off,head,everything",
			description = "What is compared, with the first of them: none (no agent), off (agent, no trace), head "
					+ "(one trace in ten), everything (default: ${DEFAULT-VALUE}).")
	private List<String> modes = List.of();

	@Option(names = "--variant", paramLabel = "NAME=KEY=VALUE[,KEY=VALUE]",
			description = "Another mode: everything, with these environment variables for the services' agents. May be "
					+ "given several times.")
	private List<String> variants = List.of();

	@Option(names = "--full-jit",
			description = "The services compile with C2 as well, as in production, not with C1 only. On two cores that "
					+ "takes minutes to warm up: --warm-up 5m.")
	private boolean fullJit;

	@Option(names = "--report", paramLabel = "FILE", converter = FileProblem.Writable.class,
			description = "Also write a page with the plots.")
	private @Nullable Path report;

	@Option(names = "--json", paramLabel = "FILE", converter = FileProblem.Writable.class,
			description = "Also write every figure of every run.")
	private @Nullable Path json;

	@Option(names = "--stack", paramLabel = "embedded|native",
			description = "Who takes the traces (or DEMO_STACK; default: native if Collector and Jaeger are here).")
	private @Nullable Stack stack;

	@Option(names = "--port-offset", paramLabel = "N", defaultValue = "6000",
			description = "Where the ports of this shop are (default: ${DEFAULT-VALUE}).")
	private int portOffset;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() throws IOException {
		List<TracingMode> modes = checkedModes();
		Stack kind = Optional.ofNullable(this.stack)
			.or(() -> Stack.requested(Environment.setting("DEMO_STACK")))
			.orElseGet(new Tools(System.getenv())::preferred);
		OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
		if (system.getSystemLoadAverage() > system.getAvailableProcessors() / 2.0) {
			tell("Others are at work on this machine (load average %.1f): the figures will be noisy."
				.formatted(system.getSystemLoadAverage()));
		}
		Map<String, String> circumstances = circumstances(kind, modes);
		BenchResult result = measure(modes, kind);
		circumstances.put("half load", String.format(Locale.ROOT, "%.1f orders/s", result.rate()));
		BenchReport told = new BenchReport(result, circumstances);
		told.table().forEach(out()::println);
		out().flush();
		if (this.json != null) {
			Files.writeString(this.json, told.json().toPrettyString() + "\n");
		}
		if (this.report != null) {
			Files.writeString(this.report, told.html());
		}
		return result.modes().stream().allMatch((mode) -> result.failed(mode) == 0) ? 0 : 1;
	}

	/** What would only be found out after minutes is found out now. */
	private List<TracingMode> checkedModes() throws IOException {
		require(this.rounds >= 1, "There must be a round");
		require(this.customers >= 1 && this.customers <= 24, "From 1 to 24 customers may order at once");
		require(this.duration.toSeconds() >= 1 && this.duration.compareTo(LoadPlan.MAX_DURATION) <= 0,
				"A load lasts from 1s to " + Times.format(LoadPlan.MAX_DURATION));
		Path root = Environment.root();
		List<TracingMode> modes = new ArrayList<>(
				this.modes.stream().map((name) -> TracingMode.of(root, name.strip())).toList());
		for (String variant : this.variants) {
			modes.add(TracingMode.variant(root, variant));
		}
		require(modes.stream().map(TracingMode::name).distinct().count() == modes.size(),
				"Each mode must have a name of its own");
		return modes;
	}

	private BenchResult measure(List<TracingMode> modes, Stack kind) throws IOException {
		BenchShop shop = new BenchShop(Environment.root(), Environment.home().resolve("bench"), this.portOffset, kind,
				this.fullJit);
		OnInterrupt onInterrupt = new OnInterrupt(() -> interrupted(shop));
		try (shop) {
			TracingBench bench = new TracingBench(shop, modes, this.rounds, this.customers, this.warmUp, this.duration,
					this::tell);
			tell("Modes: %s. Rounds: %d. Stack: %s. This takes about %s.".formatted(
					String.join(", ", modes.stream().map(TracingMode::name).toList()), this.rounds, kind,
					Times.format(bench.estimate())));
			return bench.run();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new DemoException("The bench was interrupted", ex);
		}
		finally {
			onInterrupt.forget();
		}
	}

	private void interrupted(BenchShop shop) {
		tell("\nInterrupted: stopping what this bench had started ...");
		try {
			shop.close();
			tell("Stopped.");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Map<String, String> circumstances(Stack kind, List<TracingMode> modes) {
		OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
		Map<String, String> facts = new LinkedHashMap<>();
		facts.put("rounds", String.valueOf(this.rounds));
		facts.put("loads", "%s each, after %s of warming up; %d customers at saturation"
			.formatted(Times.format(this.duration), Times.format(this.warmUp), this.customers));
		facts.put("stack", kind.toString());
		facts.put("machine", "%d cores for everything, %s %s, Java %s".formatted(system.getAvailableProcessors(),
				system.getName(), system.getArch(), System.getProperty("java.version")));
		facts.put("compilers", this.fullJit ? "C1 and C2, as in production" : "C1 only");
		facts.put("load before", String.format(Locale.ROOT, "%.2f processes wanted a core before it began",
				system.getSystemLoadAverage()));
		modes.forEach((mode) -> facts.put(mode.name(), mode.agent() ? "agent, " + mode.variables() : "no agent"));
		return facts;
	}

	private void tell(String line) {
		this.spec.commandLine().getErr().println(line);
		this.spec.commandLine().getErr().flush();
	}

	private PrintWriter out() {
		return this.spec.commandLine().getOut();
	}

	private void require(boolean holds, String message) {
		if (!holds) {
			throw new ParameterException(this.spec.commandLine(), message);
		}
	}

}
