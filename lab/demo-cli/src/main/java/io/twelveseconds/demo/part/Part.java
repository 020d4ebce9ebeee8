package io.twelveseconds.demo.part;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.twelveseconds.demo.telemetry.SpanFlow;
import org.jspecify.annotations.Nullable;

/**
 * One process of the stack.
 *
 * @param app what must be unpacked before it can run
 * @param command what to run
 * @param environment what is added to our own environment
 * @param ports where it listens, the most interesting one first
 * @param needs the parts that must be ready before it can start
 * @param readyLine what it logs when it is ready, where an open port says too little
 * @param health the address that answers 200 when it is ready
 */
public record Part(String name, @Nullable App app, List<String> command, Map<String, String> environment,
		Map<String, Integer> ports, Set<String> needs, @Nullable String readyLine, @Nullable URI health) {

	/** Services are started a few at a time, the parts below them all at once. */
	public boolean isService() {
		return this.health != null;
	}

	/** Where a person or a program finds it: a URL where there is one to open. */
	public String where() {
		boolean web = isService() || this.ports.containsKey("query");
		return this.ports.values()
			.stream()
			.findFirst()
			.map((port) -> (web ? "http://127.0.0.1:" : "127.0.0.1:") + port)
			.orElse("");
	}

	/** Where it says what became of the spans that it made or took, if it does. */
	public Optional<SpanFlow.Source> telemetry() {
		if (this.ports.containsKey("telemetry")) {
			return source(SpanFlow.Kind.SERVICE, "telemetry");
		}
		return switch (this.name) {
			case "collector" -> source(SpanFlow.Kind.COLLECTOR, "metrics");
			case "jaeger" -> source(SpanFlow.Kind.JAEGER, "metrics");
			case "traces" -> source(SpanFlow.Kind.STORE, "query");
			default -> Optional.empty();
		};
	}

	/** The same part with more in its environment. */
	public Part with(Map<String, String> variables) {
		Map<String, String> all = new LinkedHashMap<>(this.environment);
		all.putAll(variables);
		return copy(this.command, all, this.ports);
	}

	/** The same service without the agent, which then does not tell of itself either. */
	public Part untraced() {
		List<String> words = this.command.stream().filter((word) -> !word.startsWith("-javaagent:")).toList();
		Map<String, Integer> others = new LinkedHashMap<>(this.ports);
		others.remove("telemetry");
		return copy(words, this.environment, others);
	}

	/** The same service with both compilers of the JVM, as it would run in production. */
	public Part fullyCompiled() {
		List<String> words = this.command.stream()
			.filter((word) -> !word.startsWith("-XX:TieredStopAtLevel=")
					&& !word.startsWith("-XX:ReservedCodeCacheSize="))
			.toList();
		return copy(words, this.environment, this.ports);
	}

	private Part copy(List<String> words, Map<String, String> variables, Map<String, Integer> listening) {
		return new Part(this.name, this.app, words, variables, listening, this.needs, this.readyLine, this.health);
	}

	private Optional<SpanFlow.Source> source(SpanFlow.Kind kind, String port) {
		return Optional.ofNullable(this.ports.get(port))
			.map((number) -> new SpanFlow.Source(kind, URI.create("http://127.0.0.1:" + number)));
	}

	/**
	 * Whether it can be used right now. It never takes longer than a second to say so.
	 */
	public boolean isReady(RunningPart running, Path log) {
		try {
			boolean saidSo = this.readyLine == null || running.startupMillis() != null
					|| LogFile.contains(log, running.logStart(), this.readyLine);
			return saidSo && this.ports.values().stream().noneMatch(Ports::isClosed)
					&& (this.health == null || isHealthy(this.health));
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static boolean isHealthy(URI health) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) health.toURL().openConnection();
		try {
			connection.setConnectTimeout(500);
			connection.setReadTimeout(1000);
			return connection.getResponseCode() == 200;
		}
		finally {
			connection.disconnect();
		}
	}

	/** Gathers what makes a part; the methods read as its description. */
	static final class Builder {

		private final String name;

		private final int portOffset;

		private final Map<String, String> environment = new LinkedHashMap<>();

		private final Map<String, Integer> ports = new LinkedHashMap<>();

		private final Set<String> needs = new LinkedHashSet<>();

		private final List<String> command = new ArrayList<>();

		private @Nullable App app;

		private @Nullable String readyLine;

		private @Nullable URI health;

		Builder(String name, int portOffset) {
			this.name = name;
			this.portOffset = portOffset;
		}

		Builder app(App app) {
			this.app = app;
			return this;
		}

		Builder command(Collection<String> words) {
			this.command.addAll(words);
			return this;
		}

		Builder command(String... words) {
			return command(List.of(words));
		}

		Builder env(String name, Object value) {
			this.environment.put(name, value.toString());
			return this;
		}

		Builder listens(String what, int port) {
			this.ports.put(what, shifted(port));
			return this;
		}

		/** Listens there, and is told so by a variable. */
		Builder configured(String variable, String what, int port) {
			return listens(what, port).env(variable, shifted(port));
		}

		/** Listens there, and is told so by an option of its command. */
		Builder option(String option, int port) {
			listens(option.replaceFirst("^--", "").replaceFirst("-?port$", ""), port);
			return command(option, String.valueOf(shifted(port)));
		}

		Builder database(String database) {
			return needs("postgres").env("SPRING_DATASOURCE_URL",
					"jdbc:postgresql://127.0.0.1:%d/%s".formatted(shifted(Ports.POSTGRES), database));
		}

		Builder broker() {
			return needs("kafka").env("SPRING_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + shifted(Ports.KAFKA));
		}

		Builder mail() {
			return needs("mail").env("SPRING_MAIL_HOST", "127.0.0.1").env("SPRING_MAIL_PORT", shifted(Ports.SMTP));
		}

		/**
		 * Called over HTTP. It need not be there first: that is what timeouts are for.
		 */
		Builder calls(String group, int port) {
			return env("SPRING_HTTP_SERVICECLIENT_" + group.toUpperCase(Locale.ROOT) + "_BASE_URL", url(port));
		}

		Builder needs(String part) {
			this.needs.add(part);
			return this;
		}

		Builder readyWhenItSays(String line) {
			this.readyLine = line;
			return this;
		}

		Builder readyWhenHealthy(String path, int port) {
			this.health = URI.create(url(port) + path);
			return this;
		}

		String url(int port) {
			return "http://127.0.0.1:" + shifted(port);
		}

		private int shifted(int port) {
			return port + this.portOffset;
		}

		Part build() {
			return new Part(this.name, this.app, List.copyOf(this.command), Map.copyOf(this.environment),
					new LinkedHashMap<>(this.ports), Set.copyOf(this.needs), this.readyLine, this.health);
		}

	}

}
