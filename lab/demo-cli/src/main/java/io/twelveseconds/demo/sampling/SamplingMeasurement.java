package io.twelveseconds.demo.sampling;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.OnInterrupt;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.load.Load;
import io.twelveseconds.demo.load.LoadPlan;
import io.twelveseconds.demo.load.LoadResult;
import io.twelveseconds.demo.load.LoadResult.Outcome;
import io.twelveseconds.demo.sampling.PlantedLoad.Planted;
import io.twelveseconds.demo.sampling.PlantedLoad.Sort;
import io.twelveseconds.demo.sampling.SamplingFigures.Share;
import io.twelveseconds.demo.scenario.Expected;
import io.twelveseconds.demo.scenario.ShopFacts;
import io.twelveseconds.demo.scenario.WarmUp;
import io.twelveseconds.demo.stack.FaultSwitches.Fault;
import io.twelveseconds.demo.stack.Site;
import io.twelveseconds.demo.telemetry.Metrics;
import io.twelveseconds.demo.telemetry.Sampling;
import io.twelveseconds.demo.telemetry.SpanFlow;
import io.twelveseconds.demo.telemetry.SpanMetrics;
import io.twelveseconds.demo.telemetry.SpanMetrics.Counted;
import io.twelveseconds.demo.trace.TraceApi;
import io.twelveseconds.trace.Trace;

/** Measures the way of sampling that is in use. */
final class SamplingMeasurement {

	/** What the agents and the Collector's queue still hold is with Jaeger then. */
	private static final Duration ON_THE_WAY = Duration.ofSeconds(5);

	private static final Duration SATURATED = Duration.ofSeconds(10);

	private static final Duration WARM_UP = Duration.ofSeconds(5);

	/** Orders a second that a small machine serves with ease. */
	private static final double USUAL_PACE = 25;

	/**
	 * Of what can be served: with more, mails fall behind now and then, and every trace
	 * is a slow one.
	 */
	private static final double AT_EASE = 0.4;

	private static final int WITHOUT_PAUSE = 12;

	private static final int CROWD = 40;

	private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

	/** So many are looked at. */
	private static final int TRACES = 300;

	private static final List<String> SERVICES = List.of("api-gateway", "order-service", "inventory-service",
			"payment-service", "loyalty-service", "notification-service", "analytics-service");

	private final Site site;

	private final URI gateway;

	private final TraceApi traces;

	private final PrintWriter out;

	private boolean interrupted;

	SamplingMeasurement(Site site, URI gateway, TraceApi traces, PrintWriter out) {
		this.site = site;
		this.gateway = gateway;
		this.traces = traces;
		this.out = out;
	}

	/**
	 * @param failedShare of the orders that are made to fail, from 0 to 1
	 * @param slowShare of those that are made slow, likewise
	 */
	SamplingFigures measure(Sampling sampling, int orders, double rate, double failedShare, double slowShare)
			throws IOException {
		// Who came to warm up is decided about, and stored, before anything is counted.
		awaitDecisions(sampling.decisionWait());
		Kept kept = kept(sampling, longestWait(), orders, rate, failedShare, slowShare);
		Counters used = kept.used();
		double bytesPerSpan = used.bytesStored() / Math.max(1, used.spansStored());
		long collectorMemory = this.site.memory("collector");
		long jaegerMemory = this.site.memory("jaeger");
		return new SamplingFigures(sampling.name(), orders, kept.shares(), kept.inPieces(), kept.counted().checkouts(),
				used.spansSent() / orders, (double) kept.spans() / orders, used.bytesSent() / orders,
				bytesPerSpan * kept.spans() / orders, 1000 * used.collectorSeconds() / orders, collectorMemory,
				jaegerMemory, 1000 * used.servicesSeconds() / orders, saturate());
	}

	/**
	 * Without it, whatever is measured later would look better.
	 * @return orders a second that were served in the end
	 */
	double warmUp() throws IOException {
		say("  customers to warm up");
		return WarmUp.run(() -> crowd(WITHOUT_PAUSE, WARM_UP), facts());
	}

	/** Orders a second for a shop that can serve so many of them. */
	static double pace(double served) {
		return Math.min(USUAL_PACE, AT_EASE * served);
	}

	private ShopFacts facts() throws IOException {
		return new ShopFacts(this.site, this.gateway, Expected.Shop.NOTHING, List.of());
	}

	/**
	 * How long the slowest of all ways waits before it decides. Processes take CPU time
	 * while nobody comes, too: they are compared by what they used in the same time.
	 */
	private static Duration longestWait() {
		Path root = Environment.root();
		return Sampling.names(root)
			.stream()
			.map((name) -> Sampling.of(root, name).decisionWait())
			.max(Comparator.naturalOrder())
			.orElse(Duration.ZERO);
	}

