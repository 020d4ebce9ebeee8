package io.twelveseconds.demo.completeness;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.completeness.Completeness.Verdict;
import io.twelveseconds.demo.part.RunDirectory;
import io.twelveseconds.demo.part.RunningPart;
import io.twelveseconds.demo.shop.Gateway;
import io.twelveseconds.demo.shop.GatewayAddress;
import io.twelveseconds.demo.telemetry.Sampling;
import io.twelveseconds.demo.trace.StoreAddress;
import io.twelveseconds.demo.trace.TraceApi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(name = "completeness", mixinStandardHelpOptions = true, sortOptions = false, description = {
		"Compares every order of the last minutes with its trace.", "",
		"Complete: all services that the order went through, one root, no span without its parent, and the event. "
				+ "Absent: no span at all, because the Collector did not keep the trace, or because it was lost.%n" },
		exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:nothing is lost", "1:something is, and nothing explains it; or somebody does not answer" },
		footerHeading = "%nExamples:%n", footer = { "  ./demo completeness", "  ./demo completeness --since 2m",
				"  ./demo completeness --since 2026-03-09T14:05:00Z" })
public final class CompletenessCommand implements Callable<Integer> {

	/** Orders that are not as old may still be on their way through Kafka. */
	private static final Duration SETTLED = Duration.ofSeconds(5);

	/** The gateway's own bound. */
	private static final int PAGE = 100;

	private static final int SHOWN = 10;

	@Option(names = "--since", paramLabel = "TIME", defaultValue = "10m", converter = Times.Since.class,
			description = "How far back to look, or from which moment on, such as 2026-03-09T14:05:00Z (default: ${DEFAULT-VALUE}).")
	private Instant since = Instant.EPOCH;

	@Mixin
	private GatewayAddress gateway = new GatewayAddress();

	@Mixin
	private StoreAddress traces = new StoreAddress();

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	private final Clock clock = Clock.systemUTC();

	private int tooEarly;

	private int unsampled;

	private int sampledOtherwise;

	@Override
	public Integer call() {
		Instant now = this.clock.instant();
		try {
			Sampling sampling = Sampling.here();
			// Nor has a Collector that decides about their traces done so earlier.
			Duration settled = SETTLED.plus(sampling.decisionWait());
			return report(judgements(now.minus(settled)), now, settled, sampling);
		}
		catch (IOException ex) {
			throw new DemoException(ex.getMessage(), ex);
		}
	}

	private List<Completeness> judgements(Instant before) throws IOException {
		Gateway shop = new Gateway(this.gateway.get(), Duration.ofSeconds(10));
		TraceApi store = this.traces.open();
		Instant chosen = Sampling.chosenAt(Environment.home());
		Instant told = gateway().map(RunningPart::startedAt).filter(chosen::isBefore).orElse(chosen);
		List<Completeness> judgements = new ArrayList<>();
		List<JsonNode> incomplete = new ArrayList<>();
		for (String customer : IntStream.rangeClosed(1, 20).mapToObj("cust-%02d"::formatted).toList()) {
			for (JsonNode order : settledOrders(shop, customer, before)) {
				Completeness judgement = judge(order, store);
				boolean sampled = !judgement.traceId().isEmpty();
				if (judgement.verdict() == Verdict.ABSENT && placedAt(order).isBefore(sampled ? chosen : told)) {
					this.sampledOtherwise++;
				}
				else if (!sampled) {
					this.unsampled++;
				}
				else if (judgement.verdict() == Verdict.INCOMPLETE) {
					incomplete.add(order);
				}
				else {
					judgements.add(judgement);
				}
			}
			this.spec.commandLine().getErr().printf("\rcompared: %d orders", judgements.size() + incomplete.size());
			this.spec.commandLine().getErr().flush();
		}
		this.spec.commandLine().getErr().println();
		judgements.addAll(lookAgain(incomplete, store));
		return judgements;
	}

	/** An old order may have been settled a moment ago, and its mail be on its way. */
	private static List<Completeness> lookAgain(List<JsonNode> incomplete, TraceApi store) throws IOException {
		if (!incomplete.isEmpty()) {
			Times.sleep(SETTLED);
		}
		List<Completeness> judgements = new ArrayList<>();
		for (JsonNode order : incomplete) {
			judgements.add(judge(order, store));
		}
		return judgements;
	}

