package io.twelveseconds.system;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.twelveseconds.system.TelemetryRegistry.Level;
import io.twelveseconds.system.TelemetryRegistry.SpanType;
import io.twelveseconds.trace.Edge;

/** What {@code docs/telemetry.md} says between its two marks. */
final class TelemetryPage {

	private static final String BEGIN = "<!-- made from telemetry/registry, see there -->\n";

	private static final String END = "<!-- end -->\n";

	private final TelemetryRegistry registry;

	TelemetryPage(TelemetryRegistry registry) {
		this.registry = registry;
	}

	/** The page with what the registry gives now. */
	String in(String page) {
		int begin = page.indexOf(BEGIN) + BEGIN.length();
		int end = page.indexOf(END);
		if (begin < BEGIN.length() || end < begin) {
			throw new IllegalArgumentException("The page needs the lines\n" + BEGIN + END);
		}
		return page.substring(0, begin) + tables() + page.substring(end);
	}

	private String tables() {
		List<String> lines = new ArrayList<>();
		lines.addAll(List.of("", "## Who calls whom", ""));
		lines.addAll(matrix());
		lines.addAll(List.of("", "## Attributes of our own", "",
				"| attribute | type | for example | the question it answers |", "|---|---|---|---|"));
		this.registry.definitions()
			.forEach((name, definition) -> lines.add("| `%s` | %s | %s | %s |".formatted(name, definition.type(),
					codes(definition.examples()), definition.brief())));
		lines.addAll(List.of("", "## Spans"));
		this.registry.types().forEach((type) -> lines.addAll(section(type)));
		lines.addAll(
				List.of("", "## The resource of every span", "", codes(this.registry.resource().keySet()) + ".", ""));
		return String.join("\n", lines) + "\n";
	}

	private List<String> matrix() {
		Set<Edge> edges = this.registry.edges();
		Set<String> callees = edges.stream().map(Edge::to).collect(Collectors.toCollection(TreeSet::new));
		Set<String> callers = edges.stream().map(Edge::from).collect(Collectors.toCollection(TreeSet::new));
		List<String> lines = new ArrayList<>();
		lines.add("| from \\ to | " + String.join(" | ", callees) + " |");
		lines.add("|---".repeat(callees.size() + 1) + "|");
		for (String caller : callers) {
			lines.add("| %s | %s |".formatted(caller,
					callees.stream()
						.map((callee) -> edges.stream()
							.filter((edge) -> edge.from().equals(caller) && edge.to().equals(callee))
							.map((edge) -> (edge.kind() == Edge.Kind.HTTP) ? "HTTP" : "Kafka")
							.collect(Collectors.joining(", ")))
						.collect(Collectors.joining(" | "))));
		}
		return lines;
	}

	private List<String> section(SpanType type) {
		List<String> lines = new ArrayList<>();
		lines.addAll(List.of("", "### " + type.id() + " (" + type.kind() + ")", "", type.brief(), "",
				"| service | spans |", "|---|---|"));
		type.names().forEach((service, names) -> lines.add("| %s | %s |".formatted(service, codes(names))));
		lines.addAll(List.of("", "On every one: " + codes(named(type, Level.REQUIRED)) + "."));
		if (named(type, Level.REQUIRED).size() < type.attributes().size()) {
			lines.addAll(List.of("", "| attribute | if |", "|---|---|"));
			for (Level level : List.of(Level.CONDITIONALLY_REQUIRED, Level.RECOMMENDED)) {
				named(type, level).forEach(
						(name) -> lines.add("| `%s` | %s |".formatted(name, type.attributes().get(name).condition())));
			}
		}
		return lines;
	}

	private static List<String> named(SpanType type, Level level) {
		return type.attributes()
			.entrySet()
			.stream()
			.filter((attribute) -> attribute.getValue().level() == level)
			.map(Map.Entry::getKey)
			.toList();
	}

	private static String codes(Iterable<String> texts) {
		List<String> codes = new ArrayList<>();
		texts.forEach((text) -> codes.add("`" + text + "`"));
		return String.join(", ", codes);
	}

}