	/** What is kept of a load of which is known what should be. */
	Kept kept(Sampling sampling, int orders, double rate, double failedShare, double slowShare) throws IOException {
		return kept(sampling, sampling.decisionWait(), orders, rate, failedShare, slowShare);
	}

	private Kept kept(Sampling sampling, Duration decisionWait, int orders, double rate, double failedShare,
			double slowShare) throws IOException {
		say("  %d orders, %.0f a second, of which %.1f %% fail and %.1f %% are slow".formatted(orders, rate,
				100 * failedShare, 100 * slowShare));
		Times.sleep(spanMetrics().every().plusSeconds(2));
		Counted countedBefore = spanMetrics().counted();
		Counters before = counters();
		PlantedLoad load = new PlantedLoad(this.gateway, orders, rate, failedShare, slowShare);
		List<Planted> planted = load.run();
		awaitDecisions(decisionWait);
		Counters used = counters().minus(before);
		Counted counted = spanMetrics().counted().minus(countedBefore);
		Kept kept = look(sampling, load, planted, counted, used);
		Kept seen;
		do {
			// What comes late closes a gap: a piece of work is a span only when it ends.
			seen = kept;
			if (kept.inPieces() > 0) {
				Times.sleep(ON_THE_WAY);
				kept = look(sampling, load, planted, counted, used);
			}
		}
		while (kept.inPieces() < seen.inPieces());
		return kept;
	}

	private Kept look(Sampling sampling, PlantedLoad load, List<Planted> planted, Counted counted, Counters used)
			throws IOException {
		Map<Sort, Share> shares = new EnumMap<>(Sort.class);
		load.counts().keySet().forEach((sort) -> shares.put(sort, Share.NONE));
		int inPieces = 0;
		long spans = 0;
		for (Planted one : planted) {
			Optional<Trace> trace = trace(one.outcome());
			spans += trace.map((any) -> any.spans().size()).orElse(0);
			boolean noRest = one.sort() == Sort.REST && trace.filter(sampling::keeps).isPresent();
			shares.merge(noRest ? Sort.UNCLEAR : one.sort(), new Share(trace.isPresent() ? 1 : 0, 1), Share::plus);
			inPieces += trace.filter((any) -> !isWhole(any)).isPresent() ? 1 : 0;
		}
		return new Kept(shares, inPieces, spans, counted, used);
	}

	/**
	 * Four big orders, each of which takes twelve seconds, while others look at the
	 * products.
	 */
	List<Outcome> twelveSecondCheckouts(Sampling sampling) throws IOException {
		say("  4 checkouts of twelve seconds, while others look at the products");
		Queue<Outcome> checkouts = new ConcurrentLinkedQueue<>();
		OnInterrupt onInterrupt = new OnInterrupt(this::interrupted);
		try {
			this.site.awaitSeen(slowStock());
			Load others = new Load(new LoadPlan(this.gateway, 10, Duration.ofSeconds(20)).also("/api/products", 1));
			CompletableFuture<LoadResult> looking = CompletableFuture.supplyAsync(() -> run(others));
			new Load(new LoadPlan(this.gateway, 2, Duration.ofSeconds(2)).lines(6).neighbours(), checkouts::add).run();
			looking.join();
		}
		catch (CompletionException ex) {
			throw new IOException(ex.getCause().getMessage(), ex);
		}
		finally {
			try {
				this.site.awaitSeen(this.site.faults().off("stock-slow"));
			}
			finally {
				onInterrupt.forget();
			}
		}
		awaitDecisions(sampling.decisionWait());
		return checkouts.stream().filter((checkout) -> checkout.took().compareTo(TEN_SECONDS) > 0).toList();
	}

	/** Not after Ctrl-C: nobody would switch it off again. */
	private synchronized Fault slowStock() {
		if (this.interrupted) {
			throw new DemoException("Interrupted");
		}
		return this.site.faults().on("stock-slow", Map.of("slow", "2s"));
	}

	private synchronized void interrupted() {
		this.interrupted = true;
		this.site.faults().off("stock-slow");
		say("Switched off again: stock-slow");
	}

