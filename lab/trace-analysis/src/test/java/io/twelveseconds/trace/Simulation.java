package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.Set;

/**
 * Invents a system, lets one request run through it in virtual time, and can put one
 * thing wrong in it. It knows nothing of the analysis: sizes come from wide ranges, and
 * what is wrong is only made big enough that a person looking at the trace would call it
 * the cause.
 * <p>
 * A request is a tree of pieces of work. Each computes, asks databases and caches, calls
 * other services one by one or side by side, publishes messages and leaves work behind
 * that nobody waits for; clocks differ by service, and conventions by trace.
 */
final class Simulation {

	enum Cause {

		NOTHING, SLOW_STATEMENT, SLOW_CODE, GAP, POOL, NETWORK, QUEUE, REPEATED_STATEMENTS, REPEATED_CALLS, SEQUENTIAL,
		ERROR, SWALLOWED, TIMEOUT, RETRIES, SLOW_RETRY, BREAKER, FAILED_ASYNC, LOST_CONTEXT, LOST_SERVICE

	}

	private static final long MS = 1_000_000;

	private static final String[] NAMES = { "frontend", "cart", "checkout", "catalog", "pricing", "shipping", "quote",
			"accounts", "ledger", "search", "profile", "media", "geo", "rates", "reviews", "ads", "fraud", "tax" };

	/** The shape of the system and everything that varies by chance. */
	private final Random random;

	/** What concerns the cause only, so that the rest stays the same without it. */
	private final Random chance;

	private final Cause cause;

	/** At which of the places where it could be the cause is. */
	private final int chosen;

	private final long size;

	private int places;

	private final List<Draft> drafts = new ArrayList<>();

	private final Map<String, Long> clocks = new HashMap<>();

	private final boolean oldConventions;

	private final double scale;

	/** Proofs: at least one of these spans must be named. */
	private final Set<String> guilty = new LinkedHashSet<>();

	private final List<String> removed = new ArrayList<>();

	/** More than 0 while what runs is work that nobody waits for. */
	private int unwaited;

	private int nextId = 1;

	private int nextService;

	/**
	 * Neighbouring seeds give {@link Random} neighbouring first numbers; a batch of them
	 * would be one trace many times over. {@link SplittableRandom} spreads them.
	 */
	private static Random random(long seed, int purpose) {
		return new Random(new SplittableRandom(3 * seed + purpose).nextLong());
	}

	private Simulation(long seed, Cause cause, int chosen, long size) {
		this.random = random(seed, 0);
		this.chance = random(seed, 1);
		this.cause = cause;
		this.chosen = chosen;
		this.size = size;
		this.oldConventions = this.random.nextBoolean();
		this.scale = Math.exp(Math.log(0.3) + this.random.nextDouble() * (Math.log(5) - Math.log(0.3)));
		Work root = new Work("client", null);
		long answered = serve(root, NAMES[this.nextService++], 1_750_000_000_000L * MS, 0, false);
		if (this.random.nextInt(3) == 0 && answered < 0) {
			throw new IllegalStateException("The request never ended");
		}
	}

	/** A trace in which nothing is wrong. */
	static Sample healthy(long seed) {
		return new Simulation(seed, Cause.NOTHING, -1, 0).sample();
	}

	/** A trace with this cause; null if the invented system has no place for it. */
	static Sample with(Cause cause, long seed) {
		Simulation dry = new Simulation(seed, cause, -1, 0);
		if (dry.places == 0) {
			return null;
		}
		Random chance = random(seed, 2);
		long healthy = dry.sample().trace().duration().toNanos();
		// Between 0.4 and 10 s, and never less than all the rest together.
		long size = (long) (400 * MS * Math.exp(chance.nextDouble() * Math.log(25)));
		return new Simulation(seed, cause, chance.nextInt(dry.places), Math.max(size, healthy)).sample();
	}

