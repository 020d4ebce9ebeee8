package io.twelveseconds.demo.stack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.shop.Http;
import io.twelveseconds.demo.telemetry.SpanFlow;
import io.twelveseconds.demo.telemetry.SpanMetrics;
import org.jspecify.annotations.Nullable;

/**
 * What differs where the parts are containers of docker compose, and this command runs in
 * one beside them ({@code DEMO_STACK=compose}). The names are those of
 * {@code docker-compose.yml}.
 */
public final class Compose implements Site {

	/** A person has to type what we cannot do from within a container. */
	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final Map<String, String> INSTEAD = Map.of("up", "docker compose up --wait", "down",
			"docker compose down, with -v to drop the data", "kill", "docker compose kill PART", "start",
			"docker compose start PART", "logs",
			"docker compose logs -f PART, or docker compose logs --no-log-prefix | grep TRACE_ID | sort", "tools",
			"docker compose up: the Collector and Jaeger are among the containers", "bench",
			"./demo bench tracing outside of the containers: it starts processes of its own, and needs a JDK");

	private static final List<Container> CONTAINERS = Stream
		.concat(Stream.of(new Container("postgres", 5432, null), new Container("kafka", 9092, null),
				new Container("mail", 8025, "/readyz"), new Container("jaeger", 13134, "/status"),
				new Container("collector", 13133, "/")),
				Stream
					.of("notification-service 8085", "analytics-service 8086", "inventory-service 8082",
							"payment-service 8083", "loyalty-service 8084", "order-service 8081", "api-gateway 8080")
					.map((service) -> service.split(" "))
					.map((service) -> new Container(service[0], Integer.parseInt(service[1]), "/actuator/health")))
		.toList();

	/** What to type instead of a command that starts or stops processes. */
	public static Optional<String> instead(String command) {
		return Environment.isCompose() ? Optional.ofNullable(INSTEAD.get(command)) : Optional.empty();
	}

	@Override
	public FaultSwitches faults() {
		return new FaultSwitches(FaultSwitches.builtIn(Environment.root()), Path.of("/flags/flags.json"));
	}

	@Override
	public Optional<URI> service(String name) {
		return Optional.of(container(name)).filter(Container::runs).map(Container::where);
	}

	@Override
	public Optional<SpanMetrics> spanMetrics() {
		Container prometheus = new Container("prometheus", 9090, "/-/ready");
		return Optional.of(prometheus)
			.filter(Container::answers)
			.map((any) -> new SpanMetrics(any.where(), "/federate?match%5B%5D=traces_span_metrics_calls_total",
					Duration.ofSeconds(15)));
	}

	@Override
	public long memory(String part) {
		return 0;
	}

	@Override
	public String broker() {
		return "kafka:9092";
	}

	@Override
	public void kill(String part) {
		ask("docker compose kill " + part, part, false);
	}

	@Override
	public void start(String part) {
		ask("docker compose start " + part, part, true);
	}

	/** Nothing in here may command Docker, so somebody outside has to. */
	private static void ask(String command, String part, boolean running) {
		System.out.printf("  Now, in another terminal: %s%n", command);
		System.out.flush();
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (running ? !container(part).answers() : container(part).runs()) {
			if (System.nanoTime() > deadline) {
				throw new DemoException("%s %s after %s. To be typed in another terminal: %s".formatted(part,
						running ? "does not run" : "still runs", Times.format(PATIENCE), command));
			}
			try {
				Thread.sleep(500);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new DemoException("Interrupted while waiting for " + part, ex);
			}
		}
	}

	public List<Container> containers() {
		return CONTAINERS;
	}

	private static Container container(String name) {
		return CONTAINERS.stream()
			.filter((container) -> container.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new DemoException("There is no container '%s'".formatted(name)));
	}

	@Override
	public Map<String, SpanFlow.Source> telemetry() {
		Map<String, SpanFlow.Source> sources = new LinkedHashMap<>();
		CONTAINERS.stream()
			.filter((container) -> "/actuator/health".equals(container.path()))
			.forEach((service) -> sources.put(service.name(),
					new SpanFlow.Source(SpanFlow.Kind.SERVICE, URI.create("http://" + service.name() + ":9464"))));
		sources.put("collector", new SpanFlow.Source(SpanFlow.Kind.COLLECTOR, URI.create("http://collector:8888")));
		sources.put("jaeger", new SpanFlow.Source(SpanFlow.Kind.JAEGER, URI.create("http://jaeger:8889")));
		return sources;
	}

	/**
	 * @param path what answers 200 there when it is ready; null where an open port says
	 * enough
	 */
	public record Container(String name, int port, @Nullable String path) {

		URI where() {
			return URI.create("http://%s:%d".formatted(this.name, this.port));
		}

		/**
		 * Whether there is such a container, ready or not: only of one that runs the name
		 * is known.
		 */
		boolean runs() {
			try (Socket socket = new Socket()) {
				socket.connect(new InetSocketAddress(this.name, this.port), 2000);
				return true;
			}
			catch (IOException ex) {
				return false;
			}
		}

		public boolean answers() {
			if (this.path == null) {
				return runs();
			}
			try {
				return new Http(this.name, where(), Duration.ofSeconds(2))
					.send(this.path, HttpRequest.newBuilder().GET())
					.statusCode() == 200;
			}
			catch (IOException ex) {
				return false;
			}
		}

	}

}
