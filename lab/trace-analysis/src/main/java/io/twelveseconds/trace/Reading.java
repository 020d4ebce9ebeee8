package io.twelveseconds.trace;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one span says, whichever conventions it follows: those of OpenTelemetry before and
 * after they became stable, OpenTracing's tags, and what proxies and libraries write.
 */
final class Reading {

	/** How libraries call it to get a connection from a pool. */
	private static final Pattern POOL_WAIT = Pattern
		.compile("(datasource|pool)\\w*[.:#]+(get|acquire|borrow|check ?out|connect|lease|obtain|wait)\\w*"
				+ "|\\b(acquir\\w+|check ?out|borrow\\w*|obtain\\w*|wait\\w*|leas\\w+)( (a|an|the|for|free|pooled|db|database|sql|jdbc))*"
				+ " connection\\b|\\bconnection (acqui\\w+|wait\\w*|checkout|borrow\\w*)\\b", Pattern.CASE_INSENSITIVE);

	/** It opens one, unless something is said of a pool. */
	private static final Pattern CONNECTION = Pattern
		.compile("(\\w+\\.)?(get|acquire|borrow|check ?out|open|obtain) ?connection", Pattern.CASE_INSENSITIVE);

	/** A driver's own, which opens a connection and has none to hand out. */
	private static final Pattern DRIVER = Pattern.compile(
			"\\b(pg|postgres|mysql|mariadb|oracle|sqlserver|db2|h2|jdbc|simple|drivermanager)\\w*datasource\\b",
			Pattern.CASE_INSENSITIVE);

	/** Where one word of a name ends and the next begins without a space. */
	private static final Pattern WORDS = Pattern.compile("_|(?<=[a-z])(?=[A-Z])");

	private static final Pattern WAITING = Pattern
		.compile("\\b(un)?lock|\\bwait|\\bblocked|\\bqueued?\\b|\\bgc\\b|\\bpause", Pattern.CASE_INSENSITIVE);

	/** {@code GetOrCreate} does not only read, and {@code Checkout} not at all. */
	private static final Pattern READS = Pattern.compile(
			"^(?i:get|list|find|search|fetch|query|read|load|lookup|count|describe|check|calculate|estimate|predict|rank|resolve|recommend|suggest|quote)(?![a-z]|_?(Or|And|or|and)(?![a-z])|(In|Out)$)"
					+ "|^(get|find|search|fetch|query|lookup|count|describe)[a-z]+$");

	/** What is asked is too long for a URL, and so it is posted. */
	private static final Pattern QUESTION = Pattern.compile(
			"(^|/)(_?m?search|query|lookup|find|availability|scores?|tax(es)?|rates?|calculate|estimates?|quotes?|offers?|prices?|predict(ions?)?|eligibility"
					+ "|(pre)?checks?|screenings?|evaluat(e|ions?)|assess(ments?)?|validate|verify)$",
			Pattern.CASE_INSENSITIVE);

	/** Of whoever says nothing but a name. */
	private static final Pattern REQUEST = Pattern
		.compile("(?:GET|HEAD|POST|PUT|PATCH|DELETE) ((?:https?://[^/\\s]+)?/\\S*)");

	/** The same. */
	private static final Pattern GET = Pattern.compile("(HTTP )?(GET|HEAD) ");