	/** A trace of about so many spans that grows by repeating what systems do. */
	static Trace large(long seed, int spans) {
		List<Span> all = new ArrayList<>();
		Span root = null;
		for (long i = seed; all.size() < spans; i++) {
			for (Span span : healthy(i).trace().spans()) {
				String prefix = Long.toHexString(i - seed);
				Span copy = new Span("t", prefix + span.id(),
						(span.parentId() != null) ? prefix + span.parentId() : (root != null) ? root.id() : null,
						span.name(), span.kind(), span.startNanos() + (i - seed) * 500 * MS,
						span.endNanos() + (i - seed) * 500 * MS, span.status(), span.statusMessage(), span.attributes(),
						span.events(), span.links(), span.resource(), span.scope());
				root = (root == null && span.parentId() == null) ? copy : root;
				all.add(copy);
			}
		}
		return new Trace(all);
	}

	private Sample sample() {
		List<Span> spans = this.drafts.stream()
			.filter((draft) -> !this.removed.contains(draft.id))
			.map(this::span)
			.toList();
		return new Sample(new Trace(spans), this.cause, Set.copyOf(this.guilty));
	}

	private Span span(Draft draft) {
		long clock = this.clocks.computeIfAbsent(draft.service, (any) -> 0L);
		return new Span("t", draft.id, draft.parent, draft.name, draft.kind, draft.start + clock, draft.end + clock,
				draft.failed ? Span.Status.ERROR : Span.Status.UNSET, draft.message, draft.attributes, List.of(),
				List.of(), Map.of("service.name", draft.service), "");
	}

	// --- Work
	// ----------------------------------------------------------------------------------------------------

	/** Runs a service's part and returns its end. */
	private long serve(Work work, String service, long from, int depth, boolean asynchronous) {
		Draft server = draft(work.parent, service, asynchronous ? Span.Kind.CONSUMER : Span.Kind.SERVER,
				asynchronous ? "process " + service : "GET /" + service + "/{id}");
		this.clocks.computeIfAbsent(service,
				(any) -> (long) ((this.random.nextDouble() - 0.5) * 300 * MS) * (this.random.nextInt(3) == 0 ? 1 : 0));
		if (!asynchronous) {
			http(server, 200, "/" + service + "/" + this.random.nextInt(1000));
			server.attributes.put("http.route", "/" + service + "/{id}");
		}
		long time = from + compute();
		boolean leaf = depth >= 4 || this.random.nextInt(5) < depth;
		int steps = leaf ? this.random.nextInt(2) : 1 + this.random.nextInt(5);
		for (int i = 0; i < steps && !server.failed; i++) {
			time = step(server, time, depth, leaf, asynchronous);
			time += compute();
		}
		if (!server.failed) {
			time += own(server, steps > 0);
		}
		server.start = from;
		server.end = time;
		work.failed = server.failed;
		work.message = server.message;
		return time;
	}

	private long own(Draft server, boolean hasChildren) {
		// What is done after the answer takes the time that it needs.
		boolean place = hasChildren ? this.cause == Cause.GAP : this.cause == Cause.SLOW_CODE && this.unwaited == 0;
		if (place && here()) {
			this.guilty.add(server.id);
			return delay(this.size);
		}
		boolean asynchronous = server.kind == Span.Kind.CONSUMER;
		if ((asynchronous ? this.cause == Cause.FAILED_ASYNC
				: this.cause == Cause.ERROR || this.cause == Cause.SWALLOWED) && here()) {
			fail(server, "java.lang.IllegalStateException: no such rate");
			this.guilty.add(server.id);
		}
		return 0;
	}

	/** Nobody minds a second or two for which nobody waits. */
	private long delay(long size) {
		return (this.unwaited > 0) ? Math.max(size, 4000 * MS) : size;
	}

