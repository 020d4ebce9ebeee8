package io.twelveseconds.trace;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** How a span's work ended, in whatever way it says so. */
final class Ending {

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
			"(?<!some)time(d?[ _-]?outs?|s[ _-]?out(?! of\\b))(?!put|come|side|line|look|break|age|let| must| should)|deadline[ _]?((was|has|been) )*(exceeded|elapsed|expired|passed|reached)"
					+ "|(gave|given) up waiting|waited too long|no (answer|reply|response) (in time|within|after)",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern POOL = Pattern
		.compile("connection pool|hikaripool|from the pool|queuepool|pool (is )?(exhausted|empty)|poolexhausted"
				+ "|pooltimeout|acquir\\w+ (a )?connection|connection is not available|too many clients"
				+ "|timeout exceeded when trying to connect|no (free|idle) (connection|socket|client)"
				+ "|wait\\w* for (a )?(free |idle )connection", Pattern.CASE_INSENSITIVE);

	/** That a pool gives nothing for lack of a server is the server's matter. */
	private static final Pattern REFUSED = Pattern.compile("refused|unreachable|\\btotal=0\\b",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern BREAKER = Pattern.compile(
			"callnotpermitted|brokencircuit|circuitbreaker(open|error)|circuit[ -]?(breaker)?\\b.{0,60}\\bopen(ed)?\\b"
					+ "|\\bbreaker is open|eopenbreaker|\\bopen circuit|short-?circuited",
			Pattern.CASE_INSENSITIVE);

	/** Thrown for no other reason, wherever it is written down. */
	private static final Pattern NOT_CALLED = Pattern.compile(
			"CallNotPermittedException|BrokenCircuitException|OpenCircuitException|CircuitBreaker '[^']*' is (FORCED_)?OPEN|\\bcircuit breaker is open\\b|\\bfuse\\b.{0,40}\\bblown\\b");

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

	/** The same, if it is a person who has left the page. */
	private static final Pattern ABORTED = Pattern.compile("abort", Pattern.CASE_INSENSITIVE);

	/** What was asked cannot be; it is for the caller to ask for something else. */
	private static final Pattern CONSTRAINT = Pattern.compile("constraint", Pattern.CASE_INSENSITIVE);

	/**
	 * If these are not found, something is wrong with the system and not with the
	 * question.
	 */
	private static final Pattern NEVER_MISSING = Pattern.compile(
			"enotfound|getaddrinfo|\\b(host|class|module|method|function|command|library|driver|table|view|relation|column)[ _-]?not[ _-]?found",
			Pattern.CASE_INSENSITIVE);

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

	private static final Set<String> NO_ERROR = Set.of("", "false", "0", "no", "none", "null");

	private static final Set<String> NO = Set.of("false", "0", "no");

	private static final Pattern SUCCESS = Pattern.compile("(^|[.])(is[_-]?)?(ok|success|succeeded|successful)$",
			Pattern.CASE_INSENSITIVE);

	private static final Set<String> FAILED = Set.of("error", "failed", "failure", "exception", "crashed", "timeout",
			"timed out", "timed_out");

	private static final Pattern RESULT = Pattern.compile("(^|[._-])(result|outcome|status|state)$",
			Pattern.CASE_INSENSITIVE);

	/** What a person would say, and not a word that a program goes by. */
	private static final Pattern SAYS_FAILED = Pattern.compile(
			"^(failed|failure|error)\\b|\\b(could|can) ?not\\b|\\bcouldn'?t\\b|\\bunable to\\b|\\b(gave|given) up\\b|\\bnot possible\\b");

	/** The levels of a log above news. */
	private static final Set<String> LOUD = Set.of("warn", "warning", "error");

	private static final Pattern NOTED_FAILURE = Pattern
		.compile("\\bfail(ed|ure|s)?\\b|\\b(could|can) ?not\\b|\\bunable to\\b", Pattern.CASE_INSENSITIVE);

	/** Of a program; under any other name it may be in HTTP's way. */
	private static final Pattern EXIT_CODE = Pattern.compile("-?0{0,2}[1-9]\\d{0,2}");

	private static final Pattern RETURN_CODE = Pattern.compile("-?0?[1-9]\\d?|1\\d\\d|5\\d\\d");

	private static final Pattern EXIT = Pattern.compile("(^|[._-])exit[._-]?(code|status)$", Pattern.CASE_INSENSITIVE);

	private static final Pattern RETURN = Pattern.compile("(^|[._-])(return[._-]?code|rc)$", Pattern.CASE_INSENSITIVE);

	/** Of the parts of an answer or of a batch, so many failed. */
	private static final Pattern FAILED_PARTS = Pattern.compile(
			"graphql[._]errors?[._]count|.*\\bfailed[._-]?(record|message|entry|entries|item|document|row)s?[._-]?count",
			Pattern.CASE_INSENSITIVE);

	/** Of an event: it is the failure's own name, and all that is said of it. */
	private static final Pattern NAMES_FAILURE = Pattern.compile("\\w+(Exception|Error)");

	private final Span span;

	private final Reading reading;

	private final LongByDesign byDesign;

	private final int httpStatus;

	private final String grpcStatus;

	/** Envoy's, of what was wrong with a request. */
	private final String flags;

	/** An attribute of its own by which it says that it failed; empty if none. */
	private final String ownWord;

	final Outcome outcome;

	/** Why it failed, in the words of the span; empty if it did not. */
	final String problem;

	/** What left it without being marked as its failure; empty if nothing did. */
	final String thrown;

	final boolean timedOut;

	final boolean breakerOpen;

	final boolean poolExhausted;

	/** Envoy and its like say so of a request that its caller has dropped. */
	final boolean callerLeft;

	Ending(Span span, Reading reading, LongByDesign byDesign) {
		this.span = span;
		this.reading = reading;
		this.byDesign = byDesign;
		this.httpStatus = reading.httpStatus();
		this.grpcStatus = span.text("rpc.response.status_code", "rpc.grpc.status_code", "grpc.status_code");
		this.ownWord = (span.status() != Span.Status.OK) ? ownWord(span.attributes()) : "";
		boolean marked = span.failed() || saysError() || !this.ownWord.isEmpty();
		boolean suspicious = !reading.partOfAnswer() && (marked || saysFailure());
		String words = suspicious ? words() : "";
		this.flags = span.text("response_flags", "envoy.response_flags");
		this.callerLeft = this.flags.contains("DC");
		boolean pool = suspicious && (reading.poolWait || POOL.matcher(words).find());
		this.poolExhausted = pool && !REFUSED.matcher(words).find();
		this.breakerOpen = (suspicious && BREAKER.matcher(words).find()) || this.flags.contains("UO") || saysOpen();
		this.timedOut = suspicious && !pool && !this.breakerOpen
				&& (this.httpStatus == 504 || this.httpStatus == 408 || this.grpcStatus.matches("4|DEADLINE_EXCEEDED")
						|| this.flags.contains("UT") || TIMEOUT.matcher(words).find());
		this.outcome = suspicious ? outcome(marked, words) : Outcome.FINE;
		this.problem = (this.outcome != Outcome.FINE) ? problem(words) : "";
		this.thrown = (this.outcome == Outcome.FINE && threw()) ? problem(words()) : "";
	}

	private Outcome outcome(boolean marked, String words) {
		boolean waitedEnough = this.timedOut || this.grpcStatus.matches("1|14|CANCELLED|UNAVAILABLE")
				|| WAITED_ENOUGH.matcher(words).find();
		if (waitedEnough && this.byDesign.waits()) {
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
		// A search index has no clients that it could tell to ask less; it is overrun.
		if (marked && this.httpStatus == 429 && !this.reading.database().isEmpty()) {
			return Outcome.BROKEN;
		}
		if (saysFailure()) {
			// The server refused, as is its right; it is the caller that may suffer.
			// 499 is what servers note if their caller has left.
			return (marked || !this.reading.receives || this.httpStatus == 499) ? Outcome.REFUSED : Outcome.FINE;
		}
		return isOrdinary(words) ? Outcome.REFUSED : Outcome.BROKEN;
	}

	/**
	 * Only an answer can be ordinary: it needs somebody who asked, and to whom it may be
	 * all right. A message that nobody else will look at has failed, whatever the reason.
	 */
	private boolean isOrdinary(String words) {
		boolean userLeft = (this.reading.browser() && ABORTED.matcher(words).find())
				|| (this.reading.receives && CALLER_LEFT.matcher(words).find());
		boolean forNobody = this.span.kind() == Span.Kind.CONSUMER
				|| (this.span.parentId() == null && !this.reading.asks);
		// Some clients call it cancelling when they themselves have waited too long.
		return ((userLeft || (!forNobody && CANCELLED.matcher(words).find())) && !this.timedOut)
				|| (!forNobody && !NEVER_MISSING.matcher(words).find() && ORDINARY.matcher(words).find());
	}

	/** Everything that the span says about its failure. */
	private String words() {
		StringBuilder words = new StringBuilder(this.span.statusMessage());
		append(words, this.ownWord);
		String error = this.span.text("error");
		append(words, error.equalsIgnoreCase("true") ? null : error);
		for (String name : new String[] { "error.type", "error.class", "error.message", "error.msg", "exception.type",
				"exception.message", "otel.status_description", "error.object" }) {
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

	/** Who traces by hand often has a word of their own for it, and sets no status. */
	private static String ownWord(Map<String, Object> attributes) {
		for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
			String value = attribute.getValue().toString().toLowerCase(Locale.ROOT);
			String name = attribute.getKey();
			boolean failed = NO.contains(value) ? SUCCESS.matcher(name).find()
					: (EXIT_CODE.matcher(value).matches() && EXIT.matcher(name).find())
							|| (RETURN_CODE.matcher(value).matches() && RETURN.matcher(name).find())
							|| (RESULT.matcher(name).find()
									&& (FAILED.contains(value) || SAYS_FAILED.matcher(value).find()));
			if (failed || (value.matches("[1-9]\\d{0,8}") && FAILED_PARTS.matcher(name).matches())) {
				return name + "=" + attribute.getValue();
			}
		}
		return "";
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
		if (this.flags.length() > 1) {
			return "Envoy's response flags " + this.flags + (this.flags.contains("UT") ? ", upstream timed out" : "");
		}
		return (this.httpStatus > 0) ? "HTTP " + this.httpStatus
				: !this.grpcStatus.isEmpty() ? "gRPC status " + this.grpcStatus : "";
	}

	/**
	 * In Zipkin's way by what went wrong, in X-Ray's by whose fault it was, in New
	 * Relic's and Datadog's by what was thrown.
	 */
	private boolean saysError() {
		return !NO_ERROR.contains(this.span.text("error").toLowerCase(Locale.ROOT))
				|| this.span.text("fault").equalsIgnoreCase("true")
				|| !this.span.text("error.class", "error.message", "error.msg").isEmpty();
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
			if (notCalled(attribute.getValue())) {
				return true;
			}
		}
		return this.span.events()
			.stream()
			.anyMatch((event) -> BREAKER_EVENT.matcher(event.name()).find() || notCalled(event.name())
					|| event.attributes().values().stream().anyMatch(Ending::notCalled));
	}

	private static boolean notCalled(Object said) {
		return said instanceof String text && NOT_CALLED.matcher(text).find();
	}

	/** The problem as an aside; empty if there is none. */
	String quoted() {
		return this.problem.isEmpty() ? "" : " (" + this.problem + ")";
	}

	int httpStatus() {
		return this.httpStatus;
	}

	/** Failed in a way that makes it sensible to ask once more. */
	boolean mayBeTriedAgain() {
		return this.outcome == Outcome.BROKEN || this.timedOut || this.httpStatus == 429
				|| this.grpcStatus.matches("8|10|RESOURCE_EXHAUSTED|ABORTED") || TOO_MUCH.matcher(this.problem).find();
	}

	private boolean saysFailure() {
		return this.httpStatus >= 400
				|| !(this.grpcStatus.isEmpty() || this.grpcStatus.equals("0") || this.grpcStatus.equals("OK"));
	}

	/** The callee knows of no such method, which is no fault of this call. */
	boolean notImplemented() {
		return this.grpcStatus.matches("12|UNIMPLEMENTED");
	}

	boolean saysNoStatus() {
		return this.httpStatus == 0 && this.grpcStatus.isEmpty();
	}

	/** Whether it tells its caller that it will not do what was asked. */
	boolean refuses() {
		return this.reading.receives && saysFailure() && this.outcome != Outcome.BROKEN;
	}

	/** Whether this is a reason to refuse: own work, or what the database says of it. */
	boolean mayBeRefused() {
		return !this.reading.asks || (!this.reading.database().isEmpty() && CONSTRAINT.matcher(this.problem).find());
	}

	/** It may not do this; nobody else will let it, either. */
	boolean forbidden() {
		return this.outcome == Outcome.REFUSED && (this.httpStatus == 401 || this.httpStatus == 403
				|| this.grpcStatus.matches("7|16|PERMISSION_DENIED|UNAUTHENTICATED"));
	}

	/** It noted on its way, as more than news, that something did not work. */
	boolean notesFailure() {
		return this.span.events().stream().anyMatch((event) -> {
			Map<String, Object> fields = event.attributes();
			return LOUD.contains(String.valueOf(fields.get("level")).toLowerCase(Locale.ROOT))
					&& NOTED_FAILURE.matcher(fields.getOrDefault("message", event.name()).toString()).find();
		});
	}

	/** An exception went through it, whatever its status says. */
	private boolean threw() {
		return this.span.status() == Span.Status.UNSET && this.span.events()
			.stream()
			.anyMatch((event) -> event.name().equals("exception")
					&& "true".equals(String.valueOf(event.attributes().get("exception.escaped"))));
	}

	/** Own work that tells nothing of how it ended. */
	boolean saysNothing() {
		return this.span.ownWork() && !this.reading.asks && saysNoStatus() && this.span.status() == Span.Status.UNSET
				&& this.outcome == Outcome.FINE;
	}

	/** Whether what a span noted tells of a pool that had nothing free. */
	static boolean tellsOfPool(String remark) {
		return POOL.matcher(remark).find();
	}

}
