package io.twelveseconds.demo.sampling;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import io.twelveseconds.demo.load.Load;
import io.twelveseconds.demo.load.LoadPlan;
import io.twelveseconds.demo.load.LoadResult;
import io.twelveseconds.demo.load.LoadResult.Outcome;
import io.twelveseconds.demo.shop.Gateway;
import io.twelveseconds.demo.telemetry.Sampling;

/**
 * Checkouts of which some are made to fail and some to be slow, each by a fault that its
 * own baggage asks for: so it is known whose traces somebody will want to see.
 */
final class PlantedLoad {

	/** Who took so long without being made to may be slow for the Collector as well. */
	private static final Duration FAST = Duration.ofMillis(800);

	private static final double PREMIUM_SHARE = 0.05;

	private static final List<String> PREMIUM = List.of("cust-03", "cust-07", "cust-11", "cust-15", "cust-19");

	private static final List<String> STANDARD = IntStream.rangeClosed(1, 19)
		.mapToObj("cust-%02d"::formatted)
		.filter((customer) -> !PREMIUM.contains(customer))
		.toList();

	/** Why a trace may be worth keeping. */
	enum Sort {

		FAILED("with an error"), SLOW("slow"), PREMIUM("of premium customers"), REST("the rest"),
		/** Neither what it was meant to be nor surely something else; of no use. */
		UNCLEAR("unclear");

		private final String text;

		Sort(String text) {
			this.text = text;
		}

		String text() {
			return this.text;
		}

	}

	record Planted(Sort sort, Outcome outcome) {
	}

	private final URI gateway;

	private final int orders;

	private final double rate;

	private final double failedShare;

	private final double slowShare;

	/**
	 * @param rate orders a second, all together
	 * @param failedShare of the orders, from 0 to 1
	 * @param slowShare likewise
	 */
	PlantedLoad(URI gateway, int orders, double rate, double failedShare, double slowShare) {
		this.gateway = gateway;
		this.orders = orders;
		this.rate = rate;
		this.failedShare = failedShare;
		this.slowShare = slowShare;
	}

	/**
	 * How many of each sort there will be. A sort of which there is to be none is not
	 * among them, any other has at least one.
	 */
	Map<Sort, Long> counts() {
		Map<Sort, Long> counts = new EnumMap<>(Sort.class);
		Map.of(Sort.FAILED, this.failedShare, Sort.SLOW, this.slowShare, Sort.PREMIUM, PREMIUM_SHARE)
			.forEach((sort, share) -> {
				if (share > 0) {
					counts.put(sort, Math.max(1, Math.round(this.orders * share)));
				}
			});
		counts.put(Sort.REST, this.orders - counts.values().stream().mapToLong(Long::longValue).sum());
		return counts;
	}

	/** Lets all of them come, and returns when the last one has his answer. */
	List<Planted> run() throws IOException {
		Collection<Planted> planted = new ConcurrentLinkedQueue<>();
		List<Callable<LoadResult>> loads = new ArrayList<>();
		counts().forEach((sort, count) -> loads.add(load(plan(sort, count), sort, planted)));
		ExecutorService all = Executors.newFixedThreadPool(loads.size());
		try {
			for (Future<LoadResult> load : all.invokeAll(loads)) {
				load.get();
			}
		}
		catch (ExecutionException ex) {
			throw new IOException(ex.getCause().getMessage(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted", ex);
		}
		finally {
			all.shutdownNow();
		}
		return List.copyOf(planted);
	}

	private LoadPlan plan(Sort sort, long orders) {
		LoadPlan plan = plan(orders).customers((sort == Sort.PREMIUM) ? PREMIUM : STANDARD);
		return switch (sort) {
			case FAILED -> plan.header("baggage", Gateway.baggage(List.of("payment-fails")));
			// One product, so that few others wait for a row that is held for a second.
			case SLOW -> plan.item("sku-49", 1).header("baggage", Gateway.baggage(List.of("stock-slow")));
			default -> plan;
		};
	}

	private LoadPlan plan(long orders) {
		double seconds = this.orders / this.rate;
		return new LoadPlan(this.gateway, orders / seconds, Duration.ofMillis(Math.round(seconds * 1000))).max(orders)
			.seed(orders);
	}

	private static Callable<LoadResult> load(LoadPlan plan, Sort sort, Collection<Planted> planted) {
		return new Load(plan, (outcome) -> planted.add(new Planted(became(sort, outcome), outcome)))::run;
	}

	private static Sort became(Sort meant, Outcome outcome) {
		boolean so = switch (meant) {
			// Accepted, and to be settled later.
			case FAILED -> outcome.status() == 202;
			case SLOW -> outcome.status() == 201 && outcome.took().compareTo(Sampling.SLOW) >= 0;
			default -> outcome.status() == 201 && outcome.took().compareTo(FAST) < 0;
		};
		return (so && outcome.traceId().isPresent()) ? meant : Sort.UNCLEAR;
	}

}
