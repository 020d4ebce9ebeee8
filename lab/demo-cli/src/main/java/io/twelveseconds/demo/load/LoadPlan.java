package io.twelveseconds.demo.load;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.shop.Gateway;

/**
 * What a {@link Load} will do: checkouts at a fixed rate for a while, by customers and of
 * products that a seed picks, so that the same plan asks for the same things again. What
 * would be too much for a small machine, or for somebody else's, is refused.
 */
public final class LoadPlan {

	/** Requests per second. Far more than two cores can answer. */
	public static final double MAX_RATE = 500;

	/** How long a load may take. */
	public static final Duration MAX_DURATION = Duration.ofMinutes(10);

	/** The gateway has room for 400 connections: they must not all be ours. */
	static final int MAX_IN_FLIGHT = 300;

	private static final Duration MAX_TIMEOUT = Duration.ofMinutes(2);

	/** The gateway takes no order with more. */
	private static final int MAX_LINES = 100;

	private final URI gateway;

	private final double rate;

	private final Duration duration;

	/** All but cust-20, whose card is declined. */
	private List<String> customers = IntStream.rangeClosed(1, 19).mapToObj("cust-%02d"::formatted).toList();

	private final List<Gateway.Line> items = new ArrayList<>();

	private int lines = 1;

	private boolean neighbours;

	private final Map<String, Double> also = new LinkedHashMap<>();

	private final Map<String, String> headers = new LinkedHashMap<>();

	private long seed = 12;

	private long max = Long.MAX_VALUE;

	private int inFlight = 200;

	private Duration timeout = Duration.ofSeconds(30);

	/**
	 * A load that orders one random product each time.
	 * @param rate requests per second
	 * @param duration how long they arrive; the last answers come later
	 */
	public LoadPlan(URI gateway, double rate, Duration duration) {
		require(rate > 0 && rate <= MAX_RATE,
				"The rate must be above 0 and at most %.0f per second".formatted(MAX_RATE));
		require(!duration.isZero() && duration.compareTo(MAX_DURATION) <= 0,
				"A load takes at most " + Times.format(MAX_DURATION) + ", and more than nothing");
		this.gateway = gateway;
		this.rate = rate;
		this.duration = duration;
	}

	/** Who orders, picked at random each time. */
	public LoadPlan customers(List<String> customers) {
		require(!customers.isEmpty(), "There must be a customer");
		this.customers = List.copyOf(customers);
		return this;
	}

	/**
	 * Each order has so many of this product, and no random one. May be said for several
	 * products.
	 */
	public LoadPlan item(String sku, int quantity) {
		this.items.add(new Gateway.Line(sku, quantity));
		return this;
	}

	/** Each order has so many different products, picked at random. */
	public LoadPlan lines(int lines) {
		require(lines >= 1 && lines <= MAX_LINES, "An order has from 1 to %d lines".formatted(MAX_LINES));
		this.lines = lines;
		return this;
	}

	/**
	 * The products of an order stand side by side, and the next order goes on where it
	 * ended: orders that follow each other have no product in common.
	 */
	public LoadPlan neighbours() {
		this.neighbours = true;
		return this;
	}

	/**
	 * So big a share of the requests looks at this path of the gateway instead of
	 * ordering.
	 */
	public LoadPlan also(String path, double share) {
		require(path.startsWith("/"), "'%s' is not a path such as /api/products".formatted(path));
		// Throws the same exception for what is no part of an address, and says where.
		URI.create(this.gateway + path);
		require(share > 0 && share <= 1, "The share of %s must be above 0 and at most 1".formatted(path));
		this.also.put(path, share);
		require(this.also.values().stream().mapToDouble(Double::doubleValue).sum() <= 1 + 1e-9,
				"The shares must not add up to more than 1");
		return this;
	}

	/** A header of every request. */
	public LoadPlan header(String name, String value) {
		this.headers.put(name, value);
		return this;
	}

	/** Another seed picks other customers and products. */
	public LoadPlan seed(long seed) {
		this.seed = seed;
		return this;
	}

	/** Not more requests than that, be there time for more or not. */
	public LoadPlan max(long max) {
		require(max >= 1, "At least one request must be allowed");
		this.max = max;
		return this;
	}

	/** So many may be under way at once; who finds no slot waits for one. */
	public LoadPlan inFlight(int inFlight) {
		require(inFlight >= 1 && inFlight <= MAX_IN_FLIGHT,
				"From 1 to %d requests may be in flight".formatted(MAX_IN_FLIGHT));
		this.inFlight = inFlight;
		return this;
	}

	/** How long a customer waits for a slot, and then for his answer. */
	public LoadPlan timeout(Duration timeout) {
		require(!timeout.isZero() && timeout.compareTo(MAX_TIMEOUT) <= 0,
				"The timeout is at most " + Times.format(MAX_TIMEOUT) + ", and more than nothing");
		this.timeout = timeout;
		return this;
	}

	/** How many requests arrive altogether. */
	long arrivals() {
		// The small amount is for what a double cannot say: 0.1 times 10 s is one.
		return Math.min(this.max, Math.max(1, (long) Math.ceil(this.rate * this.duration.toNanos() / 1e9 - 1e-6)));
	}

	/** When an arrival is due, counted from the start. */
	Duration due(long arrival) {
		return Duration.ofNanos((long) (arrival * 1e9 / this.rate));
	}

	URI gateway() {
		return this.gateway;
	}

	double rate() {
		return this.rate;
	}

	public Duration duration() {
		return this.duration;
	}

	List<String> customers() {
		return this.customers;
	}

	List<Gateway.Line> items() {
		return this.items;
	}

	int lines() {
		return this.lines;
	}

	boolean areNeighbours() {
		return this.neighbours;
	}

	Map<String, Double> also() {
		return this.also;
	}

	Map<String, String> headers() {
		return this.headers;
	}

	long seed() {
		return this.seed;
	}

	int inFlight() {
		return this.inFlight;
	}

	Duration timeout() {
		return this.timeout;
	}

	private static void require(boolean holds, String message) {
		if (!holds) {
			throw new IllegalArgumentException(message);
		}
	}

}