	private long step(Draft server, long time, int depth, boolean leaf, boolean asynchronous) {
		int what = this.random.nextInt(leaf ? 45 : 100);
		if (what < 25) {
			return statement(server, time);
		}
		if (what < 35) {
			return lookups(server, time, 2 + this.random.nextInt(3));
		}
		if (what < 45) {
			return fewStatements(server, time);
		}
		if (what < 72) {
			return call(server, time, depth, service());
		}
		if (what < 86) {
			return sideBySide(server, time, depth);
		}
		if (what < 94 && depth < 3) {
			return publish(server, time, depth, asynchronous);
		}
		return wrapped(server, time);
	}

	private String service() {
		return NAMES[this.nextService++ % NAMES.length]
				+ ((this.nextService > NAMES.length) ? "-" + this.nextService : "");
	}

	private long statement(Draft server, long time) {
		String table = "table_" + (char) ('a' + this.random.nextInt(20));
		if (this.cause == Cause.REPEATED_STATEMENTS && here()) {
			return repeatedStatements(server, time, table);
		}
		long from = (this.cause == Cause.POOL && here()) ? poolWait(server, time) : time;
		Draft statement = database(server, "SELECT * FROM " + table + " WHERE id = ?", from, millis(0.4, 12));
		if (this.cause == Cause.SLOW_STATEMENT && here()) {
			statement.end += delay(this.size);
			this.guilty.add(statement.id);
		}
		return statement.end;
	}

	private long poolWait(Draft server, long time) {
		String[] names = { "HikariDataSource.getConnection", "pg-pool.connect", "pool.acquire", "wait for connection" };
		Draft wait = draft(server.id, server.service, this.chance.nextBoolean() ? Span.Kind.INTERNAL : Span.Kind.CLIENT,
				names[this.chance.nextInt(names.length)]);
		if (this.chance.nextBoolean()) {
			wait.attributes.put(this.oldConventions ? "db.system" : "db.system.name", "postgresql");
		}
		wait.start = time;
		wait.end = time + this.size;
		this.guilty.add(wait.id);
		return wait.end;
	}

	private long repeatedStatements(Draft server, long time, String table) {
		int count = 10 + this.chance.nextInt(90);
		long each = Math.max(MS / 2, this.size / count);
		long end = time;
		for (int i = 0; i < count; i++) {
			// As instrumentation that does not sanitise writes it, or with a placeholder.
			String value = this.oldConventions ? String.valueOf(this.chance.nextInt(10_000)) : "?";
			Draft statement = database(server, "SELECT name FROM " + table + " WHERE owner = " + value, end,
					(long) (each * (0.5 + this.chance.nextDouble())));
			this.guilty.add(statement.id);
			end = statement.end + this.chance.nextInt(200_000);
		}
		return end;
	}

	/** A page asks a table two to four times: nobody minds. */
	private long fewStatements(Draft server, long time) {
		long end = time;
		int count = 2 + this.random.nextInt(3);
		String statement = "SELECT v FROM settings_" + this.random.nextInt(9) + " WHERE k = ?";
		for (int i = 0; i < count; i++) {
			end = database(server, statement, end, millis(0.4, 8)).end + millis(0.05, 0.5);
		}
		return end;
	}

	private long lookups(Draft server, long time, int count) {
		long end = time;
		for (int i = 0; i < count; i++) {
			Draft lookup = draft(server.id, server.service, Span.Kind.CLIENT, "GET");
			lookup.attributes.put(this.oldConventions ? "db.system" : "db.system.name", "redis");
			lookup.attributes.put(this.oldConventions ? "db.statement" : "db.query.text",
					"GET session:" + this.random.nextInt(100_000));
			lookup.start = end;
			lookup.end = end + millis(0.1, 2);
			if (this.random.nextInt(20) == 0) {
				fail(lookup, "redis: nil");
			}
			end = lookup.end + millis(0.02, 0.2);
		}
		return end;
	}

	private Draft database(Draft server, String text, long start, long duration) {
		Draft statement = draft(server.id, server.service, Span.Kind.CLIENT, "SELECT");
		statement.attributes.put(this.oldConventions ? "db.system" : "db.system.name", "postgresql");
		statement.attributes.put(this.oldConventions ? "db.name" : "db.namespace", server.service);
		statement.attributes.put(this.oldConventions ? "db.statement" : "db.query.text", text);
		statement.start = start;
		statement.end = start + duration;
		return statement;
	}