	private static Completeness judge(JsonNode order, TraceApi store) throws IOException {
		String traceId = order.path("traceId").asString("");
		return Completeness.of(order.path("id").asString(), traceId, order.path("status").asString(""),
				order.path("reason").asString(""),
				traceId.isEmpty() ? Optional.empty() : store.trace(traceId).map(TraceApi.Stored::trace));
	}

	private static Instant placedAt(JsonNode order) {
		return Instant.parse(order.path("placedAt").asString());
	}

	/**
	 * The newest come first: who orders meanwhile moves the last one of a page to the
	 * next, where it comes again.
	 */
	private List<JsonNode> settledOrders(Gateway shop, String customer, Instant before) throws IOException {
		List<JsonNode> settled = new ArrayList<>();
		Set<String> seen = new HashSet<>();
		for (int page = 0;; page++) {
			List<JsonNode> orders = shop.ordersOf(customer, page, PAGE);
			for (JsonNode order : orders) {
				Instant placed = placedAt(order);
				if (placed.isBefore(this.since)) {
					return settled;
				}
				if (!seen.add(order.path("id").asString())) {
					continue;
				}
				boolean ended = Gateway.isSettled(order.path("status").asString(""));
				if (ended && placed.isBefore(before)) {
					settled.add(order);
				}
				else {
					this.tooEarly++;
				}
			}
			if (orders.size() < PAGE) {
				return settled;
			}
		}
	}

	private int report(List<Completeness> judgements, Instant now, Duration settled, Sampling sampling) {
		PrintWriter out = this.spec.commandLine().getOut();
		long complete = count(judgements, Verdict.COMPLETE);
		long incomplete = count(judgements, Verdict.INCOMPLETE);
		long absent = count(judgements, Verdict.ABSENT);
		out.printf("%d orders of the last %s: %d complete, %d incomplete, %d absent.%n", judgements.size(),
				Times.format(Duration.between(this.since, now)), complete, incomplete, absent);
		if (this.tooEarly > 0) {
			out.printf("Too early to tell for %d more: not settled, or not %s old.%n", this.tooEarly,
					Times.format(settled));
		}
		if (this.sampledOtherwise > 0) {
			out.printf("Absent as well, and sampled in another way before '%s': %d.%n", sampling.name(),
					this.sampledOtherwise);
		}
		double share = gateway().map((agent) -> sampling.headShare(agent.headShare())).orElseGet(sampling::headShare);
		int all = judgements.size() + this.unsampled;
		boolean fewSampled = judgements.size() < Sampling.atLeast(all, share);
		if (this.unsampled > 0) {
			out.printf("Not sampled, so there is nothing to find: %d more.%s%n", this.unsampled, !fewSampled ? ""
					: " The agents keep %.0f %% of what begins: one is missing, or a caller sent a traceparent that ends in -00."
						.formatted(100 * share));
		}
		Map<String, Integer> missing = new TreeMap<>();
		judgements.forEach((order) -> order.missing().forEach((service) -> missing.merge(service, 1, Integer::sum)));
		missing.forEach((service, orders) -> out.printf("  %-22s missing in %d%n", service, orders));
		judgements.stream()
			.filter((order) -> order.verdict() == Verdict.INCOMPLETE)
			.limit(SHOWN)
			.forEach((order) -> out.printf("  order %s lacks: %s%n    ./demo trace %s%n", order.order(),
					String.join(", ", order.gaps()), order.traceId()));
		long least = sampling.atLeast(judgements.size());
		boolean lost = judgements.size() - absent < least;
		if (lost) {
			out.printf(
					"Under '%s' at least %d traces are kept, so some are lost: ./demo status --telemetry may say where.%n",
					sampling.name(), least);
		}
		else if (absent > 0) {
			out.printf("Absent ones may not have been kept: under '%s' at least %d of %d are.%n", sampling.name(),
					least, judgements.size());
		}
		out.flush();
		return (incomplete > 0 || lost || fewSampled) ? 1 : 0;
	}

	/** Agents go on with what they were started with, whatever is set here now. */
	private static Optional<RunningPart> gateway() {
		return new RunDirectory(Environment.home()).running("api-gateway");
	}

	private static long count(List<Completeness> judgements, Verdict verdict) {
		return judgements.stream().filter((order) -> order.verdict() == verdict).count();
	}

}