	private static final Pattern WRITES = Pattern.compile(
			"(create|add|insert|put|set|update|change|edit|save|store|write|delete|remove|clear|empty|place|submit|send|publish|notify|emit|record|log|track|report|charge|pay|refund|capture|reserve|book|hold|lock|acquire|release|confirm|cancel|start|stop|open|close|begin|commit|rollback|register|enqueue|process|execute|run|apply|increment|mark|sign|issue|ship|transfer)",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern CALL = Pattern.compile("(?:[Cc]all|[Ii]nvoke|[Rr]equest)(?![a-z])");

	private static final Pattern PHONE = Pattern.compile("ios|ipados|android", Pattern.CASE_INSENSITIVE);

	private static final Pattern PHONES_KEY = Pattern.compile("device\\.(model|manufacturer)");

	private static final Pattern LEAVE = Pattern.compile("auth|token|login|session|sign-?in|permission|consent",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern STATEMENT = Pattern.compile("(SELECT|INSERT|UPDATE|DELETE FROM)\\s"
			+ "|(?i:(db|sql)[.:_ ](query|statement|select|insert|update|delete|find|exec(ute)?))\\b");

	/** Whoever traces by hand has names of their own for it. */
	private static final Pattern SQL = Pattern.compile("\\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\\s",
			Pattern.CASE_INSENSITIVE);

	/** With a statement: how long it waited for a connection first. */
	private static final Pattern QUEUE_TIME = Pattern.compile(
			"(^|[._])(queue|checkout|(pool|connection)[._](wait|acquire))[._]time[._](milliseconds|microseconds|ms|us)$");

	private static final Pattern BATCH = Pattern.compile("bulk|batch|m(ulti)?_?(get|set)\\b|pipeline",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern SEVERAL_ROWS = Pattern.compile("\\bvalues\\s*(\\([^()]*\\)\\s*,\\s*){2}\\(",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern CHUNK = Pattern.compile("\\b(chunk|batch|page|slice)\\W*\\d*$",
			Pattern.CASE_INSENSITIVE);

	/** What migrations and nightly jobs are there for. */
	private static final Pattern WHOLE_TABLES = Pattern.compile(
			"\\s*(create (unique )?index|alter table|reindex|vacuum|analyze|optimize table|copy|load data|fetch (forward )?\\d+ (from|in)"
					+ "|refresh materialized view|create table \\S+ as|cluster|merge into|insert into [^()]+(\\([^()]*\\)\\s*)?select)\\b",
			Pattern.CASE_INSENSITIVE);

	/** Whoever traces by hand says so by the name alone, and so does New Relic. */
	private static final Pattern STORE = Pattern.compile(
			"(Datastore/(?:statement|operation|instance)/)?(redis|valkey|memcached?|mongo(?:db)?|dynamodb|cassandra|elasticsearch|postgres(?:ql)?|mysql|cache(?=[ .:/](m?get|m?set|put|del(ete)?|fetch|read|write|incr|exists|lookup|remove|add|touch|expire)\\b))[ .:/]\\w.*",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern ROWS = Pattern.compile("[2-9]|[1-9]\\d{1,8}");

	private static final Pattern INSERT = Pattern.compile("\\s*insert\\b", Pattern.CASE_INSENSITIVE);

	/** Which attempt it is, where nothing but the name says so. */
	private static final Pattern ATTEMPT = Pattern.compile("\\W*\\b(attempt|try|retry|round)\\W*\\d+\\W*$",
			Pattern.CASE_INSENSITIVE);

	/** Temporal's and Cadence's names of what a worker takes from a queue. */
	private static final Pattern TASK = Pattern.compile("Start(Activity|Workflow|ChildWorkflow):");

	/** An attribute with an address, and those that may have its port. */
	private static final String[][] SERVER = { { "server.address", "server.port" },
			{ "http.host", "server.port", "net.host.port" } };

	private static final String[][] PEER = { { "server.address", "server.port", "net.peer.port" },
			{ "net.peer.name", "net.peer.port", "server.port" }, { "peer.hostname", "peer.port", "net.peer.port" },
			{ "http.host", "net.peer.port", "server.port" },
			{ "network.peer.address", "network.peer.port", "server.port" },
			{ "net.peer.ip", "net.peer.port", "peer.port" }, { "peer.address", "peer.port", "net.peer.port" } };

	private static final Pattern ADDRESS = Pattern.compile("(?<![\\w.])\\d{1,3}(\\.\\d{1,3}){3}(?![\\w.])");

	/** No library has longer names; a pattern may take long for a very long text. */
	private static final int LONGEST_LOOKED_AT = 500;

	private final Span span;

	private final String database;

	final boolean receives;

	/** Asks somebody else: a client's span, or a statement that some library timed. */
	final boolean asks;

	/** Gets a connection from a pool, which takes long only if none is free. */
	final boolean poolWait;

	Reading(Span span) {
		this.span = span;
		this.receives = span.kind() == Span.Kind.SERVER || span.kind() == Span.Kind.CONSUMER;
		this.database = findDatabase();
		this.poolWait = isPoolWait();
		// The database is not asked before there is a connection.
		this.asks = !this.poolWait && (span.kind() == Span.Kind.CLIENT || span.kind() == Span.Kind.PRODUCER
				|| (!this.receives && (!database().isEmpty() || span.text("url").startsWith("http"))));
	}

	private boolean isPoolWait() {
		boolean inner = this.span.kind() == Span.Kind.INTERNAL || this.span.kind() == Span.Kind.CLIENT
				|| this.span.kind() == Span.Kind.UNSPECIFIED;
		if (!inner || !statement().isEmpty() || !messaging().isEmpty() || !method().isEmpty()
				|| !this.span.text("rpc.system", "rpc.system.name").isEmpty()) {
			return false;
		}
		String name = Words.clip(this.span.name(), LONGEST_LOOKED_AT).replace('_', ' ');
		return !pool().isEmpty() || (POOL_WAIT.matcher(name).find() && !DRIVER.matcher(name).find())
				|| (CONNECTION.matcher(name).matches()
						&& this.span.attributes().keySet().stream().anyMatch((key) -> key.startsWith("pool")));
	}

	/** The name of the pool that a connection is taken from; empty if nobody says. */
	String pool() {
		return Words.plain(this.span.text("db.client.connection.pool.name", "db.client.connections.pool.name"));
	}

	/** The name of the circuit breaker that guards the call; empty if nobody says. */
	String breaker() {
		return Words.plain(this.span.text("circuitbreaker.name", "circuit_breaker.name", "breaker.name"));
	}

	/** A message of an ASGI server, of which each answer is made: no call of its own. */
	boolean partOfAnswer() {
		return this.span.attributes().containsKey("asgi.event.type");
	}

	/**
	 * How many nanoseconds a statement waited for a connection before it was sent, as
	 * Ecto says with each; 0 if nobody says.
	 */
	long waitedForConnection() {
		if (database().isEmpty()) {
			return 0;
		}
		for (Map.Entry<String, Object> attribute : this.span.attributes().entrySet()) {
			Matcher key = QUEUE_TIME.matcher(attribute.getKey());
			String value = attribute.getValue().toString();
			if (key.find() && value.matches("\\d{1,12}([.]\\d+)?")) {
				return (long) (Double.parseDouble(value)
						* (key.group(5).matches("ms|milliseconds") ? 1_000_000 : 1_000));
			}
		}
		return 0;
	}

	/** What kind of database, cache or other store it asks; empty if none. */
	String database() {
		return this.database;
	}

	private String findDatabase() {
		String system = this.span.text("db.system.name", "db.system", "db.type");
		if (!system.isEmpty()) {
			return system;
		}
		Matcher store = STORE.matcher(this.span.name());
		if (!this.receives && messaging().isEmpty() && store.matches()) {
			return store.group(2).toLowerCase(Locale.ROOT);
		}
		return statement().isEmpty() ? "" : "database";
	}

	/** Who traces by hand often says no more than the name. */
	String statement() {
		String text = this.span.text("db.query.text", "db.statement", "sql.query");
		if (!text.isEmpty()) {
			return text;
		}
		String own = this.span.text("sql", "query", "q");
		if (SQL.matcher(own).lookingAt()) {
			return own;
		}
		return STATEMENT.matcher(this.span.name()).lookingAt() ? this.span.name() : "";
	}

	private String messaging() {
		return this.span.text("messaging.system", "message_bus.destination");
	}

	String destination() {
		String named = this.span.text("messaging.destination.name", "messaging.destination", "message_bus.destination");
		return named.isEmpty() ? "the topic" : Words.plain(named);
	}

	/**
	 * In a browser or on a phone, with a person before it, who takes their time. Other
	 * devices have an id as well.
	 */
	boolean browser() {
		Map<String, Object> resource = this.span.resource();
		return page() || PHONE.matcher(String.valueOf(resource.get("os.name"))).matches()
				|| resource.keySet().stream().anyMatch((key) -> PHONES_KEY.matcher(key).lookingAt());
	}

	/** Of the web. */
	boolean page() {
		return "webjs".equals(this.span.resource().get("telemetry.sdk.language"))
				|| this.span.resource().keySet().stream().anyMatch((key) -> key.startsWith("browser."));
	}

	boolean proxy() {
		return this.span.text("component").equals("proxy") || this.span.attributes().containsKey("upstream_cluster")
				|| this.span.attributes().containsKey("l5d.direction");
	}

	/** Whether it already asks for many at once. */
	boolean batch() {
		return !database().isEmpty() && (number(this.span.text("db.operation.batch.size")) > 1
				|| (INSERT.matcher(statement()).lookingAt()
						&& ROWS.matcher(this.span.text("db.rows_affected", "db.row_count", "rows_affected")).matches())
				|| BATCH.matcher(this.span.text("db.operation.name", "db.operation")).lookingAt()
				|| SEVERAL_ROWS.matcher(statement()).find());
	}

	/** It goes through all rows there are, and is as long as they are many. */
	boolean wholeTables() {
		if (database().isEmpty()) {
			return false;
		}
		String statement = statement();
		return WHOLE_TABLES.matcher(statement.isEmpty() ? this.span.name() : statement).lookingAt();
	}

	/** A piece into which a job divides its work, so as not to do all at once. */
	boolean chunk() {
		return CHUNK.matcher(spaced(this.span.name())).find();
	}

	/** Does the call only read, so that its order cannot matter to others? */
	boolean onlyReads() {
		if (!database().isEmpty()) {
			String what = (statement().isEmpty()
					? this.span.text("db.operation.name", "db.operation") + " " + this.span.name() : statement())
				.strip()
				.toLowerCase(Locale.ROOT);
			return what.startsWith("select") && !what.contains("for update") || what.matches("(h?m?get|find)\\b.*");
		}
		String method = method();
		if (!method.isEmpty() && this.span.text("rpc.system", "rpc.system.name").isEmpty()) {
			return method.equals("GET") || method.equals("HEAD")
					|| (method.equals("POST") && QUESTION.matcher(path()).find());
		}
		String called = this.span.text("rpc.method");
		String name = called.isEmpty() ? this.span.name() : called;
		if (GET.matcher(name).lookingAt()) {
			return true;
		}
		int last = Math.max(name.lastIndexOf('/'), name.lastIndexOf('.'));
		return READS.matcher(name.substring(last + 1)).find();
	}

	/** A request by which something is to be changed, as HTTP's methods say. */
	boolean changes() {
		return method().matches("POST|PUT|PATCH|DELETE") && this.span.text("rpc.system", "rpc.system.name").isEmpty();
	}

	/** A remote procedure whose name does not say that it changes something. */
	boolean mayOnlyRead() {
		String called = this.span.text("rpc.method");
		return !called.isEmpty() && !WRITES.matcher(called).lookingAt();
	}

	boolean asksForLeave() {
		return LEAVE.matcher(path()).find()
				|| LEAVE.matcher(this.span.text("rpc.service") + " " + this.span.text("rpc.method")).find();
	}

	String method() {
		return this.span.text("http.request.method", "http.method").toUpperCase(Locale.ROOT);
	}

	/** A name for people: what the span's own name lacks is added. */
	String title() {
		String name = Words.plain(this.span.name());
		if (!database().isEmpty()) {
			String summary = Words.plain(this.span.text("db.query.summary"));
			if (!summary.isEmpty()) {
				return Words.clip(summary, 80);
			}
			String statement = Words.plain(statement());
			return (name.contains(" ") || statement.isEmpty()) ? Words.clip(name, 80) : Words.clip(statement, 80);
		}
		String method = method();
		if (!method.isEmpty() && (name.equalsIgnoreCase(method) || name.equalsIgnoreCase("HTTP " + method))) {
			String path = path();
			return path.isEmpty() ? name : method + " " + Words.clip(path, 80);
		}
		return name.isEmpty() ? "(no name)" : Words.clip(name, 80);
	}

	String path() {
		String template = this.span.text("http.route", "url.template");
		if (!template.isEmpty()) {
			return Words.plain(template);
		}
		String url = this.span.text("url.full", "http.url", "http.request.url", "url.path", "http.target", "http.path",
				"url");
		if (url.isEmpty()) {
			Matcher name = REQUEST.matcher(this.span.name());
			url = name.matches() ? name.group(1) : "";
		}
		int query = url.indexOf('?');
		url = (query >= 0) ? url.substring(0, query) : url;
		int scheme = url.indexOf("://");
		if (scheme >= 0) {
			int slash = url.indexOf('/', scheme + 3);
			url = (slash >= 0) ? url.substring(slash) : "/";
		}
		return Words.plain(url);
	}

	/** The whole address, if it is given. */
	private String url() {
		return this.span.text("url.full", "http.url", "http.request.url", "url");
	}

	private String host() {
		// Of who asks, a server knows the address as well.
		for (String[] names : this.receives ? SERVER : PEER) {
			String host = this.span.text(names[0]);
			if (!host.isEmpty()) {
				String port = this.span.text(Arrays.copyOfRange(names, 1, names.length));
				return Words.plain((port.isEmpty() || host.contains(":")) ? host : host + ":" + port);
			}
		}
		try {
			String host = URI.create(url()).getHost();
			return Words.plain((host != null) ? host : "");
		}
		catch (IllegalArgumentException ex) {
			// Then nobody knows; the call is told by its name.
			return "";
		}
	}

	/** Who was asked, as far as the asking side knows. */
	String peer() {
		String service = this.span.text("peer.service", "service.peer.name");
		if (!service.isEmpty()) {
			return Words.plain(service);
		}
		if (!database().isEmpty()) {
			String name = this.span.text("db.namespace", "db.name", "db.instance");
			return Words.plain(name.isEmpty() ? database() : database() + " database " + name);
		}
		if (!messaging().isEmpty()) {
			return destination();
		}
		String host = host();
		return host.isEmpty() ? Words.plain(this.span.text("rpc.service")) : host;
	}

	private String quotes() {
		String database = this.database.toLowerCase(Locale.ROOT);
		return (database.contains("mysql") || database.contains("mariadb")) ? "'\"" : "'";
	}

	/** Calls of one shape ask the same of the same, with other values. */
	String shape() {
		if (!database().isEmpty()) {
			String statement = statement();
			String operation = this.span.text("db.query.summary", "db.operation.name", "db.operation");
			String what = isKeyValue() ? command(statement, operation)
					: !statement.isEmpty() ? Shapes.statement(statement, quotes())
							: operation.isEmpty() ? this.span.name() : operation + " " + this.span.name();
			return database() + " " + this.span.text("db.namespace", "db.name", "db.instance") + " " + what + " "
					+ this.span.text("db.collection.name", "db.sql.table", "db.mongodb.collection");
		}
		if (!messaging().isEmpty()) {
			return this.span.kind() + " " + destination();
		}
		String called = this.span.text("rpc.method");
		if (!called.isEmpty()) {
			return this.span.text("rpc.service") + "/" + called;
		}
		String method = method();
		if (method.isEmpty()) {
			return Shapes.path(this.span.name());
		}
		return method + " " + anyInstance(host()) + " " + Shapes.path(path());
	}

	boolean isKeyValue() {
		return cache() || database().matches("(aws\\.)?dynamodb");
	}

	/** It keeps for a while what others know for good. */
	boolean cache() {
		return database().matches("redis|memcached|valkey");
	}

	private String command(String statement, String operation) {
		String command = !operation.isEmpty() ? operation : !statement.isEmpty() ? statement : this.span.name();
		return command.strip().split("[\\s:]", 2)[0];
	}

	/**
	 * An address without a name is one instance of many: whoever turns to the next one
	 * asks the same again. Ports tell services on one machine apart.
	 */
	private static String anyInstance(String host) {
		return ADDRESS.matcher(host).replaceAll("{}");
	}

	/** Whom the call goes to, by the most exact address that it gives. */
	String server() {
		String url = url();
		int path = url.indexOf('/', url.indexOf("://") + 3);
		return anyInstance((path > 0) ? url.substring(0, path) : host());
	}

	/** The very same call, with the same values, as far as the span tells. */
	String target() {
		String statement = statement();
		String url = this.span.text("url.full", "http.url", "http.request.url", "http.target", "http.path", "url");
		StringBuilder target = new StringBuilder(nameOfAnyAttempt()).append(' ')
			.append(anyInstance(url))
			.append(' ')
			.append(statement);
		this.span.attributes().forEach((key, value) -> {
			if (key.startsWith("param.") || key.startsWith("db.query.parameter.") || key.startsWith("app.")
					|| key.startsWith("rpc.request.") || key.endsWith(".key")) {
				target.append(' ').append(key).append('=').append(value);
			}
		});
		return target.toString();
	}

	/** What it is called, whichever attempt it is. */
	String nameOfAnyAttempt() {
		return ATTEMPT.matcher(this.span.name()).replaceFirst("");
	}

	/** Whoever traces by hand has no kind for it, but a name. */
	boolean calledCall() {
		return CALL.matcher(this.span.name()).lookingAt();
	}

	/** It gives a task to whichever worker takes it. */
	boolean givesTask() {
		return TASK.matcher(this.span.name()).lookingAt();
	}

	/** A run of what builds and tests software. */
	boolean pipeline() {
		return this.span.attributes().keySet().stream().anyMatch((key) -> key.startsWith("cicd."));
	}

	boolean coldStart() {
		return this.span.text("faas.coldstart").equals("true");
	}

	/** What the span noted about waiting while it went on; empty if nothing. */
	String remark() {
		if (coldStart()) {
			return "cold start";
		}
		for (Span.Event event : this.span.events()) {
			String text = Words.plain(event.name() + " " + event.attributes().getOrDefault("message", ""));
			if (!event.name().equals("exception") && WAITING.matcher(text).find()) {
				return Words.clip(text, 120);
			}
		}
		return "";
	}

	/** 0 if it says none. */
	int httpStatus() {
		return number(this.span.text("http.response.status_code", "http.status_code", "http.status",
				"http.response.status", "response.status"));
	}

	/** A name whose words have spaces between them. */
	static String spaced(String name) {
		return WORDS.matcher(name).replaceAll(" ");
	}

	/** 0 if it is none, or has more than nine digits. */
	static int number(String text) {
		return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
	}

}