	private long call(Draft server, long time, int depth, String callee) {
		if (this.cause == Cause.BREAKER && here()) {
			return breaker(server, time);
		}
		if (this.cause == Cause.RETRIES && here()) {
			return retries(server, time, callee, 3 + this.chance.nextInt(4), false);
		}
		if (this.cause == Cause.SLOW_RETRY && here()) {
			return retries(server, time, callee, 2, true);
		}
		if (this.cause == Cause.TIMEOUT && here()) {
			return timeout(server, time, callee);
		}
		if (this.cause == Cause.REPEATED_CALLS && here()) {
			return repeatedCalls(server, time, callee);
		}
		return plainCall(server, time, depth, callee);
	}

	private long plainCall(Draft server, long time, int depth, String callee) {
		Draft client = client(server, callee, "/" + callee + "/" + this.random.nextInt(1000));
		client.start = time;
		long there = time + millis(0.1, 3);
		if (this.cause == Cause.NETWORK && here()) {
			there += this.size;
			this.guilty.add(client.id);
		}
		Work work = new Work(server.service, client.id);
		long end = serve(work, callee, there, depth + 1, false);
		client.end = end + millis(0.1, 3);
		if (this.cause == Cause.LOST_SERVICE && here()) {
			lose(client);
		}
		if (work.failed) {
			fail(client, "500");
			http(client, 500, "/" + callee);
			// On its way up an error is passed on, or kept from the caller.
			if (this.cause != Cause.SWALLOWED || (server.parent != null && this.chance.nextBoolean())) {
				fail(server, work.message);
			}
		}
		else if (this.random.nextInt(25) == 0) {
			fail(client, "404");
			http(client, 404, "/" + callee + "/gone");
		}
		return client.end;
	}

	/** The called service's own spans never arrive; what it called in turn does. */
	private void lose(Draft client) {
		Set<String> lost = new LinkedHashSet<>();
		this.drafts.stream()
			.filter((draft) -> client.id.equals(draft.parent))
			.map((draft) -> draft.service)
			.findFirst()
			.ifPresent((service) -> this.drafts.stream()
				.filter((draft) -> draft.service.equals(service))
				.forEach((draft) -> lost.add(draft.id)));
		boolean shows = this.drafts.stream()
			.anyMatch((draft) -> draft.parent != null && lost.contains(draft.parent) && !lost.contains(draft.id));
		if (shows) {
			this.removed.addAll(lost);
			this.drafts.stream()
				.filter((draft) -> draft.parent != null && lost.contains(draft.parent) && !lost.contains(draft.id))
				.forEach((draft) -> this.guilty.add(draft.id));
		}
	}

	private long sideBySide(Draft server, long time, int depth) {
		if (this.cause == Cause.SEQUENTIAL && here()) {
			return sequential(server, time);
		}
		int count = 2 + this.random.nextInt(7);
		boolean same = this.random.nextBoolean();
		String callee = service();
		long latest = time;
		int workers = 2 + this.random.nextInt(count);
		long[] free = new long[workers];
		for (int i = 0; i < count; i++) {
			int worker = i % workers;
			long start = Math.max(time + i * millis(0.01, 0.3), free[worker]);
			free[worker] = same ? leafCall(server, start, callee, millis(2, 25)).end
					: plainCall(server, start, Math.max(3, depth), service());
			latest = Math.max(latest, free[worker]);
		}
		return latest;
	}

	private Draft leafCall(Draft server, long time, String callee, long duration) {
		Draft client = client(server, callee, "/" + callee + "/" + this.random.nextInt(1000));
		client.start = time;
		Draft answer = draft(client.id, callee, Span.Kind.SERVER, "GET /" + callee + "/{id}");
		http(answer, 200, "/" + callee + "/7");
		answer.start = time + MS / 5;
		answer.end = answer.start + duration;
		client.end = answer.end + MS / 5;
		return client;
	}

