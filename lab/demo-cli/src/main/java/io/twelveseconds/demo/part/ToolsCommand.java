package io.twelveseconds.demo.part;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.OnInterrupt;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.part.Tools.Tool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Builds the Collector and Jaeger from their Go modules, in the versions that
 * {@code telemetry/tools} pins: no download of a program, no container.
 */
@Command(name = "tools", description = "Builds the real OpenTelemetry Collector and Jaeger, for `up --stack native`.",
		mixinStandardHelpOptions = true, exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:both are there", "1:one could not be built; the message says why",
				"2:the command line is wrong" },
		footerHeading = "%nExamples:%n",
		footer = { "  ./demo tools              builds what is missing; the first time it takes some minutes",
				"  ./demo tools --list       only says what is there" })
public final class ToolsCommand implements Callable<Integer> {

	/** Builds collectors; any newer one may no longer take our list of components. */
	private static final String BUILDER = "go.opentelemetry.io/collector/cmd/builder@v0.164.0";

	private static final String JAEGER = "github.com/jaegertracing/jaeger/cmd/jaeger";

	private static final Pattern GO_VERSION = Pattern.compile("go(\\d+)\\.(\\d+)");

	private static final int MINOR_GO_VERSION = 26;

	@Option(names = "--list", description = "Build nothing, only say what is there.")
	private boolean list;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	private final Tools tools = new Tools(System.getenv());

	/** What is building or fetching now, or has done so. */
	private final Queue<Process> processes = new ConcurrentLinkedQueue<>();

	@Override
	public Integer call() throws InterruptedException {
		if (!this.list && !this.tools.complete()) {
			requireGo();
			try {
				build();
			}
			catch (IOException ex) {
				throw new DemoException("The tools could not be built: " + ex, ex);
			}
		}
		for (Tool tool : List.of(Tools.OTELCOL, Tools.JAEGER)) {
			out().printf("  %-8s %s%n", tool.name(),
					this.tools.find(tool).map(Path::toString).orElse("missing: ./demo tools builds it"));
		}
		out().flush();
		return this.tools.complete() ? 0 : 1;
	}

	private void build() throws IOException, InterruptedException {
		Path recipes = Environment.root().resolve("telemetry/tools");
		this.tools.removeLeftOver();
		Path work = this.tools.building();
		OnInterrupt onInterrupt = new OnInterrupt(() -> interrupted(work));
		try {
			copy(recipes, work);
			if (this.tools.find(Tools.OTELCOL).isEmpty()) {
				run("builder", work, List.of("go", "install", "-v", BUILDER));
				// Only the program's source: built by ourselves it can be watched.
				run("otelcol", work, List.of(work.resolve("builder").toString(), "--config", "collector-builder.yaml",
						"--skip-compilation"));
				if (this.tools.find(Tools.JAEGER).isEmpty()) {
					fetch(work.resolve("jaeger"), JAEGER);
				}
				goBuild(Tools.OTELCOL, work.resolve("build"), ".", "-s -w");
			}
			if (this.tools.find(Tools.JAEGER).isEmpty()) {
				goBuild(Tools.JAEGER, work.resolve("jaeger"), JAEGER,
						"-s -w -X github.com/jaegertracing/jaeger/internal/version.latestVersion=v"
								+ Tools.JAEGER.version());
			}
		}
		finally {
			onInterrupt.forget();
			endAll();
			Directories.delete(work);
		}
	}

