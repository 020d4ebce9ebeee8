package io.twelveseconds.demo.scenario;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.load.LoadMix;
import io.twelveseconds.demo.load.LoadResult.Outcome;
import io.twelveseconds.demo.scenario.TellingTrace.Spans;
import io.twelveseconds.demo.trace.SpanText;
import io.twelveseconds.trace.Diagnosis;
import io.twelveseconds.trace.Finding;
import io.twelveseconds.trace.Span;
import org.jspecify.annotations.Nullable;

/**
 * What must be seen of one load. What it does not name is not checked.
 *
 * @param customers what those see who order
 * @param pages what those see who only look
 * @param services what each service sees of itself
 * @param say what services say when they are asked
 * @param shop what became of the orders afterwards
 * @param trace what one customer's trace shows, before the fix with what ran beside it
 * @param someTrace what at least one trace shows that began after the fix; it is looked
 * for by the first
 * @param diagnosis what is said of the trace, before the fix
 */
public record Expected(@Nullable Customers customers, List<Pages> pages, @Nullable Services services, List<Said> say,
		@Nullable Shop shop, @Nullable TellingTrace trace, List<Spans> someTrace, @Nullable Diagnosed diagnosis) {

	/**
	 * Up to a tenth of a second an answer is felt to come at once (Nielsen, Usability
	 * Engineering, 1993); a ratio of two shorter times is one of two noises.
	 */
	private static final Duration AT_ONCE = Duration.ofMillis(100);

	/** A checkout or a page that takes longer is not well. */
	private static final Duration WELL = Duration.ofSeconds(1);

	public Expected {
		pages = (pages != null) ? List.copyOf(pages) : List.of();
		say = (say != null) ? List.copyOf(say) : List.of();
		someTrace = (someTrace != null) ? List.copyOf(someTrace) : List.of();
	}

	/** What is known as soon as the load has ended. */
	List<Check> checks(Observation seen, @Nullable Observation healthy) {
		List<Check> checks = new ArrayList<>();
		if (this.customers != null) {
			checks.addAll(this.customers.checks(seen));
		}
		this.pages.forEach((page) -> checks.addAll(page.checks(seen, healthy)));
		if (this.services != null) {
			checks.addAll(this.services.checks(seen));
		}
		return checks;
	}

	/**
	 * What must be so while all is well: of all that, what is no symptom, and always that
	 * the shop is well.
	 */
	Expected healthy() {
		return new Expected((this.customers != null) ? this.customers.healthy() : null,
				this.pages.stream().map(Pages::healthy).toList(), this.services, List.of(), null, null, List.of(),
				null);
	}

	/**
	 * @param recoveredWithin of the outage's end: then the last one came who failed, or
	 * waited longer than a second
	 */
	record Customers(@Nullable Duration medianBelow, @Nullable Duration slowestBelow, @Nullable Slow slow,
			@Nullable Integer failuresAtMost, @Nullable Integer failuresAtLeast, @Nullable Duration recoveredWithin,
			@Nullable Duration recoveredNotWithin) {

		private Customers healthy() {
			return new Customers((this.medianBelow != null) ? this.medianBelow : WELL, this.slowestBelow, null, 0, null,
					null, null);
		}

		List<Check> checks(Observation seen) {
			List<Check> checks = new ArrayList<>();
			List<Outcome> checkouts = seen.checkouts();
			if (this.medianBelow != null) {
				checks.add(Check.below("half of the checkouts take less than", seen.percentile(50), this.medianBelow));
			}
			if (this.slowestBelow != null) {
				checks.add(Check.below("all checkouts take less than", seen.percentile(100), this.slowestBelow));
			}
			if (this.slow != null) {
				checks.add(this.slow.check("checkouts", checkouts));
			}
			checks.addAll(failures("checkouts", checkouts, this.failuresAtMost, this.failuresAtLeast));
			if (this.recoveredWithin != null) {
				checks.add(new Check(
						"all checkouts are well again within %s of the outage's end"
							.formatted(Times.format(this.recoveredWithin)),
						recovery(seen),
						seen.recovery(WELL).filter((time) -> time.compareTo(this.recoveredWithin) <= 0).isPresent()));
			}
			if (this.recoveredNotWithin != null) {
				checks.add(new Check(
						"checkouts are not well again within %s of the outage's end"
							.formatted(Times.format(this.recoveredNotWithin)),
						recovery(seen),
						seen.recovery(WELL).filter((time) -> time.compareTo(this.recoveredNotWithin) > 0).isPresent()));
			}
			return checks;
		}

		private static String recovery(Observation seen) {
			return seen.recovery(WELL).map(Times::format).orElse("there was no outage, or nobody came after it");
		}

	}

	record Slow(Duration above, int atLeast) {

		Check check(String whose, List<Outcome> outcomes) {
			List<Duration> times = outcomes.stream().map(Outcome::took).sorted().toList();
			long slow = times.stream().filter((time) -> time.compareTo(this.above) > 0).count();
			return new Check(
					"some %s take more than %s, at least %d".formatted(whose, Times.format(this.above), this.atLeast),
					"%d of %d, the slowest %s".formatted(slow, times.size(),
							Times.format(Observation.percentile(times, 100))),
					slow >= this.atLeast);
		}

	}

	/** Nobody is not well served: of no requests, not even the failures can be few. */
	private static List<Check> failures(String whose, List<Outcome> outcomes, @Nullable Integer atMost,
			@Nullable Integer atLeast) {
		List<Check> checks = new ArrayList<>();
		long failures = outcomes.stream().filter((outcome) -> !Observation.succeeded(outcome)).count();
		String measured = "%d of %d".formatted(failures, outcomes.size());
		if (atMost != null) {
			checks.add(new Check("at most %d %s fail".formatted(atMost, whose), measured,
					!outcomes.isEmpty() && failures <= atMost));
		}
		if (atLeast != null) {
			checks.add(new Check("at least %d %s fail".formatted(atLeast, whose), measured, failures >= atLeast));
		}
		return checks;
	}

	/**
	 * @param path which of them, with its query; all if it is missing
	 * @param p99TimesHealthy how many times as long as while nothing was broken
	 */
	record Pages(@Nullable String path, @Nullable Duration p99Below, @Nullable Double p99TimesHealthy,
			@Nullable Slow slow, @Nullable Integer failuresAtMost, @Nullable Integer failuresAtLeast) {

		/** By the percentile that becomes the measure. */
		private Pages healthy() {
			return new Pages(this.path, (this.p99Below != null) ? this.p99Below : WELL, null, null,
					(this.failuresAtMost != null) ? this.failuresAtMost : 0, null);
		}

		List<Check> checks(Observation seen, @Nullable Observation healthy) {
			List<Check> checks = new ArrayList<>();
			if (this.p99Below != null) {
				checks.add(Check.below("99 of 100 %s take less than".formatted(told()),
						Observation.took(these(seen), 99), this.p99Below));
			}
			// Whoever only fixes what was broken before has nothing to compare with.
			if (this.p99TimesHealthy != null && healthy != null) {
				Duration p99 = Observation.took(these(seen), 99);
				Duration before = Observation.took(these(healthy), 99);
				checks.add(new Check(
						"99 of 100 %s take at most %.1f times as long as when all is well, or less than %s"
							.formatted(told(), this.p99TimesHealthy, Times.format(AT_ONCE)),
						"%s, and %s when all is well".formatted(Times.format(p99), Times.format(before)),
						before.compareTo(Observation.NEVER) < 0 && (p99.compareTo(AT_ONCE) < 0
								|| p99.toNanos() <= this.p99TimesHealthy * before.toNanos())));
			}
			if (this.slow != null) {
				checks.add(this.slow.check(told(), these(seen)));
			}
			checks.addAll(failures(told(), these(seen), this.failuresAtMost, this.failuresAtLeast));
			return checks;
		}

		private List<Outcome> these(Observation seen) {
			return (this.path == null) ? seen.pages() : seen.answers(LoadMix.page(this.path));
		}

		private String told() {
			return (this.path == null) ? "pages" : "answers to GET " + this.path;
		}

	}

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

	/**
	 * One answer of a service: the status of a health indicator of its own, or a number
	 * that it counts.
	 *
	 * @param metric as Actuator names it, which may end in {@code ?tag=name:value}
	 */
	record Said(String service, @Nullable String health, @Nullable String status, @Nullable String metric,
			@Nullable Double atLeast) {

		Said {
			boolean asksForHealth = health != null && status != null;
			boolean asksForNumber = metric != null && atLeast != null;
			if (asksForHealth == asksForNumber) {
				throw new IllegalArgumentException("say: either health and status, or metric and at-least");
			}
		}

		Check check(ShopFacts facts) throws IOException {
			if (this.health != null) {
				String status = facts.health(this.service, this.health);
				return new Check("%s says that its %s is %s".formatted(this.service, this.health, this.status), status,
						status.equals(this.status));
			}
			double value = facts.metric(this.service, String.valueOf(this.metric));
			return new Check("%s says that its %s is at least %.0f".formatted(this.service, this.metric, this.atLeast),
					"%.0f".formatted(value), value >= Objects.requireNonNull(this.atLeast));
		}

	}

	/**
	 * What {@link ShopFacts} counts.
	 *
	 * @param within how long all of it is waited for
	 * @param deadLetters by the service that sets them aside
	 * @param lag by consumer group
	 */
	public record Shop(@Nullable Duration within, @Nullable Bounds unsettled, @Nullable Bounds mailsMissing,
			@Nullable Bounds figuresMissing, @Nullable Bounds chargedNotOnce, Map<String, Bounds> deadLetters,
			Map<String, Bounds> lag) {

		public static final Shop NOTHING = new Shop(null, null, null, null, null, Map.of(), Map.of());

		public Shop {
			within = (within != null) ? within : Duration.ofSeconds(30);
			deadLetters = (deadLetters != null) ? Map.copyOf(deadLetters) : Map.of();
			lag = (lag != null) ? Map.copyOf(lag) : Map.of();
		}

		List<Check> checks(ShopFacts facts, List<Outcome> checkouts) throws IOException {
			List<Check> checks = new ArrayList<>();
			if (this.unsettled != null) {
				checks.add(this.unsettled.check("orders that are not settled", facts.unsettled(checkouts)));
			}
			if (this.mailsMissing != null) {
				checks.add(this.mailsMissing.check("confirmed orders without a mail", facts.mailsMissing(checkouts)));
			}
			if (this.figuresMissing != null) {
				checks.add(
						this.figuresMissing.check("checkouts missing in the figures", facts.figuresMissing(checkouts)));
			}
			if (this.chargedNotOnce != null) {
				checks.add(this.chargedNotOnce.check("charges too many or too few for the confirmed orders",
						facts.chargedNotOnce()));
			}
			for (Map.Entry<String, Bounds> consumer : this.deadLetters.entrySet()) {
				checks.add(consumer.getValue()
					.check("events that %s has set aside".formatted(consumer.getKey()),
							facts.deadLetters(consumer.getKey())));
			}
			for (Map.Entry<String, Bounds> group : this.lag.entrySet()) {
				checks.add(group.getValue()
					.check("events that %s has still to read".formatted(group.getKey()), facts.lag(group.getKey())));
			}
			return checks;
		}

		/**
		 * Without the books, which must be in balance at the beginning: an order that was
		 * charged before may be confirmed, or counted, after that.
		 */
		Shop fromHalfway() {
			return new Shop(this.within, this.unsettled, this.mailsMissing, null, null, this.deadLetters, this.lag);
		}

		/** Whether something must be missing, which it also is when we look too early. */
		boolean mustStay() {
			return bounds().anyMatch((bounds) -> bounds.atLeast() != null);
		}

		/** Whether nothing can become true by waiting: what is missing only gets less. */
		boolean onlyMissing() {
			return bounds().allMatch((bounds) -> bounds.atMost() == null);
		}

		private Stream<Bounds> bounds() {
			Stream<Bounds> ofOrders = Stream
				.of(this.unsettled, this.mailsMissing, this.figuresMissing, this.chargedNotOnce)
				.flatMap(Stream::ofNullable);
			return Stream.of(ofOrders, this.deadLetters.values().stream(), this.lag.values().stream())
				.flatMap((bounds) -> bounds);
		}

	}

	record Bounds(@Nullable Long atLeast, @Nullable Long atMost) {

		Bounds {
			if (atLeast == null && atMost == null) {
				throw new IllegalArgumentException("at-least or at-most is missing");
			}
		}

		Check check(String what, long measured) {
			boolean enough = this.atLeast == null || measured >= this.atLeast;
			boolean few = this.atMost == null || measured <= this.atMost;
			return new Check(what + ": " + text(), String.valueOf(measured), enough && few);
		}

		private String text() {
			return (this.atLeast == null) ? "at most " + this.atMost
					: "at least " + this.atLeast + ((this.atMost == null) ? "" : " and at most " + this.atMost);
		}

	}

	/**
	 * The first finding, which is the cause.
	 *
	 * @param kind several where it depends on a thread's luck which of them it is
	 * @param below the span below which it puts a piece that the trace has lost: that
	 * which ran {@link TellingTrace.Beside} it
	 */
	record Diagnosed(List<String> kind, String service, @Nullable String below) {

		/**
		 * @param beside the ids of the traces that ran beside this one
		 */
		List<Check> checks(Diagnosis diagnosis, Set<String> beside) {
			Optional<Finding> first = diagnosis.findings().stream().findFirst();
			List<Check> checks = new ArrayList<>();
			checks.add(new Check(
					"diagnose names %s in %s first".formatted(String.join(" or ", this.kind), this.service),
					first.map((finding) -> finding.kind().id() + " in " + service(finding)).orElse("healthy"),
					first
						.filter((finding) -> this.kind.contains(finding.kind().id())
								&& service(finding).equals(this.service))
						.isPresent()));
			if (this.below != null) {
				checks.add(new Check("it puts the trace that ran beside this one below " + this.below,
						first.map(Finding::sentence).orElse("healthy"),
						first
							.filter((finding) -> SpanText.title(finding.spans().get(0)).equals(this.below)
									&& beside.stream().anyMatch(finding.sentence()::contains))
							.isPresent()));
			}
			return checks;
		}

		private static String service(Finding finding) {
			return finding.spans().stream().findFirst().map(Span::service).orElse("nobody");
		}

	}

	/**
	 * Spans of one name before the fix and after it, by their medians.
	 *
	 * @param timesLess how many times shorter they are at least
	 */
	record Compared(String service, String span, double timesLess) {

		Check check(Observation before, Observation after) {
			Duration then = before.median(this.service, this.span);
			Duration now = after.median(this.service, this.span);
			return new Check(
					"`%s` in %s takes %.1f times less, or better".formatted(this.span, this.service, this.timesLess),
					"%s, then %s".formatted(Times.format(then), Times.format(now)),
					then.compareTo(Observation.NEVER) < 0 && now.toNanos() * this.timesLess <= then.toNanos());
		}

	}

}
