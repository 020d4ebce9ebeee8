package io.twelveseconds.demo.stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.part.Directories;
import io.twelveseconds.demo.part.LogFile;
import io.twelveseconds.demo.part.Memory;
import io.twelveseconds.demo.part.Part;
import io.twelveseconds.demo.part.Parts;
import io.twelveseconds.demo.part.Ports;
import io.twelveseconds.demo.part.RunDirectory;
import io.twelveseconds.demo.part.RunningPart;
import io.twelveseconds.demo.part.Stack;
import io.twelveseconds.demo.part.Tools;
import io.twelveseconds.demo.telemetry.Sampling;
import io.twelveseconds.demo.telemetry.SpanFlow;
import io.twelveseconds.demo.telemetry.SpanMetrics;

/**
 * The parts of one stack and what can be done with them. Each part is a process that goes
 * on when we end; what must be remembered of it is in files under the home directory, so
 * that the next command, and a test, can go on from there.
 */
public final class LocalStack implements Site {

	/**
	 * A part that has not stopped by then is killed, and must be gone after as much
	 * again. Boot lets requests in flight finish first.
	 */
	private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

	/**
	 * Neither Ctrl-C nor a closed terminal is meant for the part. A program may listen to
	 * signals that its starter ignores (PostgreSQL does, and what is written in Go), so
	 * it gets a process group of its own; macOS has no setsid, but Perl.
	 */
	private static final String ALONE = """
			trap '' HUP INT
			if command -v setsid >/dev/null; then exec setsid "$@"; fi
			if command -v perl >/dev/null; then exec perl -e 'setpgrp; exec @ARGV' "$@"; fi
			exec "$@"
			""";

	private final List<Part> parts;

	private final Path root;

	private final Path home;

	private final RunDirectory run;

	private final int portOffset;

	private final Stack kind;

	private final Duration startPatience;

	private final Clock clock = Clock.systemUTC();

	/**
	 * Describes the stack, without starting or changing anything.
	 * @param root the repository
	 * @param home where state, data and logs are kept
	 * @param portOffset what is added to each port
	 * @param kind who keeps the traces
	 */
	public LocalStack(Path root, Path home, int portOffset, Stack kind) {
		this(kind,
				new Parts(root.toAbsolutePath().normalize(), home.toAbsolutePath().normalize(),
						Ports.checkedOffset(portOffset), kind, System.getenv())
					.all(),
				root, home, portOffset, Duration.ofSeconds(120));
	}

	public LocalStack(Stack kind, List<Part> parts, Path root, Path home, int portOffset, Duration startPatience) {
		this.kind = kind;
		this.parts = parts;
		this.root = root.toAbsolutePath().normalize();
		this.home = home.toAbsolutePath().normalize();
		this.run = new RunDirectory(this.home);
		this.portOffset = portOffset;
		this.startPatience = startPatience;
	}

	/**
	 * The stack that the environment names; the offset of what runs there counts more
	 * than its variable.
	 */
	public static LocalStack here() {
		RunDirectory run = new RunDirectory(Environment.home());
		int offset = run.portOffset().orElseGet(() -> Environment.number("DEMO_PORT_OFFSET", 0));
		Stack kind = run.kind()
			.or(() -> Stack.requested(Environment.setting("DEMO_STACK")))
			.orElseGet(new Tools(System.getenv())::preferred);
		return at(offset, kind);
	}

	static LocalStack at(int portOffset, Stack kind) {
		return new LocalStack(Environment.root(), Environment.home(), portOffset, kind);
	}

	/** Starts what does not run, and returns when all of it is ready. */
	public void up() {
		startup(Progress.SILENT).run();
	}

	@Override
	public void start(String name) {
		start(name, Progress.SILENT);
	}

	void start(String name, Progress progress) {
		Part part = part(name);
		List<String> missing = part.needs()
			.stream()
			.filter((needed) -> running(part(needed)).isEmpty())
			.sorted()
			.toList();
		if (!missing.isEmpty()) {
			throw new DemoException("%s needs %s, which does not run: ./demo start %s".formatted(name,
					String.join(" and ", missing), missing.get(0)));
		}
		new Startup(this, List.of(part), progress).run();
	}

	Startup startup(Progress progress) {
		return new Startup(this, this.parts, progress);
	}

	/** Ends one part, by SIGKILL if it must be hard, and returns when it is gone. */
	public void kill(String name, boolean hard) {
		Part part = part(name);
		this.run.alone(() -> {
			RunningPart running = running(part).orElseThrow(
					() -> new DemoException("%s does not run; ./demo status shows what does.".formatted(name)));
			if (hard) {
				crash(part, running);
			}
			else {
				stop(part);
			}
			return null;
		});
	}

