package io.twelveseconds.system;

import java.io.IOException;
import java.nio.file.Files;
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
import java.util.TreeMap;
import java.util.TreeSet;

import io.twelveseconds.trace.Edge;
import io.twelveseconds.trace.Span;
import io.twelveseconds.trace.Trace;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What {@code telemetry/registry} lists, and how a recording differs from it.
 *
 * @param definitions the attributes of our own, by name
 * @param resource what the resource of every span says
 * @param types kinds of spans that have the same attributes
 */
record TelemetryRegistry(Map<String, Definition> definitions, Map<String, Presence> resource, List<SpanType> types) {

	static TelemetryRegistry of(Path root) throws IOException {
		return parse(Files.readString(root.resolve("telemetry/registry/shop.yaml")));
	}

	static TelemetryRegistry parse(String yaml) {
		Map<String, JsonNode> groups = new LinkedHashMap<>();
		new YAMLMapper().readTree(yaml).at("/groups").forEach((group) -> {
			if (groups.put(group.at("/id").asString(), group) != null) {
				throw new IllegalArgumentException("Two groups are called " + group.at("/id").asString());
			}
		});
		Map<String, Definition> definitions = new LinkedHashMap<>();
		Map<String, Presence> resource = new LinkedHashMap<>();
		List<SpanType> types = new ArrayList<>();
		groups.forEach((id, group) -> {
			switch (group.at("/type").asString()) {
				case "attribute_group" -> group.at("/attributes")
					.valueStream()
					.filter((attribute) -> attribute.has("id"))
					.forEach((attribute) -> definitions.put(attribute.at("/id").asString(), Definition.of(attribute)));
				case "entity" -> resource.putAll(attributes(group, groups));
				case "span" -> types.add(SpanType.of(id, group, attributes(group, groups)));
				default -> throw new IllegalArgumentException(id + " is of no type that is known here");
			}
		});
		return new TelemetryRegistry(definitions, resource, types);
	}

	/** Those of the group that it extends, too. */
	private static Map<String, Presence> attributes(JsonNode group, Map<String, JsonNode> groups) {
		Map<String, Presence> attributes = new TreeMap<>();
		if (group.has("extends")) {
			attributes.putAll(attributes(groups.get(group.at("/extends").asString()), groups));
		}
		group.at("/attributes")
			.forEach((attribute) -> attributes.put(attribute.at("/ref").asString(),
					Presence.of(attribute.at("/requirement_level"))));
		return attributes;
	}

	/** Each expected way from one service to another. */
	Set<Edge> edges() {
		Set<Edge> edges = new LinkedHashSet<>();
		this.types.forEach((type) -> edges.addAll(type.calls()));
		return edges;
	}

	/**
	 * A sentence for each thing that is recorded but not listed, or listed but not
	 * recorded.
	 */
	Set<String> differences(Collection<Trace> recording) {
		Set<String> differences = new TreeSet<>();
		Map<SpanType, List<Span>> recorded = new LinkedHashMap<>();
		this.types.forEach((type) -> recorded.put(type, new ArrayList<>()));
		List<Span> spans = recording.stream().flatMap((trace) -> trace.spans().stream()).toList();
		for (Span span : spans) {
			typeOf(span).ifPresentOrElse((type) -> recorded.get(type).add(span),
					() -> differences.add(described(span) + " is not listed"));
			difference("The resource of " + span.service(), this.resource, List.of(span.resource().keySet()),
					differences);
		}
		recorded.forEach((type, ofType) -> {
			type.names()
				.forEach((service, names) -> names.stream()
					.filter((name) -> ofType.stream()
						.noneMatch((span) -> span.service().equals(service) && span.name().equals(name)))
					.forEach((name) -> differences
						.add("%s %s %s is listed, but was not recorded".formatted(service, type.kind(), name))));
			difference(type.id(), type.attributes(), ofType.stream().map((span) -> span.attributes().keySet()).toList(),
					differences);
		});
		Set<Edge> edges = new LinkedHashSet<>();
		recording.forEach((trace) -> edges.addAll(trace.edges()));
		edges().stream()
			.filter((edge) -> !edges.contains(edge))
			.forEach((edge) -> differences.add(edge + " is listed, but was not recorded"));
		edges.stream()
			.filter((edge) -> !edges().contains(edge))
			.forEach((edge) -> differences.add(edge + " is not listed"));
		return differences;
	}

