package io.twelveseconds.demo.bench;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.twelveseconds.demo.part.Part;
import io.twelveseconds.demo.telemetry.Sampling;
import picocli.CommandLine.TypeConversionException;

/**
 * How the services are traced while the bench measures them.
 *
 * @param agent whether there is an agent in them at all
 * @param variables of the agents, which win over the caller's own
 */
record TracingMode(String name, boolean agent, Map<String, String> variables) {

	static final List<String> NAMES = List.of("none", "off", "head", "everything");

	private static final String RATIO = "OTEL_TRACES_SAMPLER_ARG";

	static TracingMode of(Path root, String name) {
		return switch (name) {
			case "none" -> new TracingMode(name, false, Map.of());
			case "off" -> new TracingMode(name, true, Map.of(RATIO, "0"));
			case "head", "everything" -> new TracingMode(name, true, Sampling.of(root, name).agents());
			default -> throw new TypeConversionException(
					"There is no mode '%s'. There are: %s".formatted(name, String.join(", ", NAMES)));
		};
	}

	/**
	 * Like {@code everything}, but for some variables:
	 * {@code NAME=KEY=VALUE[,KEY=VALUE]}. A value may have commas in it, as long as no
	 * name of a variable and an equals sign follow. What {@code telemetry/agent.yaml}
	 * does not read would change nothing; another file of that kind may read anything.
	 */
	static TracingMode variant(Path root, String text) throws IOException {
		String[] parts = text.split("=", 2);
		if (!parts[0].matches("[a-z0-9][a-z0-9.-]{0,19}") || parts.length < 2
				|| !parts[1].matches("[A-Z][A-Z0-9_]*=(.|\\R)*")) {
			throw new TypeConversionException(
					"'%s' is not a name and variables, such as slow-batch=OTEL_BSP_SCHEDULE_DELAY=5000"
						.formatted(text));
		}
		Map<String, String> changed = Arrays.stream(parts[1].split(",(?=[A-Z][A-Z0-9_]*=)"))
			.map((pair) -> pair.split("=", 2))
			.collect(Collectors.toMap((pair) -> pair[0], (pair) -> pair[1], (first, last) -> last));
		List<String> read = List.of(Files.readString(root.resolve("telemetry/agent.yaml")).split("\\W+"));
		for (String name : changed.keySet()) {
			if (name.startsWith("OTEL_") && !read.contains(name) && !changed.containsKey("OTEL_CONFIG_FILE")) {
				throw new TypeConversionException(
						"%s changes nothing: telemetry/agent.yaml does not read it".formatted(name));
			}
		}
		if (!isShare(changed.getOrDefault(RATIO, "1"))) {
			throw new TypeConversionException(
					"%s=%s is not a share from 0 to 1: give it one such as 0.1".formatted(RATIO, changed.get(RATIO)));
		}
		Map<String, String> variables = new HashMap<>(of(root, Sampling.USUAL).variables());
		variables.putAll(changed);
		return new TracingMode(parts[0], true, Map.copyOf(variables));
	}

	private static boolean isShare(String text) {
		try {
			BigDecimal share = new BigDecimal(text);
			return share.signum() >= 0 && share.compareTo(BigDecimal.ONE) <= 0;
		}
		catch (NumberFormatException ex) {
			return false;
		}
	}

	/** The service as it is started in this mode. */
	Part applyTo(Part service) {
		return this.agent ? service.with(this.variables) : service.untraced();
	}

	/** Whether nothing may be exported. */
	boolean isSilent() {
		return !this.agent || new BigDecimal(this.variables.getOrDefault(RATIO, "1")).signum() == 0;
	}

}