	private void crash(Part part, RunningPart running) {
		// The state stays: this is a death like any other, and ./demo status will say so.
		Optional<Postmaster> postmaster = postmaster(part);
		running.process().ifPresent((process) -> kill(part, process));
		postmaster.ifPresent(Postmaster::crash);
		awaitClosed(part);
	}

	/**
	 * Stops what runs, the door first and the database last.
	 * @param wipe whether the data goes as well
	 */
	public void down(boolean wipe) {
		down(wipe, (line) -> {
		});
	}

	/** Returns whether all that ran has been stopped. */
	boolean down(boolean wipe, Consumer<String> report) {
		return this.run.alone(() -> {
			boolean complete = stopAll(report);
			if (wipe && complete) {
				wipe();
				report.accept("The data is gone.");
			}
			return complete;
		});
	}

	private boolean stopAll(Consumer<String> report) {
		boolean complete = true;
		for (Part part : fromTheTop()) {
			try {
				stop(part).ifPresent((how) -> report.accept("%-21s %s".formatted(part.name(), how)));
			}
			catch (DemoException ex) {
				// The others can be stopped all the same.
				report.accept(ex.getMessage());
				complete = false;
			}
		}
		if (complete) {
			this.run.forgetKind();
		}
		return complete;
	}

	private void wipe() {
		Path data = this.home.resolve("data");
		try {
			Directories.delete(data);
		}
		catch (IOException ex) {
			throw new DemoException("%s could not be removed: %s".formatted(data, ex), ex);
		}
	}

	/** Stops the part if it runs, and forgets it; what happened is in the answer. */
	public Optional<String> stop(Part part) {
		Optional<RunningPart> state = state(part);
		long start = System.nanoTime();
		Optional<ProcessHandle> process = state.flatMap(RunningPart::process);
		String how = "had died before";
		if (process.isPresent()) {
			process.get().destroy();
			boolean gone = awaitEnd(process.get(), STOP_PATIENCE);
			if (!gone) {
				kill(part, process.get());
			}
			how = (gone ? "stopped in " : "did not stop by itself, killed after ")
					+ Times.format(Duration.ofNanos(System.nanoTime() - start));
		}
		boolean orphan = stopLeftOver(part);
		if (process.isPresent()) {
			awaitClosed(part);
		}
		this.run.forget(part);
		return (state.isEmpty() && !orphan) ? Optional.empty()
				: Optional.of(how + (orphan ? "; the server it had left behind is stopped" : ""));
	}

	/** The kernel ends a process late if its disk does not answer. */
	private static void kill(Part part, ProcessHandle process) {
		process.destroyForcibly();
		if (!awaitEnd(process, STOP_PATIENCE)) {
			throw new DemoException("%s (pid %d) is still there, %s after SIGKILL.".formatted(part.name(),
					process.pid(), Times.format(STOP_PATIENCE)));
		}
	}

	/** A JVM that was killed leaves its PostgreSQL behind, which keeps port and data. */
	boolean stopLeftOver(Part part) {
		Optional<Postmaster> postmaster = postmaster(part);
		try {
			if (postmaster.isPresent()) {
				postmaster.get().stop();
			}
			return postmaster.isPresent();
		}
		catch (IOException ex) {
			throw new DemoException(
					"PostgreSQL (pid %d) could not be stopped: %s".formatted(postmaster.get().process().pid(), ex), ex);
		}
	}

	public Optional<Postmaster> postmaster(Part part) {
		return part.name().equals("postgres") ? Postmaster.of(this.home.resolve("data/postgres/pgdata"))
				: Optional.empty();
	}

	/**
	 * Looks often: for a process that is not our child, the JDK looks every two seconds.
	 */
	static boolean awaitEnd(ProcessHandle process, Duration patience) {
		long deadline = System.nanoTime() + patience.toNanos();
		try {
			while (RunningPart.isRunning(process)) {
				if (System.nanoTime() > deadline) {
					return false;
				}
				Thread.sleep(30);
			}
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new DemoException("Interrupted while waiting for process " + process.pid(), ex);
		}
	}

