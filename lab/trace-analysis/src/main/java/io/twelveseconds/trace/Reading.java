package io.twelveseconds.trace;

import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What one span says, whichever conventions it follows: those of OpenTelemetry before and
 * after they became stable, OpenTracing's tags, and what proxies and libraries write.
 */
final class Reading {

	/** How a piece of work ended, for whoever asked for it. */
	enum Outcome {

		FINE,

		/** An answer that may be all right: not found, refused, conflict, cancelled. */
		REFUSED,

		BROKEN

	}

	private static final Set<String> GRPC_BROKEN = Set.of("2", "4", "12", "13", "14", "15", "UNKNOWN",
			"DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS");

	private static final Pattern TIMEOUT = Pattern.compile(
			"time[sd]?[ _-]?out|deadline[ _]?((was|has|been) )*(exceeded|elapsed|expired|passed|reached)",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern POOL = Pattern.compile(
			"connection pool|hikaripool|from the pool|queuepool|pool (is )?(exhausted|empty)|poolexhausted"
					+ "|pooltimeout|acquir\\w+ (a )?connection|connection is not available|too many clients",
			Pattern.CASE_INSENSITIVE);

	/** That a pool gives nothing for lack of a server is the server's matter. */
	private static final Pattern REFUSED = Pattern.compile("refused|unreachable|\\btotal=0\\b",
			Pattern.CASE_INSENSITIVE);

	/** How libraries call it to get a connection from a pool. */
	private static final Pattern POOL_WAIT = Pattern
		.compile("\\w*(datasource|pool)\\w*[.:#](get|acquire|borrow|check ?out|connect|lease|obtain|wait)\\w*"
				+ "|\\b(acquir\\w+|check ?out|borrow\\w*|obtain\\w*|wait\\w*|leas\\w+)( (a|an|the|for|free|pooled|db|database|sql|jdbc))*"
				+ " connection\\b|\\bconnection (acqui\\w+|wait\\w*|checkout|borrow\\w*)\\b", Pattern.CASE_INSENSITIVE);

	/** A driver's own, which opens a connection and has none to hand out. */
	private static final Pattern DRIVER = Pattern.compile(
			"\\b(pg|postgres|mysql|mariadb|oracle|sqlserver|db2|h2|jdbc|simple|drivermanager)\\w*datasource\\b",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern BREAKER = Pattern.compile(
			"callnotpermitted|brokencircuit|circuitbreaker(open|error)|circuit[ -]?(breaker)?\\b.{0,60}\\bopen(ed)?\\b"
					+ "|\\bbreaker is open|eopenbreaker|\\bopen circuit|short-?circuited",
			Pattern.CASE_INSENSITIVE);

	/** Not that it opens: then this very call was made, and failed. */
	private static final Pattern BREAKER_EVENT = Pattern.compile(
			"(circuit|breaker)(?!.*half).*(open|reject(ed)?|not[._ -]?permitted|short[._ -]?circuit(ed)?)$",
			Pattern.CASE_INSENSITIVE);

	/** What libraries mark as errors although it is an ordinary answer. */
	private static final Pattern ORDINARY = Pattern
		.compile("redis: ?nil|no rows in result|not ?found|no ?such ?(key|element)|already exists|duplicate (key|entry)"
				+ "|unique constraint|conditionalcheckfailed|not modified|cache ?miss|noscript|could not obtain lock",
				Pattern.CASE_INSENSITIVE);

	/** Whoever asked does not want the answer any more. */
	private static final Pattern CANCELLED = Pattern.compile("cancell?ed|due to user request",
			Pattern.CASE_INSENSITIVE);

	/** The same, as the server notices it while it writes the answer. */
	private static final Pattern CALLER_LEFT = Pattern.compile("broken ?pipe|clientabort", Pattern.CASE_INSENSITIVE);

	/** What was asked cannot be; it is for the caller to ask for something else. */
	private static final Pattern CONSTRAINT = Pattern.compile("constraint", Pattern.CASE_INSENSITIVE);

	/** The same, if it is a person who has left the page. */
	private static final Pattern ABORTED = Pattern.compile("abort", Pattern.CASE_INSENSITIVE);

	/**
	 * If these are not found, something is wrong with the system and not with the
	 * question.
	 */
	private static final Pattern NEVER_MISSING = Pattern.compile(
			"enotfound|getaddrinfo|\\b(host|class|module|method|function|command|library|driver|table|relation|column)[ _-]?not[ _-]?found",
			Pattern.CASE_INSENSITIVE);

	/**
	 * Work that lasts by design: it waits for what may come. Words that as nouns name
	 * ordinary things as well (a watchlist, a customer's subscriptions) count as verbs
	 * only.
	 */
	private static final Pattern WAITS_BY_DESIGN = Pattern.compile(
			"event ?stream|\\bstream(ing)?\\b|\\bsubscribe\\b|^subscription\\b|\\bwatch\\b|long[ _-]?poll|web ?socket"
					+ "|^(GET )?/ws\\b|\\bsse\\b|\\bpoll\\b|\\breceive\\b|\\blisten\\b|server-sent|\\bheartbeat|\\btimer$|^timer:"
					+ "|\\bawait(ing)? (for )?(signal|event|approval|decision|callback)\\b"
					+ "|^((mqtt|amqp|tcp|ssh|quic|client) )?(connection|session)$",
			Pattern.CASE_INSENSITIVE);

	/** A parameter by which the caller asks the callee to wait for news. */
	private static final Pattern ASKS_TO_WAIT = Pattern.compile(
			"[?&]((watch|follow|stream)=(true|1)|wait=\\d|transport=(polling|longpolling|serversentevents|websockets?))"
					+ "|/(get)?(next|poll|updates?|events?|changes|messages?|jobs?|tasks?)[?]([^#]*&)?timeout=\\d",
			Pattern.CASE_INSENSITIVE);

	/** Commands that take what comes, and wait until it does. */
	private static final Pattern BLOCKS = Pattern
		.compile("^(B[LR]POP|BRPOPLPUSH|BL?MOVE|BL?MPOP|BZ\\w*POP\\w*)\\b|^XREAD.* BLOCK ", Pattern.CASE_INSENSITIVE);

	/** Under such names engines of workflows say what kind of work a span is. */
	private static final Pattern KIND_OF_WORK = Pattern.compile(
			"(state|element|task([_-]instance)?|activity|node|step)[._-]?(type|kind|operator|class)$",
			Pattern.CASE_INSENSITIVE);

	/** Kinds whose work is to wait: for a time, an event or a person. */
	private static final Pattern WAITING_KIND = Pattern.compile(
			"wait|timer|delay|sleep|pause|\\w*sensor(async)?|(user|manual|human|receive)[_ -]?task|\\w*catch[_ -]?event",
			Pattern.CASE_INSENSITIVE);

	/** Under such names stands how long, or until when, a message is to lie. */
	private static final Pattern HELD_BACK = Pattern.compile(
			"(^|[._-])(delay|countdown|eta|schedul\\w*|not[._-]?before|(deliver|run|perform|start)[._-]?(at|after))([._-](ms|millis\\w*|s|sec\\w*|time|at|for))?$",
			Pattern.CASE_INSENSITIVE);

	/** How those are asked for an answer who have a language model behind them. */
	private static final Pattern MODEL = Pattern.compile("/completions$|:(stream)?generateContent$|\\bInvokeModel",
			Pattern.CASE_INSENSITIVE);

	/** Where one word of a name ends and the next begins without a space. */
	private static final Pattern WORDS = Pattern.compile("_|(?<=[a-z])(?=[A-Z])");

	/**
	 * How waiting ends without anything being wrong: by its deadline, or with its
	 * connection.
	 */
	private static final Pattern WAITED_ENOUGH = Pattern
		.compile("cancell?ed|abort|reset|closed|disconnect|go ?away|\\beof\\b", Pattern.CASE_INSENSITIVE);

	/** Whoever says so has not refused: somebody did not answer them. */
	private static final Pattern NO_CONNECTION = Pattern
		.compile("econn(refused|reset)|connection (was |is )?(refused|reset)"
				+ "|(\\bnot |n[o\u2019']t |\\bun)able to connect|\\bnot possible to connect"
				+ "|(could|can)( ?not|n[\u2019']t) connect|no route to host", Pattern.CASE_INSENSITIVE);

	/** Whoever asks for less, or later, will get an answer. */
	private static final Pattern TOO_MUCH = Pattern.compile(
			"throttl|throughput ?exceed|\\brate ?(limit )?exceeded|too ?many ?requests|slow ?down",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern WAITING = Pattern
		.compile("\\b(un)?lock|\\bwait|\\bblocked|\\bqueued?\\b|\\bgc\\b|\\bpause", Pattern.CASE_INSENSITIVE);

	private static final Pattern READS = Pattern
		.compile("^(get|list|find|search|fetch|query|read|load|lookup|count|describe|check|calculate|recommend|quote)");

	/** What is asked is too long for a URL, and so it is posted. */
	private static final Pattern QUESTION = Pattern.compile(
			"/(_?m?search|query|lookup|find|availability|scores?|tax(es)?|rates?|calculate|estimate|quote|predict|eligibility)$",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern STATEMENT = Pattern.compile("(SELECT|INSERT|UPDATE|DELETE FROM)\\s"
			+ "|(?i:(db|sql)[.:_ ](query|statement|select|insert|update|delete|find|exec(ute)?))\\b");

	/** Says where in a long list the answer begins. */
	private static final Pattern PAGE = Pattern
		.compile("(^|[?&])((page([_-]?(number|no|num|index))?|offset|skip|start([_-]?(at|index))?)=\\d+"
				+ "|(cursor|after|start[_-]?after|marker|next|continue|(page|next|continuation)[_-]?(token|marker|cursor))=[^&]+)",
				Pattern.CASE_INSENSITIVE);

	private static final Pattern PAGE_OF_ROWS = Pattern.compile(
			"\\boffset\\s+[?$:@%1-9]|\\bfetch\\s+forward\\b|\\bwhere\\s+\\S+\\s*[<>]=?[^=]+\\border\\s+by\\b.+\\blimit\\b",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/** How databases call it to go on from where the last answer ended. */
	private static final Pattern CURSOR = Pattern.compile("[hsz]?scan|getmore|scroll", Pattern.CASE_INSENSITIVE);

	private static final Pattern BATCH = Pattern.compile("bulk|batch|m(ulti)?_?(get|set)\\b|pipeline",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern CHUNK = Pattern.compile("\\b(chunk|batch|page|slice)\\W*\\d*$",
			Pattern.CASE_INSENSITIVE);

	/** What migrations and nightly jobs are there for. */
	private static final Pattern WHOLE_TABLES = Pattern
		.compile("\\s*(create (unique )?index|alter table|reindex|vacuum|analyze|optimize table|copy|load data"
				+ "|refresh materialized view|create table \\S+ as|cluster)\\b", Pattern.CASE_INSENSITIVE);

	/** Of an event: it is the failure's own name, and all that is said of it. */
	private static final Pattern NAMES_FAILURE = Pattern.compile("\\w+(Exception|Error)");

	private static final Pattern STARTS_UP = Pattern.compile("init(iali[sz]ation)?|cold ?start",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern SLEEPS = Pattern.compile("^(sleep|wait|delay|pause|back ?off)\\b",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern ADDRESS = Pattern.compile("(?<![\\w.])\\d{1,3}(\\.\\d{1,3}){3}(?![\\w.])");

	/** From ten million bytes on. */
	private static final Pattern LARGE = Pattern.compile("\\d{8,15}");

	/** A transfer at this speed is not slow. */
	private static final long NANOS_PER_BYTE = 1_000;

	private final Span span;

	private final int httpStatus;

	private final String grpcStatus;

	final boolean receives;

	/** Asks somebody else: a client's span, or a statement that some library timed. */
	final boolean asks;

	final Outcome outcome;

	/** Why it failed, in the words of the span; empty if it did not. */
	final String problem;

	final boolean timedOut;

	final boolean breakerOpen;

	final boolean poolExhausted;

	/** Gets a connection from a pool, which takes long only if none is free. */
	final boolean poolWait;

	Reading(Span span) {
		this.span = span;
		this.httpStatus = number(span.text("http.response.status_code", "http.status_code"));
		this.grpcStatus = span.text("rpc.response.status_code", "rpc.grpc.status_code", "grpc.status_code");
		this.receives = span.kind() == Span.Kind.SERVER || span.kind() == Span.Kind.CONSUMER;
		this.poolWait = isPoolWait();
		// The database is not asked before there is a connection.
		this.asks = !this.poolWait && (span.kind() == Span.Kind.CLIENT || span.kind() == Span.Kind.PRODUCER
				|| (!this.receives && !database().isEmpty()));
		boolean marked = span.failed() || span.text("error").equalsIgnoreCase("true");
		boolean suspicious = marked || this.httpStatus >= 400
				|| !(this.grpcStatus.isEmpty() || this.grpcStatus.matches("0|OK"));
		String words = suspicious ? words() : "";
		String flags = span.text("response_flags", "envoy.response_flags");
		boolean pool = suspicious && POOL.matcher(words).find();
		this.poolExhausted = pool && !REFUSED.matcher(words).find();
		this.breakerOpen = (suspicious && BREAKER.matcher(words).find()) || flags.contains("UO") || saysOpen();
		this.timedOut = suspicious && !pool && !this.breakerOpen
				&& (this.httpStatus == 504 || this.httpStatus == 408 || this.grpcStatus.matches("4|DEADLINE_EXCEEDED")
						|| flags.contains("UT") || TIMEOUT.matcher(words).find());
		this.outcome = suspicious ? outcome(marked, words) : Outcome.FINE;
		this.problem = (this.outcome != Outcome.FINE) ? problem(words) : "";
	}

	private Outcome outcome(boolean marked, String words) {
		boolean waitedEnough = this.timedOut || this.grpcStatus.matches("1|14|CANCELLED|UNAVAILABLE")
				|| WAITED_ENOUGH.matcher(words).find();
		if (waitedEnough && waitsByDesign()) {
			return Outcome.FINE;
		}
		if (this.httpStatus >= 500) {
			return Outcome.BROKEN;
		}
		if (GRPC_BROKEN.contains(this.grpcStatus)) {
			return Outcome.BROKEN;
		}
		if (marked && NO_CONNECTION.matcher(words).find()) {
			return Outcome.BROKEN;
		}
		if (this.httpStatus >= 400 || !(this.grpcStatus.isEmpty() || this.grpcStatus.matches("0|OK"))) {
			// The server refused, as is its right; it is the caller that may suffer.
			// 499 is what servers note if their caller has left.
			return (marked || !this.receives || this.httpStatus == 499) ? Outcome.REFUSED : Outcome.FINE;
		}
		return isOrdinary(words) ? Outcome.REFUSED : Outcome.BROKEN;
	}

	/**
	 * Only an answer can be ordinary: it needs somebody who asked, and to whom it may be
	 * all right. A message that nobody else will look at has failed, whatever the reason.
	 */
	private boolean isOrdinary(String words) {
		boolean userLeft = (browser() && ABORTED.matcher(words).find())
				|| (this.receives && CALLER_LEFT.matcher(words).find());
		boolean forNobody = this.span.kind() == Span.Kind.CONSUMER || (this.span.parentId() == null && !this.asks);
		// Some clients call it cancelling when they themselves have waited too long.
		return ((userLeft || CANCELLED.matcher(words).find()) && !this.timedOut)
				|| (!forNobody && !NEVER_MISSING.matcher(words).find() && ORDINARY.matcher(words).find());
	}

	/** Everything that the span says about its failure. */
	private String words() {
		StringBuilder words = new StringBuilder(this.span.statusMessage());
		for (String name : new String[] { "error.type", "error.message", "exception.type", "exception.message",
				"otel.status_description", "error.object" }) {
			append(words, this.span.attribute(name));
		}
		for (Span.Event event : this.span.events()) {
			Map<String, Object> fields = event.attributes();
			if (NAMES_FAILURE.matcher(event.name()).matches()) {
				append(words, event.name());
			}
			boolean failure = event.name().equals("exception") || event.name().equals("error")
					|| "error".equals(String.valueOf(fields.get("level"))) || fields.containsKey("error")
					|| fields.containsKey("error.object");
			if (failure) {
				for (String name : new String[] { "exception.type", "exception.message", "error.kind", "error.object",
						"error", "message" }) {
					append(words, fields.get(name));
				}
			}
		}
		return Words.plain(words.toString());
	}

	private static void append(StringBuilder words, @Nullable Object more) {
		if (more != null && words.indexOf(more.toString()) < 0) {
			words.append(words.isEmpty() ? "" : ": ").append(more);
		}
	}

	private String problem(String words) {
		boolean says = !words.isBlank() && !words.matches("[1-5]\\d\\d|true|_OTHER");
		if (says) {
			return Words.clip(words, 160);
		}
		String flags = this.span.text("response_flags");
		if (flags.length() > 1) {
			return "Envoy's response flags " + flags + (flags.contains("UT") ? ", upstream timed out" : "");
		}
		return (this.httpStatus > 0) ? "HTTP " + this.httpStatus
				: !this.grpcStatus.isEmpty() ? "gRPC status " + this.grpcStatus : "";
	}

	private boolean isPoolWait() {
		boolean inner = this.span.kind() == Span.Kind.INTERNAL || this.span.kind() == Span.Kind.CLIENT
				|| this.span.kind() == Span.Kind.UNSPECIFIED;
		if (!inner || !statement().isEmpty() || !messaging().isEmpty() || !method().isEmpty()
				|| !this.span.text("rpc.system", "rpc.system.name").isEmpty()) {
			return false;
		}
		String name = this.span.name().replace('_', ' ');
		return !pool().isEmpty() || (POOL_WAIT.matcher(name).find() && !DRIVER.matcher(name).find());
	}

	/** The name of the pool that a connection is taken from; empty if nobody says. */
	String pool() {
		return Words.plain(this.span.text("db.client.connection.pool.name", "db.client.connections.pool.name"));
	}

	private boolean saysOpen() {
		for (Map.Entry<String, Object> attribute : this.span.attributes().entrySet()) {
			String key = attribute.getKey();
			if (key.contains("breaker") || key.contains("circuit")) {
				String value = String.valueOf(attribute.getValue()).toLowerCase(Locale.ROOT);
				if (value.matches("open|forced_open|rejected|not_permitted|short_circuited")
						|| (key.endsWith("open") && value.equals("true"))) {
					return true;
				}
			}
		}
		return this.span.events().stream().anyMatch((event) -> BREAKER_EVENT.matcher(event.name()).find());
	}

	/** What kind of database, cache or other store it asks; empty if none. */
	String database() {
		String system = this.span.text("db.system.name", "db.system", "db.type");
		return (system.isEmpty() && !statement().isEmpty()) ? "database" : system;
	}

	/** Who traces by hand often says no more than the name. */
	private String statement() {
		String text = this.span.text("db.query.text", "db.statement", "sql.query");
		return (text.isEmpty() && STATEMENT.matcher(this.span.name()).lookingAt()) ? this.span.name() : text;
	}

	private String messaging() {
		return this.span.text("messaging.system", "message_bus.destination");
	}

	String destination() {
		String named = this.span.text("messaging.destination.name", "messaging.destination", "message_bus.destination");
		return named.isEmpty() ? "the topic" : Words.plain(named);
	}

	/** A language model at work, but not the tools that it asks for. */
	boolean model() {
		boolean says = this.span.attributes()
			.keySet()
			.stream()
			.anyMatch((key) -> key.startsWith("gen_ai.") || key.startsWith("llm."))
				|| MODEL.matcher(method().isEmpty() ? this.span.text("rpc.method") : path()).find();
		return says && !this.span.text("gen_ai.operation.name").equals("execute_tool");
	}

	/** In a browser or on a phone, with a person before it, who takes their time. */
	boolean browser() {
		Object language = this.span.resource().get("telemetry.sdk.language");
		return "webjs".equals(language) || this.span.resource()
			.keySet()
			.stream()
			.anyMatch((key) -> key.startsWith("browser.") || key.startsWith("device."));
	}

	boolean proxy() {
		return this.span.text("component").equals("proxy") || this.span.attributes().containsKey("upstream_cluster");
	}

	boolean waitsByDesign() {
		String operation = this.span.text("messaging.operation.type", "messaging.operation");
		return operation.equals("receive") || this.httpStatus == 101
				|| this.span.text("http.response.header.content-type").contains("text/event-stream")
				|| ASKS_TO_WAIT.matcher(this.span.text("url.full", "http.url", "http.target")).find() || isWaitingKind()
				|| (isKeyValue() && BLOCKS.matcher(statement().isEmpty() ? this.span.name() : statement()).find())
				|| WAITS_BY_DESIGN
					.matcher(WORDS.matcher(database().isEmpty() ? title() : this.span.name()).replaceAll(" "))
					.find();
	}

	private boolean isWaitingKind() {
		for (Map.Entry<String, Object> attribute : this.span.attributes().entrySet()) {
			String key = attribute.getKey();
			boolean kind = key.endsWith("type") || key.endsWith("kind") || key.endsWith("class")
					|| key.endsWith("operator");
			if (kind && KIND_OF_WORK.matcher(key).find()
					&& WAITING_KIND.matcher(attribute.getValue().toString()).matches()) {
				return true;
			}
		}
		return false;
	}

	/** Whether whoever handed it over wanted it to lie until about then. */
	boolean heldBack(long handedOver, long taken) {
		return this.span.attributes()
			.entrySet()
			.stream()
			.filter((attribute) -> HELD_BACK.matcher(attribute.getKey()).find())
			.flatMap((attribute) -> (attribute.getValue() instanceof List<?> values) ? values.stream()
					: Stream.of(attribute.getValue()))
			.anyMatch((value) -> isTime(String.valueOf(value), handedOver, taken));
	}

	/** A moment, or a time in seconds or milliseconds; which of them, nobody says. */
	private static boolean isTime(String text, long handedOver, long taken) {
		if (text.matches("\\d{1,14}([.]0+)?")) {
			double number = Double.parseDouble(text);
			return DoubleStream.of(1e6, 1e9)
				.map((unit) -> number * unit)
				.anyMatch((time) -> isAbout(time, taken) || isAbout(handedOver + time, taken));
		}
		try {
			Instant due = OffsetDateTime.parse(text).toInstant();
			return isAbout(due.getEpochSecond() * 1e9 + due.getNano(), taken);
		}
		catch (DateTimeParseException ex) {
			// Then it says something else.
			return false;
		}
	}

	private static boolean isAbout(double due, long taken) {
		return Math.abs(taken - due) <= Limits.QUEUE;
	}

	/** More than one message goes the same way, as they come, or one that is large. */
	boolean transfers() {
		return isLarge() || this.span.events().stream().anyMatch((event) -> {
			Object id = event.attributes().getOrDefault("rpc.message.id", event.attributes().get("message.id"));
			return id != null && number(id.toString()) > 1;
		});
	}

	/** So many bytes take their time. */
	private boolean isLarge() {
		long nanos = this.span.duration().toNanos();
		return nanos >= Limits.GAP && Stream
			.of("http.request.body.size", "http.response.body.size", "http.request_content_length",
					"http.response_content_length")
			.map(this.span::text)
			.anyMatch((bytes) -> LARGE.matcher(bytes).matches() && Long.parseLong(bytes) >= nanos / NANOS_PER_BYTE);
	}

	/**
	 * Which page of many it asks for; empty if for none. Where the span does not say
	 * which one, it is not the same as any other's.
	 */
	String page() {
		Matcher page = PAGE.matcher(this.span.text("url.full", "http.url", "http.target", "url.query"));
		if (page.find()) {
			return page.group();
		}
		boolean next = !database().isEmpty() && (PAGE_OF_ROWS.matcher(Words.clip(statement(), 2000)).find()
				|| CURSOR.matcher(this.span.text("db.operation.name", "db.operation")).matches());
		return next ? this.span.id() : "";
	}

	/** Whether it already asks for many at once. */
	boolean batch() {
		return !database().isEmpty() && (number(this.span.text("db.operation.batch.size")) > 1
				|| BATCH.matcher(this.span.text("db.operation.name", "db.operation")).lookingAt());
	}

	/** It goes through all rows there are, and is as long as they are many. */
	boolean wholeTables() {
		return !database().isEmpty() && WHOLE_TABLES.matcher(statement()).lookingAt();
	}

	/** A piece into which a job divides its work, so as not to do all at once. */
	boolean chunk() {
		return CHUNK.matcher(WORDS.matcher(this.span.name()).replaceAll(" ")).find();
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
		return READS.matcher(name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT)).find();
	}

	private String method() {
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

	private String path() {
		String template = this.span.text("http.route", "url.template");
		if (!template.isEmpty()) {
			return Words.plain(template);
		}
		String url = this.span.text("url.full", "http.url", "url.path", "http.target");
		int query = url.indexOf('?');
		url = (query >= 0) ? url.substring(0, query) : url;
		int scheme = url.indexOf("://");
		if (scheme >= 0) {
			int slash = url.indexOf('/', scheme + 3);
			url = (slash >= 0) ? url.substring(slash) : "/";
		}
		return Words.plain(url);
	}

	private String host() {
		String host = this.span.text("server.address", "net.peer.name", "peer.hostname", "http.host",
				"network.peer.address", "net.peer.ip", "peer.address");
		if (host.isEmpty()) {
			try {
				String ofUrl = URI.create(this.span.text("url.full", "http.url")).getHost();
				host = (ofUrl != null) ? ofUrl : "";
			}
			catch (IllegalArgumentException ex) {
				// Then nobody knows; the call is told by its name.
			}
		}
		String port = this.span.text("server.port", "net.peer.port", "network.peer.port", "peer.port");
		return Words.plain((host.isEmpty() || port.isEmpty() || host.contains(":")) ? host : host + ":" + port);
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

	/** Calls of one shape ask the same of the same, with other values. */
	String shape() {
		if (!database().isEmpty()) {
			String statement = statement();
			String operation = this.span.text("db.query.summary", "db.operation.name", "db.operation");
			String what = isKeyValue() ? command(statement, operation)
					: !statement.isEmpty() ? Shapes.statement(statement)
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

	private boolean isKeyValue() {
		return database().matches("redis|memcached|valkey|dynamodb|aws\\.dynamodb");
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

	/** The very same call, with the same values, as far as the span tells. */
	String target() {
		String statement = statement();
		String url = this.span.text("url.full", "http.url", "http.target");
		StringBuilder target = new StringBuilder(this.span.name()).append(' ')
			.append(anyInstance(url))
			.append(' ')
			.append(statement);
		this.span.attributes().forEach((key, value) -> {
			if (key.startsWith("param.") || key.startsWith("db.query.parameter.") || key.startsWith("app.")
					|| key.startsWith("rpc.request.")) {
				target.append(' ').append(key).append('=').append(value);
			}
		});
		return target.toString();
	}

	int httpStatus() {
		return this.httpStatus;
	}

	/** Failed in a way that makes it sensible to ask once more. */
	boolean mayBeTriedAgain() {
		return this.outcome == Outcome.BROKEN || this.timedOut || this.httpStatus == 429
				|| this.grpcStatus.matches("8|10|RESOURCE_EXHAUSTED|ABORTED") || TOO_MUCH.matcher(this.problem).find();
	}

	boolean saysNoStatus() {
		return this.httpStatus == 0 && this.grpcStatus.isEmpty();
	}

	/** Whether it tells its caller that it will not do what was asked. */
	boolean refuses() {
		boolean refusal = this.httpStatus >= 400 || !(saysNoStatus() || this.grpcStatus.matches("|0|OK"));
		return this.receives && refusal && this.outcome != Outcome.BROKEN;
	}

	/** Whether this is a reason to refuse: own work, or what the database says of it. */
	boolean mayBeRefused() {
		return !this.asks || (!database().isEmpty() && CONSTRAINT.matcher(this.problem).find());
	}

	/** Own work that tells nothing of how it ended. */
	boolean saysNothing() {
		return this.span.kind().ordinal() <= Span.Kind.INTERNAL.ordinal() && !this.asks && saysNoStatus()
				&& this.span.status() == Span.Status.UNSET && this.outcome == Outcome.FINE;
	}

	/** A run of what builds and tests software. */
	boolean pipeline() {
		return this.span.attributes().keySet().stream().anyMatch((key) -> key.startsWith("cicd."));
	}

	/** That of a process which was not there yet; a platform takes its time for it. */
	boolean startsUp() {
		return this.span.duration().toNanos() < Limits.COLD_START && STARTS_UP.matcher(this.span.name()).matches();
	}

	boolean coldStart() {
		return this.span.text("faas.coldstart").equals("true");
	}

	/** It says by its name that it does nothing. */
	boolean sleeps() {
		return SLEEPS.matcher(this.span.name()).find();
	}

	/** Whether what a span noted tells of a pool that had nothing free. */
	static boolean tellsOfPool(String remark) {
		return POOL.matcher(remark).find();
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

	private static int number(String text) {
		return text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
	}

}