	private static LoadResult run(Load load) {
		try {
			return load.run();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** What was stored of it. */
	Optional<Trace> trace(Outcome checkout) throws IOException {
		Optional<String> id = checkout.traceId();
		return id.isPresent() ? this.traces.trace(id.get()).map(TraceApi.Stored::trace) : Optional.empty();
	}

	/**
	 * Returns when nothing is under way any more of what has happened so far.
	 * @param decisionWait how long the Collector waits before it decides
	 */
	void awaitDecisions(Duration decisionWait) throws IOException {
		Duration patience = decisionWait.plus(ON_THE_WAY).plus(spanMetrics().every());
		say("  until all is decided and stored: " + Times.format(patience));
		Times.sleep(patience);
	}

	/** Orders a second, so many as can be served. */
	private double saturate() throws IOException {
		say("  %d customers without a pause, for %s".formatted(WITHOUT_PAUSE, Times.format(SATURATED)));
		return new Load(crowd(WITHOUT_PAUSE, SATURATED)).runInTime().succeededRate();
	}

	/**
	 * The first confirmed checkouts of more customers at once than the shop can serve.
	 */
	List<Outcome> crowd() throws IOException {
		say("  %d customers without a pause, for %s".formatted(CROWD, Times.format(SATURATED)));
		Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
		new Load(crowd(CROWD, SATURATED), outcomes::add).runInTime();
		return outcomes.stream().filter((outcome) -> outcome.status() == 201).limit(TRACES).toList();
	}

	/** Once no more of them is closed by what comes late: mails wait for Kafka. */
	long tracesWithHoles(List<Outcome> checkouts) throws IOException {
		List<Outcome> open = checkouts;
		int before;
		do {
			before = open.size();
			Times.sleep(ON_THE_WAY);
			List<Outcome> still = new ArrayList<>();
			for (Outcome checkout : open) {
				if (trace(checkout).filter(SamplingMeasurement::isWholeCheckout).isEmpty()) {
					still.add(checkout);
				}
			}
			open = still;
		}
		while (!open.isEmpty() && open.size() < before);
		return open.size();
	}

	/** Since their services were started. */
	long droppedByAgents() {
		return SpanFlow.of(this.site.telemetry())
			.hops()
			.stream()
			.filter((hop) -> hop.kind() == SpanFlow.Kind.SERVICE)
			.mapToLong(SpanFlow.Hop::dropped)
			.sum();
	}

	private LoadPlan crowd(int customers, Duration time) {
		return new LoadPlan(this.gateway, LoadPlan.MAX_RATE, time).inFlight(customers);
	}

	/** Whatever is there hangs together, from the customer on. */
	private static boolean isWhole(Trace trace) {
		return trace.orphans().isEmpty() && trace.roots().size() == 1 && trace.root().service().equals("api-gateway");
	}

	/** With a part in it of each of the seven services. */
	private static boolean isWholeCheckout(Trace trace) {
		return isWhole(trace) && trace.services().containsAll(SERVICES);
	}

	private Counters counters() throws IOException {
		Metrics collector = metrics("collector");
		ShopFacts facts = facts();
		double nanos = 0;
		for (String service : SERVICES) {
			nanos += facts.metric(service, "process.cpu.time");
		}
		return new Counters(collector.total("otelcol_receiver_accepted_spans"),
				collector.total("otelcol_exporter_sent_spans", (labels) -> labels.contains("jaeger")),
				collector.total("http_server_request_body_size_sum"),
				collector.total("otelcol_exporter_queue_batch_send_size_bytes_sum",
						(labels) -> labels.contains("jaeger")),
				collector.total("otelcol_process_cpu_seconds"), nanos / 1e9);
	}

	private SpanMetrics spanMetrics() throws IOException {
		return this.site.spanMetrics()
			.orElseThrow(() -> new IOException(
					"Nobody here keeps the Collector's span metrics. Under docker compose: COMPOSE_PROFILES=metrics docker compose up --wait"));
	}

	private Metrics metrics(String part) throws IOException {
		SpanFlow.Source source = Optional.ofNullable(this.site.telemetry().get(part))
			.orElseThrow(() -> new IOException(part + " does not run"));
		return Metrics.of(part, source.address());
	}

	private void say(String text) {
		this.out.println(text);
		this.out.flush();
	}

	/**
	 * @param shares of each sort of orders that was planted
	 * @param inPieces traces of which a part was kept, and another was not
	 * @param spans of all that was kept
	 * @param counted from the spans by the Collector
	 * @param used for it, from the first customer until all was decided
	 */
	record Kept(Map<Sort, Share> shares, int inPieces, long spans, Counted counted, Counters used) {

		Share of(Sort sort) {
			return this.shares.getOrDefault(sort, Share.NONE);
		}

		Share all() {
			return this.shares.values().stream().reduce(Share.NONE, Share::plus);
		}

	}

	record Counters(double spansSent, double spansStored, double bytesSent, double bytesStored, double collectorSeconds,
			double servicesSeconds) {

		Counters minus(Counters before) {
			return new Counters(this.spansSent - before.spansSent, this.spansStored - before.spansStored,
					this.bytesSent - before.bytesSent, this.bytesStored - before.bytesStored,
					this.collectorSeconds - before.collectorSeconds, this.servicesSeconds - before.servicesSeconds);
		}

	}

}
