package io.twelveseconds.demo.part;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.twelveseconds.demo.telemetry.Sampling;

/**
 * What runs, from the bottom up. Parts are started in this order, as far as they need
 * each other, and stopped in the opposite one.
 */
public final class Parts {

	/**
	 * C1 only and the serial collector start fast and stay small on two cores; they cost
	 * peak throughput, so nothing measured here speaks for production.
	 */
	private static final List<String> SMALL_JVM = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k",
			"-XX:+ExitOnOutOfMemoryError");

	/**
	 * A service under load was seen to live in 60 MB of heap, 110 MB of metaspace (a
	 * third of it the agent's), and 20 MB of compiled code: these are bounds against
	 * leaks, not targets.
	 */
	private static final List<String> SERVICE_JVM = List.of("-Xmx160m", "-XX:MaxMetaspaceSize=192m",
			"-XX:ReservedCodeCacheSize=64m");

	private final Path root;

	private final Path home;

	private final int portOffset;

	private final Stack stack;

	/**
	 * The caller's own variables: what they say about telemetry wins over what we say.
	 */
	private final Map<String, String> environment;

	public Parts(Path root, Path home, int portOffset, Stack stack, Map<String, String> environment) {
		this.root = root;
		this.home = home;
		this.portOffset = portOffset;
		this.stack = stack;
		this.environment = environment;
	}

	public List<Part> all() {
		return Stream.concat(below(), shop()).map(Part.Builder::build).toList();
	}

	/** Nothing here needs anything else to be there first. */
	private Stream<Part.Builder> below() {
		Stream<Part.Builder> traces = (this.stack == Stack.NATIVE) ? Stream.of(jaeger(), collector())
				: Stream.of(traces());
		return Stream.concat(Stream.of(postgres(), kafka(), mail()), traces);
	}

	private Stream<Part.Builder> shop() {
		return Stream.of(service("notification-service", 8085).database("notification").broker().mail(),
				service("analytics-service", 8086).database("analytics").broker(),
				service("inventory-service", 8082).database("inventory"),
				service("payment-service", 8083).database("payment"),
				service("loyalty-service", 8084).database("loyalty").calls("inventory", 8082),
				service("order-service", 8081).database("orders")
					.broker()
					.calls("inventory", 8082)
					.calls("payment", 8083)
					.calls("loyalty", 8084)
					.calls("analytics", 8086),
				service("api-gateway", 8080).calls("order", 8081)
					.calls("inventory", 8082)
					.calls("loyalty", 8084)
					.calls("notification", 8085)
					.calls("analytics", 8086)
					.env("GATEWAY_TRACEURLTEMPLATE", url(Ports.TRACES) + "/trace/{traceId}"));
	}

	private Part.Builder postgres() {
		// Unpacking PostgreSQL for the first time takes 100 MB; after that the heap stays
		// at a tenth.
		return lab("postgres", "PostgresServer", "-Xmx160m").option("--port", Ports.POSTGRES)
			.command("--data", data("postgres"))
			.readyWhenItSays("postgres: ready");
	}

	private Part.Builder kafka() {
		return lab("kafka", "KafkaServer", "-Xmx256m").option("--port", Ports.KAFKA)
			.option("--controller-port", Ports.KAFKA_CONTROLLER)
			.command("--data", data("kafka"))
			.readyWhenItSays("kafka: ready");
	}

	private Part.Builder mail() {
		return lab("mail", "MailServer", "-Xmx64m").option("--smtp-port", Ports.SMTP).option("--api-port", 8025);
	}

	private Part.Builder traces() {
		return lab("traces", "traces.TraceStore", "-Xmx192m").option("--query-port", Ports.TRACES)
			.option("--otlp-port", Ports.OTLP);
	}

	/** Configured by the same file under compose. */
	private Part.Builder jaeger() {
		return program("jaeger", Tools.JAEGER, "telemetry/jaeger.yaml")
			.configured("JAEGER_QUERY_PORT", "query", Ports.TRACES)
			.configured("JAEGER_QUERY_GRPC_PORT", "query-grpc", 16685)
			.configured("JAEGER_OTLP_PORT", "otlp-grpc", Ports.JAEGER_OTLP)
			.configured("JAEGER_HEALTH_PORT", "health", 13134)
			.configured("JAEGER_METRICS_PORT", "metrics", 8889);
	}

	/** Configured by the same file under compose. */
	private Part.Builder collector() {
		Part.Builder collector = program("collector", Tools.OTELCOL, "otel-collector.yaml").command("--config",
				this.root.resolve("telemetry/span-metrics.yaml").toString());
		sampling().ifPresent((sampling) -> collector.command("--config", sampling.collector().toString()));
		return collector.configured("COLLECTOR_OTLP_HTTP_PORT", "otlp", Ports.OTLP)
			.configured("COLLECTOR_OTLP_GRPC_PORT", "otlp-grpc", Ports.OTLP_GRPC)
			.configured("COLLECTOR_HEALTH_PORT", "health", 13133)
			.configured("COLLECTOR_METRICS_PORT", "metrics", 8888)
			.configured("COLLECTOR_SPAN_METRICS_PORT", "span-metrics", 8887)
			.env("SPAN_METRICS_INTERVAL", "2s")
			.env("JAEGER_OTLP_ENDPOINT", "127.0.0.1:" + (Ports.JAEGER_OTLP + this.portOffset));
	}

	private Part.Builder program(String name, Tools.Tool tool, String configuration) {
		Tools tools = new Tools(this.environment);
		return new Part.Builder(name, this.portOffset).command(tools.find(tool).orElse(tools.built(tool)).toString(),
				"--config", this.root.resolve(configuration).toString());
	}

	/** An embedded stand-in for what would be a server of its own in production. */
	private Part.Builder lab(String name, String mainClass, String heap) {
		Path target = this.root.resolve("lab/local-stack/target");
		App app = new App(target.resolve("local-stack.jar"), apps(name), false);
		return java(name, app).command(heap)
			.command("-cp", app.unpacked() + System.getProperty("path.separator") + target.resolve("lib") + "/*",
					"io.twelveseconds.localstack." + mainClass);
	}

	/**
	 * A Boot application, configured by nothing but Boot's and the agent's standard
	 * variables.
	 */
	private Part.Builder service(String name, int port) {
		App app = new App(this.root.resolve(name).resolve("target").resolve(name + ".jar"), apps(name), true);
		Part.Builder part = java(name, app).command(SERVICE_JVM)
			.command("-javaagent:" + this.root.resolve("lab/demo-cli/target/agent/opentelemetry-javaagent.jar"), "-jar",
					app.unpacked().toString())
			.listens("http", port)
			.configured("DEMO_TELEMETRY_PORT", "telemetry", port + 100)
			.env("SERVER_PORT", port + this.portOffset)
			// Not the caller's, if there is one: seven services of one name would make
			// one trace unreadable.
			.env("OTEL_SERVICE_NAME", name)
			.env("OTEL_RESOURCE_ATTRIBUTES", resourceAttributes(app))
			.readyWhenHealthy("/actuator/health", port);
		// Here everything may be broken: that is what it is for. Elsewhere it is not
		// allowed.
		part.env("DEMO_FAULTS_FILE", flags(this.home))
			.env("DEMO_FAULTS_ALLOWED", this.environment.getOrDefault("DEMO_FAULTS_ALLOWED", "true"));
		sampling().map((sampling) -> sampling.agent(name))
			.orElse(Map.of())
			.forEach((variable, value) -> part.env(variable, this.environment.getOrDefault(variable, value)));
		String agent = this.root.resolve("telemetry/agent.yaml").toString();
		return part.env("OTEL_CONFIG_FILE", this.environment.getOrDefault("OTEL_CONFIG_FILE", agent))
			.env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint());
	}

	/** The configuration puts a path behind it, which must not begin with two slashes. */
	private String endpoint() {
		return this.environment.getOrDefault("OTEL_EXPORTER_OTLP_ENDPOINT", url(Ports.OTLP)).replaceAll("/+$", "");
	}

	private Optional<Sampling> sampling() {
		return Sampling.chosen(this.root, this.home);
	}

	private String resourceAttributes(App app) {
		String theirs = this.environment.getOrDefault("OTEL_RESOURCE_ATTRIBUTES", "");
		List<String> named = Arrays.stream(theirs.split(",")).map((pair) -> pair.split("=")[0].strip()).toList();
		String ours = Map.of("service.version", app.version(), "deployment.environment.name", "demo")
			.entrySet()
			.stream()
			.filter((attribute) -> !named.contains(attribute.getKey()))
			.map(Object::toString)
			.sorted()
			.collect(Collectors.joining(","));
		return Stream.of(ours, theirs).filter((list) -> !list.isBlank()).collect(Collectors.joining(","));
	}

	private Part.Builder java(String name, App app) {
		return new Part.Builder(name, this.portOffset).app(app)
			.command(Java.executable(), RunningPart.marker(name, this.portOffset))
			.command(SMALL_JVM);
	}

	/** The file in which faults are switched. */
	public static Path flags(Path home) {
		return home.resolve("flags.json");
	}

	private Path apps(String name) {
		return this.home.resolve("apps").resolve(name);
	}

	private String data(String name) {
		return this.home.resolve("data").resolve(name).toString();
	}

	private String url(int port) {
		return "http://127.0.0.1:" + (port + this.portOffset);
	}

}