	private long repeatedCalls(Draft server, long time, String callee) {
		int count = 10 + this.chance.nextInt(50);
		long each = Math.max(MS, this.size / count);
		long end = time;
		for (int i = 0; i < count; i++) {
			Draft call = leafCall(server, end, callee, (long) (each * (0.5 + this.chance.nextDouble())));
			this.guilty.add(call.id);
			end = call.end + this.chance.nextInt(300_000);
		}
		return end;
	}

	private long sequential(Draft server, long time) {
		int count = 3 + this.chance.nextInt(3);
		long each = this.size * 2 / count;
		long end = time;
		for (int i = 0; i < count; i++) {
			Draft call = leafCall(server, end, service(), (long) (each * (0.6 + this.chance.nextDouble() * 0.8)));
			this.guilty.add(call.id);
			end = call.end + this.chance.nextInt(1_000_000);
		}
		return end;
	}

	private long timeout(Draft server, long time, String callee) {
		Draft client = client(server, callee, "/" + callee + "/1");
		client.start = time;
		client.end = time + this.size;
		fail(client, this.chance.nextBoolean() ? "java.net.http.HttpTimeoutException: request timed out" : "aborted");
		Draft hanging = draft(client.id, callee, Span.Kind.SERVER, "GET /" + callee + "/{id}");
		http(hanging, 200, "/" + callee + "/1");
		hanging.start = time + millis(0.1, 3);
		hanging.end = hanging.start + (long) (this.size * (1.3 + this.chance.nextDouble() * 4));
		this.guilty.add(client.id);
		if (this.chance.nextInt(3) > 0) {
			fail(server, "upstream did not answer");
		}
		return client.end;
	}

	private long retries(Draft server, long time, String callee, int attempts, boolean succeeds) {
		long end = time;
		for (int i = 0; i < attempts; i++) {
			Draft client = client(server, callee, "/" + callee + "/1");
			boolean last = i == attempts - 1;
			client.start = end;
			client.end = end + ((succeeds && !last) ? delay(this.size * 2) : this.size / attempts);
			if (!last || !succeeds) {
				fail(client, this.chance.nextBoolean() ? "java.net.ConnectException: connection refused" : "503");
			}
			if (succeeds && last) {
				client.end = end + millis(2, 10);
			}
			this.guilty.add(client.id);
			end = client.end + millis(1, 20);
		}
		if (!succeeds) {
			fail(server, "gave up");
		}
		return end;
	}

	private long breaker(Draft server, long time) {
		Draft refused = draft(server.id, server.service, Span.Kind.INTERNAL, "charge");
		refused.start = time;
		refused.end = time + MS / 10;
		fail(refused, this.oldConventions ? "Polly.CircuitBreaker.BrokenCircuitException: The circuit is now open"
				: "io.github.resilience4j.circuitbreaker.CallNotPermittedException: CircuitBreaker 'x' is OPEN");
		this.guilty.add(refused.id);
		if (this.chance.nextBoolean()) {
			fail(server, "unavailable");
		}
		return refused.end;
	}

	private long publish(Draft server, long time, int depth, boolean asynchronous) {
		Draft producer = draft(server.id, server.service, Span.Kind.PRODUCER, "orders publish");
		messaging(producer, "publish");
		producer.start = time;
		producer.end = time + millis(0.5, 8);
		int groups = 1 + this.random.nextInt(2);
		for (int i = 0; i < groups; i++) {
			long lag = millis(1, 60);
			String consumer = service();
			Work work = new Work(server.service, producer.id);
			boolean late = this.cause == Cause.QUEUE && here();
			int before = this.drafts.size();
			this.unwaited++;
			serve(work, consumer, producer.end + lag + (late ? delay(this.size * 2) : 0), depth + 1, true);
			this.unwaited--;
			messaging(this.drafts.get(before), "process");
			if (late) {
				this.guilty.add(this.drafts.get(before).id);
				// Nobody can tell a clock from a queue by one message.
				this.clocks.put(consumer, this.clocks.get(server.service));
			}
		}
		return producer.end;
	}