	private Optional<SpanType> typeOf(Span span) {
		List<SpanType> types = this.types.stream().filter((type) -> type.holds(span)).toList();
		if (types.size() > 1) {
			throw new IllegalStateException(described(span) + " is listed twice");
		}
		return types.stream().findAny();
	}

	private static void difference(String where, Map<String, Presence> listed, List<Set<String>> recorded,
			Set<String> differences) {
		Set<String> seen = new TreeSet<>();
		recorded.forEach(seen::addAll);
		// Jaeger's own remarks on a span, made when it is read.
		seen.removeIf((name) -> name.startsWith("@jaeger@"));
		seen.stream()
			.filter((name) -> !listed.containsKey(name))
			.forEach((name) -> differences.add(where + " has " + name + ", which is not listed"));
		listed.forEach((name, presence) -> {
			if (presence.level() == Level.REQUIRED && !recorded.stream().allMatch((names) -> names.contains(name))) {
				differences.add(where + " lacks " + name + " somewhere");
			}
			if (presence.level() == Level.CONDITIONALLY_REQUIRED && !seen.contains(name)) {
				differences.add(where + " has " + name + " nowhere");
			}
		});
	}

	private static String described(Span span) {
		return "%s %s %s".formatted(span.service(), span.kind(), span.name());
	}

	/** How a registry says where an attribute is to be expected. */
	enum Level {

		/** On every span. */
		REQUIRED,

		/** On those that the condition names; a recording has one of them. */
		CONDITIONALLY_REQUIRED,

		/** On some, if chance or the deployment wills it; a recording may have none. */
		RECOMMENDED

	}

	/**
	 * @param condition which spans have it; empty if all do
	 */
	record Presence(Level level, String condition) {

		static Presence of(JsonNode level) {
			if (level.isString()) {
				return new Presence(Level.valueOf(level.asString().toUpperCase(Locale.ROOT)), "");
			}
			String name = level.propertyNames().iterator().next();
			return new Presence(Level.valueOf(name.toUpperCase(Locale.ROOT)), level.get(name).asString());
		}

	}

	record Definition(String type, String brief, List<String> examples) {

		static Definition of(JsonNode attribute) {
			return new Definition(attribute.at("/type").asString(), attribute.at("/brief").asString().strip(),
					attribute.at("/examples").valueStream().map(JsonNode::asString).toList());
		}

	}

	/**
	 * @param names of its spans, by the service that makes them
	 * @param calls where its spans lead
	 */
	record SpanType(String id, Span.Kind kind, String brief, Map<String, Set<String>> names, Set<Edge> calls,
			Map<String, Presence> attributes) {

		static SpanType of(String id, JsonNode group, Map<String, Presence> attributes) {
			return new SpanType(id, Span.Kind.valueOf(group.at("/span_kind").asString().toUpperCase(Locale.ROOT)),
					group.at("/brief").asString().strip(), byService(group.at("/annotations/spans")),
					calls(group.at("/annotations")), attributes);
		}

		private static Set<Edge> calls(JsonNode annotations) {
			Set<Edge> calls = new LinkedHashSet<>();
			byService(annotations.at("/calls")).forEach((from, callees) -> callees
				.forEach((to) -> calls.add(new Edge(from, to, Edge.Kind.valueOf(annotations.at("/by").asString())))));
			return calls;
		}

		private static Map<String, Set<String>> byService(JsonNode services) {
			Map<String, Set<String>> byService = new LinkedHashMap<>();
			services.properties()
				.forEach((service) -> service.getValue()
					.forEach((value) -> byService.computeIfAbsent(service.getKey(), (any) -> new LinkedHashSet<>())
						.add(value.asString())));
			return byService;
		}

		boolean holds(Span span) {
			return span.kind() == this.kind && this.names.getOrDefault(span.service(), Set.of()).contains(span.name());
		}

	}

}
