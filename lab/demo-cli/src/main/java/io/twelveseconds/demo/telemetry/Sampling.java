package io.twelveseconds.demo.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.command.WholeFile;
import io.twelveseconds.trace.Span;
import io.twelveseconds.trace.Trace;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Which traces are kept, and who decides: a folder in {@code telemetry/sampling}, with
 * variables for the agents and something to be merged over the Collector's configuration.
 *
 * @param name of the folder
 */
public record Sampling(String name, Path folder) {

	public static final String USUAL = "everything";

	/** The variable of an agent that says which share of the traces it keeps. */
	public static final String HEAD_SHARE = "OTEL_TRACES_SAMPLER_ARG";

	/** From then on a trace is slow for {@code telemetry/sampling/tail}. */
	public static final Duration SLOW = Duration.ofSeconds(1);

	/** So unlikely is more than that by chance: once in a thousand times, either way. */
	public static final double DEVIATIONS = 3.3;

	/** As the Collector reads it: {@code ${env:NAME:-otherwise}}. */
	private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:(\\w+):-(.*)}");

	/** What somebody chose to use there, until another one is; empty if nobody did. */
	public static Optional<Sampling> chosen(Path root, Path home) {
		Path file = file(home);
		try {
			return Files.exists(file) ? Optional.of(of(root, Files.readString(file).strip())) : Optional.empty();
		}
		catch (UnknownSamplingException ex) {
			throw new DemoException(
					"%s says what is in use. %s. Write one of these into it, or delete it: then it is %s."
						.formatted(file, ex.getMessage(), USUAL),
					ex);
		}
		catch (IOException ex) {
			throw new DemoException("How to sample cannot be read from %s: %s".formatted(file, ex), ex);
		}
	}

	/** When somebody last did; what came before may have been sampled in another way. */
	public static Instant chosenAt(Path home) {
		try {
			return Files.exists(file(home)) ? Files.getLastModifiedTime(file(home)).toInstant() : Instant.EPOCH;
		}
		catch (IOException ex) {
			throw new DemoException("%s cannot be read: %s".formatted(file(home), ex), ex);
		}
	}

	/** What is in use where we are. */
	public static Sampling here() {
		String compose = Environment.setting("DEMO_SAMPLING");
		return (compose != null) ? of(Environment.root(), compose) : inUse(Environment.root(), Environment.home());
	}

	/** What is used there: what was chosen, else the usual one. */
	public static Sampling inUse(Path root, Path home) {
		return chosen(root, home).orElseGet(() -> of(root, USUAL));
	}

	public static Sampling of(Path root, String name) {
		List<String> known = Stream.concat(names(root).stream(), traps(root).stream().map((trap) -> "traps/" + trap))
			.toList();
		if (!known.contains(name)) {
			throw new UnknownSamplingException(
					"There is no way of sampling called '%s'. There are: %s".formatted(name, String.join(", ", known)));
		}
		return new Sampling(name, folder(root).resolve(name));
	}

	/** Those that are good for something. */
	public static List<String> names(Path root) {
		return namesIn(folder(root));
	}

	/** Those that are mistakes to learn from. */
	private static List<String> traps(Path root) {
		return namesIn(folder(root).resolve("traps"));
	}

	private static List<String> namesIn(Path parent) {
		try (Stream<Path> folders = Files.list(parent)) {
			return folders.filter((folder) -> Files.exists(folder.resolve("agent.env")))
				.map((folder) -> folder.getFileName().toString())
				.sorted()
				.toList();
		}
		catch (IOException ex) {
			throw new DemoException("The ways of sampling cannot be read: " + ex, ex);
		}
	}

	private static Path folder(Path root) {
		return root.resolve("telemetry/sampling");
	}

	private static Path file(Path home) {
		return home.resolve("sampling");
	}

	public void remember(Path home) {
		try {
			WholeFile.write(file(home), this.name + "\n");
		}
		catch (IOException ex) {
			throw new DemoException("%s cannot be written: %s".formatted(file(home), ex), ex);
		}
	}

	/** To be merged over {@code otel-collector.yaml}. */
	public Path collector() {
		return this.folder.resolve("collector.yaml");
	}

	/** Whether the Collector decides, which the embedded stack does not have. */
	public boolean needsCollector() {
		return read(collector()).contains("tail_sampling:");
	}

	/** How long the Collector waits before it decides. */
	public Duration decisionWait() {
		String wait = tail().path("decision_wait").asString("0s");
		Matcher variable = VARIABLE.matcher(wait);
		if (variable.matches()) {
			String value = Environment.setting(variable.group(1));
			wait = (value != null) ? value : variable.group(2);
		}
		return new Times.WithUnit().convert(wait);
	}

	/**
	 * Of the traces that nothing speaks for, as the configuration has it: what the agents
	 * keep, times what the Collector does.
	 */
	public double share() {
		return share(headShare());
	}

	private double share(double head) {
		List<JsonNode> shares = tail().findValues("sampling_percentage");
		return shares.isEmpty() ? head : head * shares.stream().mapToDouble(JsonNode::asDouble).sum() / 100;
	}

	/**
	 * So many are kept at least of that many which the agents have sampled, but for one
	 * time in a thousand; none where a limit may keep fewer than the share.
	 */
	public long atLeast(int traces) {
		return isLimited() ? 0 : atLeast(traces, share(1));
	}

	/** So many of that many are sampled at least by agents that keep such a share. */
	public static long atLeast(int traces, double share) {
		return (long) Math.ceil(Math.max(0, traces * (share - error(traces, share))));
	}

	/** How far the share that is kept of so many may be from the configured one. */
	public double error(int traces) {
		return error(traces, share());
	}

	private static double error(int traces, double share) {
		return DEVIATIONS * Math.sqrt(share * (1 - share) / Math.max(1, traces));
	}

	/** What the agents keep; as for them, the environment counts more than the folder. */
	public double headShare() {
		return headShare(Environment.setting(HEAD_SHARE));
	}

	/** What agents keep that were started with this in the variable. */
	public double headShare(@Nullable String variable) {
		String share = (variable == null || variable.isBlank()) ? agents().getOrDefault(HEAD_SHARE, "1.0") : variable;
		try {
			return Double.parseDouble(share);
		}
		catch (NumberFormatException ex) {
			throw new DemoException("%s=%s is not a share from 0 to 1, such as 0.1".formatted(HEAD_SHARE, share), ex);
		}
	}

	/** Whether there may be less than the share. */
	public boolean isLimited() {
		return !tail().findValues("rate_limiting").isEmpty();
	}

	public boolean keepsErrors() {
		return headShare() == 1 && !tail().findValues("status_code").isEmpty();
	}

	public boolean keepsSlow() {
		return headShare() == 1 && !tail().findValues("latency").isEmpty();
	}

	/**
	 * Whether it is sure to keep this one. That of a customer who had his answer at once
	 * may be slow all the same: if his mail had to wait.
	 */
	public boolean keeps(Trace trace) {
		boolean slow = trace.duration().compareTo(SLOW) >= 0;
		return (keepsSlow() && slow) || (keepsErrors() && trace.spans().stream().anyMatch(Span::failed));
	}

	public boolean keepsPremium() {
		return headShare() == 1 && tail().path("policies")
			.valueStream()
			.anyMatch((policy) -> policy.path("name").asString("").equals("premium"));
	}

	private JsonNode tail() {
		return new YAMLMapper().readTree(read(collector())).path("processors").path("tail_sampling");
	}

	/** Variables of the agent of every service. */
	public Map<String, String> agents() {
		return variables(this.folder.resolve("agent.env"));
	}

	/** Variables of the agent of this service, which may have a file of its own. */
	public Map<String, String> agent(String service) {
		Map<String, String> variables = new LinkedHashMap<>(agents());
		Path own = this.folder.resolve("agent." + service + ".env");
		if (Files.exists(own)) {
			variables.putAll(variables(own));
		}
		return variables;
	}

	private static Map<String, String> variables(Path file) {
		Map<String, String> variables = new LinkedHashMap<>();
		read(file).lines()
			.filter((line) -> !line.isBlank() && !line.startsWith("#"))
			.map((line) -> line.split("=", 2))
			.forEach((pair) -> variables.put(pair[0], pair[1]));
		return variables;
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new DemoException("%s cannot be read: %s".formatted(file, ex), ex);
		}
	}

	/** Which is a mistake in the command line. */
	public static final class UnknownSamplingException extends DemoException {

		private static final long serialVersionUID = 1L;

		public UnknownSamplingException(String message) {
			super(message);
		}

	}

}
