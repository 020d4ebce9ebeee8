package io.twelveseconds.demo.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.part.Directories;
import io.twelveseconds.demo.part.Memory;
import io.twelveseconds.demo.part.Part;
import io.twelveseconds.demo.part.Parts;
import io.twelveseconds.demo.part.Ports;
import io.twelveseconds.demo.part.RunDirectory;
import io.twelveseconds.demo.part.RunningPart;
import io.twelveseconds.demo.part.Stack;
import io.twelveseconds.demo.stack.LocalStack;
import io.twelveseconds.demo.stack.Progress;
import io.twelveseconds.demo.stack.Startup;
import io.twelveseconds.demo.telemetry.SpanFlow;
import io.twelveseconds.demo.telemetry.SpanFlow.Hop;
import org.jspecify.annotations.Nullable;

/**
 * A shop that is there only to be measured: in a directory and on ports of its own, and
 * with new data. What is below the services is started once, the services anew for each
 * mode.
 */
class BenchShop implements AutoCloseable {

	private static final Duration START_PATIENCE = Duration.ofSeconds(120);

	private static final Duration SETTLE_PATIENCE = Duration.ofSeconds(60);

	/**
	 * Of one core. The services poll when they have nothing to do, and still compile a
	 * little.
	 */
	private static final double IDLE = 0.25;

	private final Path root;

	private final Path home;

	private final int portOffset;

	private final Stack kind;

	private final List<Part> parts;

	private final ByteRelay spans;

	/** For a variant of the agent's configuration that exports by gRPC. */
	private final ByteRelay spansByGrpc;

	private LocalStack stack;

	private @Nullable Startup startup;

	private boolean closed;

	/**
	 * Starts nothing yet.
	 * @param fullJit whether the services compile as in production
	 */
	BenchShop(Path root, Path home, int portOffset, Stack kind, boolean fullJit) throws IOException {
		this.root = root.toAbsolutePath().normalize();
		this.home = home.toAbsolutePath().normalize();
		if (new RunDirectory(this.home).portOffset().isPresent()) {
			throw new DemoException("""
					Another bench runs in %1$s, or what is left of one that was killed. \
					To stop it: DEMO_HOME=%1$s ./demo down --wipe""".formatted(this.home));
		}
		this.portOffset = Ports.checkedOffset(portOffset);
		this.kind = kind;
		this.parts = new Parts(this.root, this.home, portOffset, kind, System.getenv()).all()
			.stream()
			.map((part) -> (part.isService() && fullJit) ? part.fullyCompiled() : part)
			.toList();
		this.spans = new ByteRelay(Ports.OTLP + portOffset);
		this.spansByGrpc = new ByteRelay(Ports.OTLP_GRPC + portOffset);
		this.stack = stack(this.parts);
	}

	private LocalStack stack(List<Part> parts) {
		return new LocalStack(this.kind, parts, this.root, this.home, this.portOffset, START_PATIENCE);
	}

	/** Starts what is below the services, with new data. */
	void open() {
		this.stack.down(true);
		start(this.parts.stream().filter((part) -> !part.isService()).toList());
	}

	/** Starts the services. */
	void start(TracingMode mode) {
		this.stack = stack(this.parts.stream().map((part) -> part.isService() ? traced(part, mode) : part).toList());
		start(services());
	}

	private Part traced(Part service, TracingMode mode) {
		return mode.applyTo(service.with(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", this.spans.url(),
				"DEMO_OTLP_GRPC_ENDPOINT", this.spansByGrpc.url())));
	}

	private void start(List<Part> parts) {
		Startup next = new Startup(this.stack, parts, Progress.SILENT);
		synchronized (this) {
			if (this.closed) {
				throw new DemoException("The bench was stopped.");
			}
			this.startup = next;
		}
		next.run();
	}

	/** Stops the services, the door first. */
	void stop() {
		this.stack.fromTheTop().stream().filter(Part::isService).forEach(this.stack::stop);
	}

	URI gateway() {
		return URI.create(this.stack.part("api-gateway").where());
	}

	/**
	 * Returns when the services have nothing left to do: what is asynchronous is done,
	 * and every span is sent.
	 */
	void settle() throws InterruptedException {
		long deadline = System.nanoTime() + SETTLE_PATIENCE.toNanos();
		Duration before = cpu();
		while (true) {
			Thread.sleep(1000);
			Duration now = cpu();
			boolean idle = now.minus(before).toNanos() / 1e9 < IDLE;
			if (idle && flow().stream().allMatch((hop) -> hop.waiting() == 0)) {
				return;
			}
			if (System.nanoTime() > deadline) {
				throw new DemoException("The services have not come to rest %s after the load: %s"
					.formatted(Times.format(SETTLE_PATIENCE), flow()));
			}
			before = now;
		}
	}

	/** What the services have counted since they were started, and we beside them. */
	Counted counted() {
		List<Hop> flow = flow();
		return new Counted(cpu(), this.spans.sent() + this.spansByGrpc.sent(), flow.stream().mapToLong(Hop::out).sum(),
				flow.stream().mapToLong((hop) -> hop.failed() + hop.dropped()).sum());
	}

	/** From the start of a service until it was healthy, added up over all of them. */
	Duration startupTime() {
		return services().stream()
			.map((part) -> this.stack.state(part).map(RunningPart::startupMillis).orElseThrow())
			.map(Duration::ofMillis)
			.reduce(Duration.ZERO, Duration::plus);
	}

	long memory() {
		return services().stream().mapToLong((part) -> Memory.resident(process(part))).sum();
	}

	private Duration cpu() {
		return services().stream()
			.map((part) -> process(part).info()
				.totalCpuDuration()
				.orElseThrow(() -> new DemoException("This system does not tell how much CPU a process has used.")))
			.reduce(Duration.ZERO, Duration::plus);
	}

	private ProcessHandle process(Part part) {
		return this.stack.running(part)
			.flatMap(RunningPart::process)
			.orElseThrow(() -> new DemoException(
					"%s has died; its log: %s".formatted(part.name(), this.stack.log(part.name()))));
	}

	/** The spans of the services; empty if there is no agent in them. */
	private List<Hop> flow() {
		Map<String, SpanFlow.Source> sources = new HashMap<>();
		services().forEach((part) -> part.telemetry().ifPresent((source) -> sources.put(part.name(), source)));
		SpanFlow flow = SpanFlow.of(sources);
		if (!flow.problems().isEmpty()) {
			throw new DemoException(String.join("\n", flow.problems()));
		}
		return flow.hops();
	}

	private List<Part> services() {
		return this.stack.parts().stream().filter(Part::isService).toList();
	}

	/**
	 * Stops all that it has started, and drops the data. May be called on any thread, at
	 * any time; whoever comes second returns when it is done, too.
	 */
	@Override
	public void close() throws IOException {
		synchronized (this) {
			this.closed = true;
			if (this.startup != null) {
				this.startup.cancel();
			}
		}
		synchronized (this.parts) {
			this.stack.fromTheTop().forEach(this.stack::stop);
			this.spans.close();
			this.spansByGrpc.close();
			Directories.delete(this.home.resolve("data"));
		}
	}

	/**
	 * @param cpu of the services
	 * @param bytes on the wire, from the services to who takes their spans
	 * @param spans that were exported
	 * @param lost spans that the agents gave up or had no room for
	 */
	record Counted(Duration cpu, long bytes, long spans, long lost) {

		Counted minus(Counted before) {
			return new Counted(this.cpu.minus(before.cpu), this.bytes - before.bytes, this.spans - before.spans,
					this.lost - before.lost);
		}

	}

}