	/**
	 * The kernel closes a dead process's sockets a moment after the process is gone, and
	 * a start in that moment would find its port in use. A port that stays open is
	 * somebody else's, which the start will say.
	 */
	private static void awaitClosed(Part part) {
		long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
		try {
			while (System.nanoTime() < deadline && !part.ports().values().stream().allMatch(Ports::isClosed)) {
				Thread.sleep(30);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new DemoException("Interrupted while waiting for the ports of " + part.name(), ex);
		}
	}

	/** Makes the part's process, which outlives us, and writes down that there is one. */
	Process launch(Part part) throws IOException {
		if (part.app() != null) {
			part.app().unpack();
		}
		if (part.isService()) {
			faults().prepare();
		}
		Path log = log(part.name());
		Instant now = this.clock.instant();
		long logStart = LogFile.begin(log, "%s is started at %s".formatted(part.name(), now));
		List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", ALONE, part.name()));
		command.addAll(part.command());
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.root.toFile())
			.redirectInput(Path.of("/dev/null").toFile())
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
			.redirectErrorStream(true);
		builder.environment().putAll(part.environment());
		Process process = builder.start();
		try {
			this.run.remember(new RunningPart(part.name(), process.pid(), process.info().startInstant().orElse(now),
					part.ports(), this.portOffset, now, logStart, null,
					part.environment().getOrDefault(Sampling.HEAD_SHARE, System.getenv(Sampling.HEAD_SHARE))));
		}
		catch (IOException ex) {
			// Nobody would ever stop it.
			process.destroyForcibly();
			throw ex;
		}
		return process;
	}

	@Override
	public FaultSwitches faults() {
		return new FaultSwitches(FaultSwitches.builtIn(this.root), Parts.flags(this.home));
	}

	@Override
	public Optional<URI> service(String name) {
		Part service = part(name);
		return running(service).map((any) -> URI.create(service.where()));
	}

	@Override
	public Map<String, SpanFlow.Source> telemetry() {
		Map<String, SpanFlow.Source> sources = new LinkedHashMap<>();
		this.parts.stream()
			.filter((part) -> running(part).isPresent())
			.forEach((part) -> part.telemetry().ifPresent((source) -> sources.put(part.name(), source)));
		return sources;
	}

	@Override
	public Optional<SpanMetrics> spanMetrics() {
		return this.parts.stream()
			.filter((part) -> part.ports().containsKey("span-metrics") && running(part).isPresent())
			.map((part) -> new SpanMetrics(URI.create("http://127.0.0.1:" + part.ports().get("span-metrics")),
					"/metrics", Duration.ofSeconds(2)))
			.findFirst();
	}

	@Override
	public long memory(String name) {
		return running(part(name)).flatMap(RunningPart::process).map(Memory::resident).orElse(0L);
	}

	@Override
	public String broker() {
		return "127.0.0.1:" + (Ports.KAFKA + this.portOffset);
	}

	@Override
	public void kill(String name) {
		kill(name, true);
	}

	/** The process of a part that runs. */
	public long pid(String name) {
		return running(part(name)).orElseThrow(() -> new DemoException(name + " does not run")).pid();
	}

	/** Where a part logs to, whether it ever ran or not. */
	public Path log(String name) {
		return this.home.resolve("logs").resolve(part(name).name() + ".log");
	}

	public Part part(String name) {
		return this.parts.stream()
			.filter((part) -> part.name().equals(name.toLowerCase(Locale.ROOT)))
			.findFirst()
			.orElseThrow(() -> new UnknownPartException("There is no part '%s'. The parts are: %s".formatted(name,
					this.parts.stream().map(Part::name).collect(Collectors.joining(", ")))));
	}

	public List<Part> parts() {
		return this.parts;
	}

	/** The same without the parts whose state cannot be read. */
	public LocalStack readable() {
		return new LocalStack(this.kind,
				this.parts.stream().filter((part) -> this.run.isReadable(part.name())).toList(), this.root, this.home,
				this.portOffset, this.startPatience);
	}

	public List<Part> fromTheTop() {
		List<Part> reversed = new ArrayList<>(this.parts);
		Collections.reverse(reversed);
		return reversed;
	}

	/** What is remembered of the part, dead or alive. */
	public Optional<RunningPart> state(Part part) {
		return this.run.part(part.name());
	}

	public Optional<RunningPart> running(Part part) {
		return this.run.running(part.name());
	}

	/** The part that answers for the traces. */
	Part traces() {
		return part(this.kind.traces());
	}

	public Stack kind() {
		return this.kind;
	}

	public int portOffset() {
		return this.portOffset;
	}

	Duration startPatience() {
		return this.startPatience;
	}

	Path home() {
		return this.home;
	}

	RunDirectory run() {
		return this.run;
	}

	/** Which is a mistake in the command line, not in the stack. */
	public static final class UnknownPartException extends DemoException {

		private static final long serialVersionUID = 1L;

		UnknownPartException(String message) {
			super(message);
		}

	}

}
