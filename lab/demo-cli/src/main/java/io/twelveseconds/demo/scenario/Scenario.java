package io.twelveseconds.demo.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.scenario.Expected.Compared;
import io.twelveseconds.demo.scenario.Expected.Pages;
import io.twelveseconds.demo.scenario.Expected.Said;
import io.twelveseconds.demo.scenario.Expected.Shop;
import io.twelveseconds.demo.scenario.TellingTrace.Spans;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * One story, as a file in {@code scenarios/} tells it: how the shop is broken, what must
 * then be seen, and what must be true when it is mended.
 *
 * @param faults what is switched on to break it
 * @param down parts that are killed to break it; they come back when each load has ended
 * @param outage what comes and goes within each load
 * @param before what must be seen while it is broken
 * @param after what must be seen when it is mended
 * @param compare what both must have to do with each other
 * @param back how all becomes as it was, at the end
 */
record Scenario(String title, String story, List<Switch> faults, List<String> down, @Nullable Outage outage, Load load,
		Expected before, Fix fix, Expected after, List<Compared> compare,
		@JsonProperty("return") @Nullable Return back) {

	private static final YAMLMapper YAML = YAMLMapper.builder()
		.propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
		// A word that is misspelt would be an expectation that is never checked.
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
		.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
		.addModule(new SimpleModule().addDeserializer(Duration.class, new Time())
			.addDeserializer(Switch.class, new NameOrParameters()))
		.build();

	Scenario {
		Objects.requireNonNull(title, "title is missing");
		Objects.requireNonNull(story, "story is missing");
		Objects.requireNonNull(load, "load is missing");
		Objects.requireNonNull(before, "before is missing");
		Objects.requireNonNull(before.customers(), "customers is missing before the fix");
		Objects.requireNonNull(before.trace(), "trace is missing before the fix");
		Objects.requireNonNull(before.diagnosis(), "diagnosis is missing before the fix");
		Objects.requireNonNull(fix, "fix is missing");
		Objects.requireNonNull(after, "after is missing");
		Objects.requireNonNull(after.customers(), "customers is missing after the fix");
		if (faults == null || faults.isEmpty()) {
			throw new IllegalArgumentException("faults is missing");
		}
		// An expectation that is never checked would be one that seems to hold.
		if (!before.someTrace().isEmpty()) {
			throw new IllegalArgumentException("some-trace is looked for after the fix only");
		}
		if (after.diagnosis() != null || (after.trace() != null && after.trace().beside() != null)) {
			throw new IllegalArgumentException("diagnosis and beside are looked at before the fix only");
		}
		requirePagesOf(load, before);
		requirePagesOf(load, after);
		story = story.strip();
		down = (down != null) ? List.copyOf(down) : List.of();
		compare = (compare != null) ? List.copyOf(compare) : List.of();
	}

	private static void requirePagesOf(Load load, Expected expected) {
		for (Pages page : expected.pages()) {
			if (page.path() != null && !load.pages().contains(page.path())) {
				throw new IllegalArgumentException(
						"pages: nobody asks for %s, load.also does not name it".formatted(page.path()));
			}
		}
	}

	static Scenario read(Path file) {
		try {
			return YAML.readValue(Files.readString(file), Scenario.class);
		}
		catch (IOException | JacksonException ex) {
			throw new DemoException("The story in %s cannot be read: %s".formatted(file, ex.getMessage()), ex);
		}
	}

	/** A fault, with what is to be other than usual. */
	record Switch(String name, Map<String, String> parameters) {

		@Override
		public String toString() {
			return this.parameters.isEmpty() ? this.name : this.name + " " + this.parameters;
		}

	}

	/**
	 * A fault that is on for a while only.
	 *
	 * @param after how long after the first customer
	 */
	record Outage(Switch fault, Duration after, @JsonProperty("for") Duration duration) {
	}

	/**
	 * Who comes, and what they order.
	 *
	 * @param rate requests per second
	 * @param duration how long they go on coming
	 * @param neighbours whether an order's products stand side by side
	 * @param also how big a share of the requests looks at a page instead of ordering
	 */
	record Load(double rate, @JsonProperty("for") Duration duration, @Nullable Integer lines,
			@Nullable Boolean neighbours, @Nullable List<String> customers, @Nullable Map<String, Double> also,
			@Nullable Begins begins) {

		/** Those that some look at instead of ordering. */
		Set<String> pages() {
			return (this.also != null) ? this.also.keySet() : Set.of();
		}

	}

	/**
	 * The first customer comes so long after a moment that is a multiple of a time.
	 */
	record Begins(Duration atEach, Duration after) {

		Instant next(Instant now) {
			long each = this.atEach.toMillis();
			return Instant.ofEpochMilli((now.toEpochMilli() / each + 1) * each).plus(this.after);
		}

	}

	/**
	 * @param faultsOff what is switched off
	 * @param told in a sentence, what that means
	 * @param settle how long work that was begun before may still go on
	 */
	record Fix(List<String> faultsOff, String told, @Nullable Duration settle) {
	}

	/**
	 * @param faultsOff what was on in the background until now
	 * @param run a command of {@code ./demo}
	 * @param shop what must then become of all orders of the story
	 * @param say what services then say
	 * @param someTrace what then shows in at least one trace; it is looked for by the
	 * first
	 */
	record Return(String told, List<String> faultsOff, @Nullable String run, Shop shop, List<Said> say,
			List<Spans> someTrace) {

		Return {
			someTrace = (someTrace != null) ? List.copyOf(someTrace) : List.of();
			Objects.requireNonNull(shop, "shop is missing in return");
			say = (say != null) ? List.copyOf(say) : List.of();
			faultsOff = (faultsOff != null) ? List.copyOf(faultsOff) : List.of();
		}

		/** For who comes when it is broken already. */
		Return fromHalfway() {
			return new Return(this.told, this.faultsOff, this.run, this.shop.fromHalfway(), this.say, this.someTrace);
		}

	}

	private static final class Time extends StdDeserializer<Duration> {

		Time() {
			super(Duration.class);
		}

		@Override
		public Duration deserialize(JsonParser parser, DeserializationContext context) {
			return new Times.WithUnit().convert(parser.getString());
		}

	}

	/** {@code stock-locked}, or {@code stock-locked: {hold: 3s}}. */
	private static final class NameOrParameters extends StdDeserializer<Switch> {

		NameOrParameters() {
			super(Switch.class);
		}

		@Override
		public Switch deserialize(JsonParser parser, DeserializationContext context) {
			JsonNode node = context.readTree(parser);
			if (node.isString()) {
				return new Switch(node.asString(), Map.of());
			}
			Map.Entry<String, JsonNode> only = node.properties().iterator().next();
			Map<String, String> parameters = new LinkedHashMap<>();
			only.getValue()
				.properties()
				.forEach((parameter) -> parameters.put(parameter.getKey(), parameter.getValue().asString()));
			return new Switch(only.getKey(), parameters);
		}

	}

}
