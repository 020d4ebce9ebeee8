package io.twelveseconds.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.twelveseconds.demo.LoadResult.Outcome;
import io.twelveseconds.trace.Diagnosis;
import io.twelveseconds.trace.Finding;
import io.twelveseconds.trace.Span;
import io.twelveseconds.trace.Trace;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * One story, as a file in {@code scenarios/} tells it: how the shop is broken, what must
 * then be seen, and what must be true when it is mended. What it does not name is not
 * checked.
 *
 * @param faults what is switched on to break it
 * @param before what must be seen while it is broken
 * @param after what must be seen when it is mended
 */
record Scenario(String title, String story, List<String> faults, Customers load, Before before, Fix fix, After after) {

	private static final YAMLMapper YAML = YAMLMapper.builder()
		.propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
		// A word that is misspelt would be an expectation that is never checked.
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
		.addModule(new SimpleModule().addDeserializer(Duration.class, new Time()))
		.build();

	Scenario {
		Objects.requireNonNull(title, "title is missing");
		Objects.requireNonNull(story, "story is missing");
		Objects.requireNonNull(load, "load is missing");
		Objects.requireNonNull(before, "before is missing");
		Objects.requireNonNull(fix, "fix is missing");
		Objects.requireNonNull(after, "after is missing");
		if (faults == null || faults.isEmpty()) {
			throw new IllegalArgumentException("faults is missing");
		}
		story = story.strip();
	}

	static Scenario read(Path file) {
		try {
			return YAML.readValue(Files.readString(file), Scenario.class);
		}
		catch (IOException | JacksonException ex) {
			throw new DemoException("The story in %s cannot be read: %s".formatted(file, ex.getMessage()), ex);
		}
	}

	/**
	 * Who comes, and what they order.
	 *
	 * @param rate checkouts per second
	 * @param duration how long they go on coming
	 * @param neighbours whether an order's products stand side by side
	 */
	record Customers(double rate, @JsonProperty("for") Duration duration, @Nullable Integer lines, boolean neighbours,
			@Nullable List<String> customers, @Nullable Begins begins) {
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

	record Before(Seen customers, @Nullable Services services, Telling trace, Diagnosed diagnosis) {
	}

	record After(Seen customers, @Nullable Services services) {
	}

	/**
	 * @param faultsOff what is switched off
	 * @param told in a sentence, what that means
	 */
	record Fix(List<String> faultsOff, String told) {
	}

	/** What customers see. */
	record Seen(@Nullable Duration medianBelow, @Nullable Duration slowestBelow, @Nullable Slow slow,
			@Nullable Integer failuresAtMost) {

		List<Check> checks(Observation seen) {
			List<Check> checks = new ArrayList<>();
			int all = seen.outcomes().size();
			if (this.medianBelow != null) {
				checks.add(Check.below("half of the checkouts take less than", seen.percentile(50), this.medianBelow));
			}
			if (this.slowestBelow != null) {
				checks.add(Check.below("all checkouts take less than", seen.percentile(100), this.slowestBelow));
			}
			if (this.slow != null) {
				long above = seen.slowerThan(this.slow.above());
				checks.add(new Check(
						"some checkouts take more than %s, at least %d".formatted(Times.format(this.slow.above()),
								this.slow.atLeast()),
						"%d of %d, the slowest %s".formatted(above, all, Times.format(seen.percentile(100))),
						above >= this.slow.atLeast()));
			}
			if (this.failuresAtMost != null) {
				checks.add(new Check("at most %d checkouts fail".formatted(this.failuresAtMost),
						"%d of %d".formatted(seen.failures(), all), seen.failures() <= this.failuresAtMost));
			}
			return checks;
		}

	}

	record Slow(Duration above, int atLeast) {
	}

	/** What each service sees of itself. */
	record Services(Duration medianBelow) {

		List<Check> checks(Observation seen) {
			if (seen.services().isEmpty()) {
				return List.of(new Check("the services have spans", "none", false));
			}
			return seen.services()
				.entrySet()
				.stream()
				.map((service) -> Check.below(service.getKey() + " itself: half of its requests take less than",
						Observation.percentile(service.getValue(), 50), this.medianBelow))
				.toList();
		}

	}

	enum Which {

		SLOWEST, FAILED

	}

	/** The trace that tells the story, and what it must show. */
	record Telling(Which which, List<Spans> spans, @Nullable Beside beside) {

		/** The customer whose trace it is; empty if no answer named a trace. */
		Optional<Outcome> customer(Observation seen) {
			return seen.outcomes()
				.stream()
				.filter((outcome) -> outcome.traceId().isPresent())
				.filter((outcome) -> this.which == Which.SLOWEST || !Observation.succeeded(outcome))
				.max((one, other) -> one.took().compareTo(other.took()));
		}

	}

	/**
	 * Spans of one kind.
	 *
	 * @param each how long each of them is at least
	 */
	record Spans(String service, String name, int atLeast, @Nullable Duration each) {

		Check check(Trace trace) {
			Duration least = (this.each != null) ? this.each : Duration.ZERO;
			List<Duration> found = trace.spans()
				.stream()
				.filter((span) -> span.service().equals(this.service) && SpanText.title(span).equals(this.name))
				.map(Span::duration)
				.toList();
			long enough = found.stream().filter((duration) -> duration.compareTo(least) >= 0).count();
			String times = (this.each != null) ? " of " + Times.format(this.each) + " or more" : "";
			return new Check("at least %d %s in %s%s".formatted(this.atLeast, this.name, this.service, times),
					"%d of %d: %s".formatted(enough, found.size(), found.stream().map(Times::format).toList()),
					enough >= this.atLeast);
		}

	}

	/**
	 * Another trace, which ran at the same time.
	 *
	 * @param span the name of its root
	 * @param atLeast for how long both ran
	 */
	record Beside(String service, String span, Duration atLeast) {

		Check check(Trace trace, List<Trace> others) {
			Duration longest = others.stream()
				.filter((other) -> other.root().service().equals(this.service) && other.root().name().equals(this.span))
				.map((other) -> common(trace.root(), other.root()))
				.max(Duration::compareTo)
				.orElse(Duration.ZERO);
			return new Check("a trace `%s` of %s ran at the same time for %s or more".formatted(this.span, this.service,
					Times.format(this.atLeast)), Times.format(longest), longest.compareTo(this.atLeast) >= 0);
		}

		private static Duration common(Span one, Span other) {
			long nanos = Math.min(one.endNanos(), other.endNanos()) - Math.max(one.startNanos(), other.startNanos());
			return Duration.ofNanos(Math.max(0, nanos));
		}

	}

	/** The first finding, which is the cause. */
	record Diagnosed(String kind, String service) {

		Check check(Diagnosis diagnosis) {
			String found = diagnosis.findings()
				.stream()
				.findFirst()
				.map((finding) -> finding.kind().id() + " in " + service(finding))
				.orElse("healthy");
			return new Check("diagnose names %s in %s first".formatted(this.kind, this.service), found,
					found.equals(this.kind + " in " + this.service));
		}

		private static String service(Finding finding) {
			return finding.spans().stream().findFirst().map(Span::service).orElse("nobody");
		}

	}

	/** An expectation, and what was measured. */
	record Check(String what, String measured, boolean held) {

		static Check below(String what, Duration measured, Duration limit) {
			return new Check(what + " " + Times.format(limit), Times.format(measured), measured.compareTo(limit) < 0);
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

}