	private void interrupted(Path work) {
		try {
			endAll();
			Directories.delete(work);
		}
		catch (IOException ex) {
			this.spec.commandLine().getErr().println("%s is left: %s".formatted(work, ex));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void endAll() throws InterruptedException {
		for (Process process : this.processes) {
			process.destroy();
			process.waitFor(5, TimeUnit.SECONDS);
		}
	}

	/**
	 * Has the modules of the program downloaded while something else is compiled. Nobody
	 * waits for it: what is missing in the end, its build fetches.
	 */
	private void fetch(Path source, String program) throws IOException {
		this.processes.add(go(source, List.of("go", "list", "-mod=mod", "-deps", program))
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start());
	}

	private void goBuild(Tool tool, Path source, String program, String linkerFlags)
			throws IOException, InterruptedException {
		Path fresh = source.resolve(tool.name() + ".new");
		// -s drops what a debugger needs: the compiler need not write it first.
		run(tool.name(), source, List.of("go", "build", "-v", "-mod=mod", "-trimpath", "-gcflags=all=-dwarf=false",
				"-ldflags", linkerFlags, "-o", fresh.toString(), program));
		Files.move(fresh, this.tools.built(tool), StandardCopyOption.ATOMIC_MOVE);
	}

	/** Shows what the command prints as one line that moves; in full only if it fails. */
	private void run(String name, Path directory, List<String> command) throws IOException, InterruptedException {
		long begin = System.nanoTime();
		Process process = go(directory, command).start();
		this.processes.add(process);
		Deque<String> last = new ArrayDeque<>();
		try (Stream<String> lines = process.inputReader(StandardCharsets.UTF_8).lines()) {
			int[] count = new int[1];
			lines.forEach((line) -> {
				last.addLast(line);
				if (last.size() > 15) {
					last.removeFirst();
				}
				progress(name, begin, ++count[0], line);
			});
		}
		finally {
			process.destroy();
		}
		if (process.waitFor() != 0) {
			throw new DemoException("`%s` failed:%n%s".formatted(String.join(" ", command), String.join("\n", last)));
		}
		out().printf("%s%-8s built in %s%n", terminal() ? "\r\033[K" : "", name,
				Times.format(Duration.ofNanos(System.nanoTime() - begin)));
		out().flush();
	}

	private void progress(String name, long begin, int count, String line) {
		String text = "%-8s %6s  %5d  %s".formatted(name,
				Times.format(Duration.ofSeconds(Duration.ofNanos(System.nanoTime() - begin).toSeconds())), count, line);
		if (terminal()) {
			out().print("\r\033[K" + text.substring(0, Math.min(text.length(), Environment.number("COLUMNS", 80) - 1)));
		}
		// Hundreds of packages: a log needs to hear of some of them.
		else if (count % 100 == 1) {
			out().println(text);
		}
		out().flush();
	}

	private static boolean terminal() {
		return Environment.number("DEMO_TERMINAL_COLUMNS", 0) > 0;
	}

	private static ProcessBuilder go(Path directory, List<String> command) {
		ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
		Map<String, String> settings = builder.environment();
		settings.put("GOBIN", directory.toString());
		settings.put("CGO_ENABLED", "0");
		settings.put("GOWORK", "off");
		settings.put("GOTOOLCHAIN", "local");
		if (Environment.setting("GOGC") == null) {
			// The compiler, which runs once for each package, collects its garbage less
			// often. With -gcflags a quarter of the time, and no more memory.
			settings.put("GOGC", "300");
		}
		return builder;
	}

	private static void requireGo() throws InterruptedException {
		String hint = "Install Go 1.%d or newer, or go on without: ./demo up --stack embedded needs none."
			.formatted(MINOR_GO_VERSION);
		try {
			Process go = new ProcessBuilder("go", "version").redirectErrorStream(true).start();
			String said = new String(go.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
			go.waitFor();
			Matcher version = GO_VERSION.matcher(said);
			if (!version.find() || Integer.parseInt(version.group(1)) == 1
					&& Integer.parseInt(version.group(2)) < MINOR_GO_VERSION) {
				throw new DemoException("This Go is too old, or none: %s%n%s".formatted(said, hint));
			}
		}
		catch (IOException ex) {
			throw new DemoException("There is no go on the PATH. " + hint, ex);
		}
	}

	private static void copy(Path from, Path to) throws IOException {
		try (Stream<Path> files = Files.walk(from)) {
			files.forEach((file) -> {
				Path copy = to.resolve(from.relativize(file).toString());
				try {
					if (Files.isDirectory(file)) {
						Files.createDirectories(copy);
					}
					else {
						Files.copy(file, copy);
					}
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
		}
		catch (UncheckedIOException ex) {
			throw ex.getCause();
		}
	}

	private PrintWriter out() {
		return this.spec.commandLine().getOut();
	}

}