	/** A span of the service's own around a few steps, which may lose its context. */
	private long wrapped(Draft server, long time) {
		Draft inner = draft(server.id, server.service, Span.Kind.INTERNAL, "render");
		inner.start = time;
		long end = statement(inner, time + compute());
		end = lookups(inner, end + compute(), 1 + this.random.nextInt(3));
		inner.end = end + compute();
		if (this.cause == Cause.LOST_CONTEXT && here()) {
			this.removed.add(inner.id);
			this.drafts.stream()
				.filter((draft) -> inner.id.equals(draft.parent))
				.forEach((draft) -> this.guilty.add(draft.id));
		}
		return inner.end;
	}

	// --- Spans
	// ---------------------------------------------------------------------------------------------------

	private Draft client(Draft server, String callee, String path) {
		Draft client = draft(server.id, server.service, Span.Kind.CLIENT, "GET");
		http(client, 200, path);
		client.attributes.put(this.oldConventions ? "http.url" : "url.full", "http://" + callee + ":8080" + path);
		client.attributes.put(this.oldConventions ? "net.peer.name" : "server.address", callee);
		return client;
	}

	private void http(Draft draft, int status, String path) {
		draft.attributes.put(this.oldConventions ? "http.method" : "http.request.method", "GET");
		draft.attributes.put(this.oldConventions ? "http.status_code" : "http.response.status_code", (long) status);
		if (draft.kind == Span.Kind.SERVER) {
			draft.attributes.put(this.oldConventions ? "http.target" : "url.path", path);
		}
	}

	private void messaging(Draft draft, String operation) {
		draft.attributes.put("messaging.system", "kafka");
		draft.attributes.put(this.oldConventions ? "messaging.destination" : "messaging.destination.name", "orders");
		draft.attributes.put(this.oldConventions ? "messaging.operation" : "messaging.operation.type", operation);
	}

	private void fail(Draft draft, String message) {
		draft.failed = true;
		draft.message = message;
		if (draft.kind == Span.Kind.SERVER) {
			http(draft, 500, "/");
		}
		else if (draft.attributes.containsKey(this.oldConventions ? "http.method" : "http.request.method")) {
			draft.attributes.remove(this.oldConventions ? "http.status_code" : "http.response.status_code");
		}
	}

	private Draft draft(String parent, String service, Span.Kind kind, String name) {
		Draft draft = new Draft("%016x".formatted(this.nextId++), parent, service, kind, name);
		this.drafts.add(draft);
		return draft;
	}

	/** Whether this is the place for the cause; every place counts. */
	private boolean here() {
		return this.places++ == this.chosen;
	}

	private long compute() {
		return millis(0.05, 6);
	}

	/** Around the middle of this range in most cases, and now and then far above. */
	private long millis(double from, double to) {
		double middle = from + this.random.nextDouble() * (to - from);
		return (long) (middle * Math.exp(this.random.nextGaussian() * 0.4) * this.scale * MS);
	}

	record Sample(Trace trace, Cause cause, Set<String> guilty) {
	}

	private static final class Work {

		private final String caller;

		private final String parent;

		private boolean failed;

		private String message = "";

		Work(String caller, String parent) {
			this.caller = caller;
			this.parent = parent;
		}

		@Override
		public String toString() {
			return this.caller;
		}

	}

	private static final class Draft {

		private final String id;

		private final String parent;

		private final String service;

		private final Span.Kind kind;

		private final String name;

		private final Map<String, Object> attributes = new LinkedHashMap<>();

		private long start;

		private long end;

		private boolean failed;

		private String message = "";

		Draft(String id, String parent, String service, Span.Kind kind, String name) {
			this.id = id;
			this.parent = parent;
			this.service = service;
			this.kind = kind;
			this.name = name;
		}

	}

}
