package io.twelveseconds.system;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.twelveseconds.demo.shop.Http;
import io.twelveseconds.trace.Trace;
import io.twelveseconds.trace.TraceReader;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The whole shop, started once for all system tests, as {@link Deployment#chosen} says.
 */
final class RunningShop implements BeforeAllCallback, ParameterResolver {

	static final Set<String> SERVICES = Set.of("api-gateway", "order-service", "inventory-service", "payment-service",
			"loyalty-service", "notification-service", "analytics-service");

	private static final Duration LONG = Duration.ofSeconds(90);

	/** What ended so long ago is in the store: agents export every second. */
	private static final Duration STORED = Duration.ofSeconds(3);

	private static final Pattern COMPLETE = Pattern.compile(" (\\d+) complete, 0 incomplete, 0 absent");

	private static final SecureRandom random = new SecureRandom();

	private final Path root = Path.of("..", "..").toAbsolutePath().normalize();

	private final Deployment deployment = Deployment.chosen(this.root);

	private final Shop customer = new Shop(at(8080));

	private final Databases databases = new Databases(15432 + Deployment.OFFSET);

	private final KafkaTopics kafka = new KafkaTopics("127.0.0.1:" + (19092 + Deployment.OFFSET));

	private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

	/** What answers by HTTP at the port, which is shifted here. */
	static URI at(int port) {
		return URI.create("http://127.0.0.1:" + (port + Deployment.OFFSET));
	}

	static String newTraceId() {
		byte[] id = new byte[16];
		random.nextBytes(id);
		return HexFormat.of().formatHex(id);
	}

	/** The version that was built, as the build says. */
	String version() {
		return System.getProperty("build.version");
	}

	Path root() {
		return this.root;
	}

	Shop customer() {
		return this.customer;
	}

	Databases databases() {
		return this.databases;
	}

	KafkaTopics kafka() {
		return this.kafka;
	}

	/** The trace once all seven services are in it, and it does not grow any more. */
	Trace wholeTrace(String traceId) {
		return traceWith(traceId, SERVICES);
	}

	Trace traceWith(String traceId, Set<String> services) {
		return await("trace " + traceId + " with " + services).atMost(LONG)
			.pollInterval(Duration.ofMillis(250))
			.until(() -> trace(traceId),
					(trace) -> trace.isPresent() && trace.get().services().containsAll(services)
							&& trace.get().end().plus(STORED).isBefore(Instant.now()))
			.orElseThrow();
	}

	/** The trace as far as it is stored. */
	Trace traceNow(String traceId) {
		return trace(traceId).orElseThrow(() -> new AssertionError("No trace " + traceId));
	}

	private Optional<Trace> trace(String traceId) {
		HttpResponse<String> response = query("/api/v3/traces/" + traceId);
		return (response.statusCode() == 200) ? TraceReader.readAll(response.body()).stream().findFirst()
				: Optional.empty();
	}

	/** Every trace of the last minutes, whichever service it began in. */
	List<Trace> recentTraces() {
		return tracesSince(Instant.now().minusSeconds(600), 200);
	}

	/** Every trace that began since then, as far as it is stored. */
	List<Trace> tracesSince(Instant start) {
		return tracesSince(start, 2000);
	}

	private List<Trace> tracesSince(Instant start, int atMostPerService) {
		Map<String, Trace> traces = new LinkedHashMap<>();
		for (String service : SERVICES) {
			HttpResponse<String> response = query(
					"/api/v3/traces?query.service_name=%s&query.num_traces=%d&query.start_time_min=%s&query.start_time_max=%s"
						.formatted(service, atMostPerService, encoded(start), encoded(Instant.now())));
			assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
			TraceReader.readAll(response.body())
				.stream()
				.filter((trace) -> !trace.start().isBefore(start))
				.forEach((trace) -> traces.putIfAbsent(trace.id(), trace));
		}
		return List.copyOf(traces.values());
	}

	private HttpResponse<String> query(String path) {
		return get(at(16686).resolve(path));
	}

	static HttpResponse<String> get(URI uri) {
		return send(HttpRequest.newBuilder(uri));
	}

	/** Sends spans of others to the Collector, as OTLP JSON. */
	static void export(String spans) {
		HttpResponse<String> response = send(HttpRequest.newBuilder(at(4318).resolve("/v1/traces"))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(spans)));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
	}

	private static HttpResponse<String> send(HttpRequest.Builder builder) {
		HttpRequest request = builder.build();
		try {
			return Http.whole(HTTP, request, HttpResponse.BodyHandlers.ofString(), Duration.ofSeconds(10));
		}
		catch (IOException ex) {
			throw new AssertionError(request.uri() + " does not answer", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	private static String encoded(Instant instant) {
		return URLEncoder.encode(instant.toString(), StandardCharsets.UTF_8);
	}

	/** What each service has logged so far. */
	Map<String, String> logs() {
		Map<String, String> logs = new TreeMap<>();
		SERVICES.forEach((service) -> logs.put(service, this.deployment.log(service)));
		return logs;
	}

	/**
	 * Names, addresses and cards, from the databases of the two services that may know
	 * them.
	 */
	List<String> personalData() {
		List<String> personal = new ArrayList<>(
				this.databases.texts("notification", "SELECT name FROM recipients UNION SELECT email FROM recipients"));
		personal.addAll(this.databases.texts("payment", "SELECT token FROM cards"));
		return personal;
	}

	/** Mails that the mail server has taken. */
	long mails() {
		HttpResponse<String> response = get(at(8025).resolve("/api/v1/messages?limit=1"));
		return JsonMapper.shared().readTree(response.body()).at("/total").asLong();
	}

	/** Runs the work while the service's port takes connections and nobody answers. */
	<T> T whileFrozen(String service, Supplier<T> work) {
		this.deployment.freeze(service);
		try {
			return work.get();
		}
		finally {
			this.deployment.thaw(service);
		}
	}

	Deployment deployment() {
		return this.deployment;
	}

	void kill(String part) {
		this.deployment.kill(part);
	}

	void start(String part) {
		this.deployment.start(part);
	}

	/**
	 * The first checkouts after a start are ten times slower: no test should meet them.
	 */
	private void warmUp() {
		assertThat(load(4, Duration.ofSeconds(8), (n) -> this.customer.order("cust-01", "sku-01", 1)).join())
			.extracting(Shop.Answer::status)
			.contains(201);
		awaitBalancedBooks();
	}

	/** The same thing many times at the same time. */
	<T> List<T> atOnce(int times, IntFunction<T> work) {
		ExecutorService pool = Executors.newFixedThreadPool(times);
		try {
			return IntStream.range(0, times)
				.mapToObj((n) -> CompletableFuture.supplyAsync(() -> work.apply(n), pool))
				.toList()
				.stream()
				.map(CompletableFuture::join)
				.toList();
		}
		finally {
			pool.shutdownNow();
		}
	}

	/** Customers who come back as soon as they have their answer, for a while. */
	<T> CompletableFuture<List<T>> load(int customers, Duration time, IntFunction<T> work) {
		return load(customers, time, () -> true, work);
	}

	/** The same, until they are told not to come back. */
	<T> CompletableFuture<List<T>> load(int customers, Duration atMost, BooleanSupplier open, IntFunction<T> work) {
		Instant end = Instant.now().plus(atMost);
		AtomicInteger number = new AtomicInteger();
		return CompletableFuture.supplyAsync(() -> atOnce(customers, (customer) -> {
			List<T> done = new ArrayList<>();
			while (open.getAsBoolean() && Instant.now().isBefore(end)) {
				done.add(work.apply(number.getAndIncrement()));
			}
			return done;
		}).stream().flatMap(List::stream).toList());
	}

	/**
	 * Until each service has written down the same sales, and nothing is left to be
	 * settled.
	 */
	void awaitBalancedBooks() {
		AtomicReference<Books> books = new AtomicReference<>();
		await("balanced books").atMost(LONG).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
			books.set(Books.of(this.databases));
			assertThat(books.get()).matches(Books::balance);
		});
	}

	/** Until every order since then has its whole trace; there must have been one. */
	void awaitWholeTraces(Instant since) {
		await("whole traces").atMost(LONG).untilAsserted(() -> {
			Matcher complete = COMPLETE.matcher(completeness(since));
			assertThat(complete.find()).isTrue();
			assertThat(Long.parseLong(complete.group(1))).isPositive()
				.isGreaterThanOrEqualTo(this.databases.number("orders",
						"SELECT count(*) FROM orders WHERE placed_at >= ?", Timestamp.from(since)));
		});
	}

	/**
	 * What {@code ./demo completeness} says of the orders since then.
	 * @throws AssertionError if one is not complete
	 */
	String completeness(Instant since) {
		return this.deployment.demo("completeness", "--since", since.toString());
	}

	void awaitConsumersAreIdle() {
		await("consumers without lag").atMost(LONG)
			.until(() -> this.kafka.lag("notification-service") == 0 && this.kafka.lag("analytics-service") == 0);
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		context.getRoot()
			.getStore(ExtensionContext.Namespace.GLOBAL)
			.computeIfAbsent(Started.class, (key) -> new Started(this), Started.class);
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == RunningShop.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return this;
	}

	/** JUnit closes it after the last test of all: nothing is left running. */
	private record Started(RunningShop shop) implements AutoCloseable {

		private Started {
			try {
				shop.deployment.up();
				shop.warmUp();
			}
			catch (RuntimeException | Error ex) {
				// What was never ready nobody will close.
				shop.deployment.down();
				throw ex;
			}
		}

		@Override
		public void close() {
			this.shop.deployment.down();
		}

	}

}
