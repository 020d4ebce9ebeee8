package io.twelveseconds.trace;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Why a span may last long without anything being wrong, as far as it says so itself.
 */
final class LongByDesign {

	/**
	 * Work that lasts by design: it waits for what may come. Words that as nouns name
	 * ordinary things as well (a watchlist, a customer's subscriptions) count as verbs
	 * only.
	 */
	private static final Pattern WAITS_BY_DESIGN = Pattern.compile(
			"event ?stream|\\bstream(ing)?\\b|\\bsubscribe\\b|^subscription\\b|\\bwatch\\b|long[ _-]?poll|web ?socket"
					+ "|^(GET )?/ws\\b|\\bsse\\b|\\bpoll\\b|\\breceive\\b|\\blisten\\b|server-sent|\\bheartbeat|\\btimer$|\\bworkflow[. ]sleep\\b|\\bleader ?election\\b"
					+ "|\\bidle\\b|\\boffline\\b|\\bwait(ing)? for (the |a |more )?(user|person|human|input|click|player|guest|customer|visitor|passenger|patient|doctor|nurse|operator|driver)s?\\b"
					+ "|\\bawait (person|human|card ?holder)\\b"
					+ "|\\b(user|guest|customer|visitor|player|reader|person|operator) (chooses|decides|thinks|types|reads|selects|picks|signs|confirms)\\b"
					+ "|\\ba?wait(ing)? (for )?(signal|event|approval|decision|callback|change|update|notification)s?\\b"
					+ "|^((mqtt|amqp|tcp|ssh|quic|client) )?(connection|session|socket)( of (a|an|the) \\w+| \\S*\\d\\S*)?$",
			Pattern.CASE_INSENSITIVE);

	/** Who posts does not ask for news: in such a path the words mean something else. */
	private static final Pattern NEWS = Pattern.compile("\\b(watch|poll|receive|listen|idle|offline)\\b",
			Pattern.CASE_INSENSITIVE);

	/**
	 * As it is written: with its words apart, {@code TimerSheet} would be one as well.
	 */
	private static final Pattern TIMER = Pattern.compile("timer[: ]", Pattern.CASE_INSENSITIVE);

	/** A parameter by which the caller asks the callee to wait for news. */
	private static final Pattern ASKS_TO_WAIT = Pattern.compile(
			"[?&]((watch|follow|stream)=(true|1)|wait=\\d|transport=(polling|longpolling|serversentevents|websockets?))"
					+ "|/(get)?(next|poll|updates?|events?|changes|messages?|jobs?|tasks?)[?]([^#]*&)?timeout=\\d",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern TIME = Pattern.compile("\\b(\\d{1,6}) ?(ms|s|min)\\b");

	private static final Pattern LIMIT = Pattern.compile("time ?out|limit|max|within|deadline",
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
			"wait|timer|delay|sleep|pause|input|approval|\\w*sensor(async)?|(user|manual|human|receive)[_ -]?task|\\w*catch[_ -]?event",
			Pattern.CASE_INSENSITIVE);

	/** Under such names stands how long, or until when, a message is to lie. */
	private static final Pattern HELD_BACK = Pattern.compile(
			"(^|[._-])(delay|countdown|eta|schedul\\w*|not[._-]?before|(deliver|run|perform|start)[._-]?(at|after|in))([._-](ms|millis\\w*|s|sec\\w*|time|at|for))?$",
			Pattern.CASE_INSENSITIVE);

	/**
	 * Under such names stands how long at most whoever works in batches lets one grow.
	 */
	private static final Pattern INTERVAL = Pattern.compile(
			"(^|[._-])(flush|batch|linger|window|trigger)([._-](interval|period|time|duration))?[._-](ms|millis\\w*|s|sec\\w*)$",
			Pattern.CASE_INSENSITIVE);

	/** How those are asked for an answer who have a language model behind them. */
	private static final Pattern MODEL = Pattern.compile("/completions$|:(stream)?generateContent$|\\bInvokeModel",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern STARTS_APPLICATION = Pattern.compile(
			"\\b(application|app|service|server|context|process)[. ]?(start(ed|ing|up)?|boot(strap)?)$|^(start ?up|boot)$",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern PREPARES_FUNCTION = Pattern.compile("init(iali[sz]ation)?|cold ?start",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern SLEEPS = Pattern.compile("^(sleep|wait|delay|pause|back ?off)\\b",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern PAUSES_BEFORE_RETRY = Pattern.compile(
			"\\bback ?off\\b|\\bretry (delay|wait|pause|sleep)\\b|\\b(sleep|wait|delay|pause)\\w* (before|until) (the )?(next )?(retry|attempt|try)",
			Pattern.CASE_INSENSITIVE);

	/** As something happens; that one is throttled may be somebody else's doing. */
	private static final Pattern PACES = Pattern.compile("\\brate[ _-]?limiter\\b|\\bpac(e|ing)\\b",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern KEEPS_TO_RATE = Pattern.compile("\\brate ?limit|\\bthrottl|\\bpac(e|ing)\\b",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern BY_CLOCK = Pattern.compile("cron|schedule|timer", Pattern.CASE_INSENSITIVE);

	private static final Pattern SCHEDULED = Pattern.compile("(^|[._-])(cron(job)?|schedule)([._-]|$)");

	/** What a library does that waits for a task which it has handed over. */
	private static final Pattern AWAITS = Pattern.compile("\\b(get|wait|await|join|result)\\b",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern SIZE = Pattern.compile("(^|[._-])(body[._]size|content[._-]length)$"
			+ "|^((size[._-])?bytes|bytes[._-](read|written|sent|received)|(upload|download|file|object|payload|blob|layer|image|archive|artifact|attachment|backup)[._-](size|bytes))$");

	/** From ten million bytes on. */
	private static final Pattern LARGE = Pattern.compile("\\d{8,15}");

	/** A transfer at this speed is not slow. */
	private static final long NANOS_PER_BYTE = 1_000;

	private final Span span;

	private final Reading reading;

	LongByDesign(Span span, Reading reading) {
		this.span = span;
		this.reading = reading;
	}

	/** For what may come: news, a moment, a person. */
	boolean waits() {
		String operation = this.span.text("messaging.operation.type", "messaging.operation");
		return operation.equals("receive") || this.reading.httpStatus() == 101
				|| this.span.text("http.response.header.content-type").contains("text/event-stream")
				|| ASKS_TO_WAIT.matcher(this.span.text("url.full", "http.url", "http.target")).find() || isWaitingKind()
				|| blocks() || lastsAsNamed() || TIMER.matcher(this.span.name()).lookingAt()
				|| WAITS_BY_DESIGN.matcher(titled()).find();
	}

	private String titled() {
		String title = Reading.spaced(this.reading.database().isEmpty() ? this.reading.title() : this.span.name());
		return this.reading.changes() ? NEWS.matcher(title).replaceAll("") : title;
	}

	/** Its name says how long it is to last, which is no limit of it. */
	private boolean lastsAsNamed() {
		Matcher named = TIME.matcher(this.span.name());
		if (!named.find() || LIMIT.matcher(this.span.name()).find()) {
			return false;
		}
		double unit = switch (named.group(2)) {
			case "ms" -> 1e6;
			case "s" -> 1e9;
			default -> 60e9;
		};
		double meant = Double.parseDouble(named.group(1)) * unit;
		long took = this.span.duration().toNanos();
		return took >= meant * 0.99 && took <= meant * 1.05;
	}

	private boolean blocks() {
		String statement = this.reading.statement();
		return this.reading.isKeyValue() && BLOCKS.matcher(statement.isEmpty() ? this.span.name() : statement).find();
	}

	/** Whether its kind of work is to wait. */
	boolean isWaitingKind() {
		for (Map.Entry<String, Object> attribute : this.span.attributes().entrySet()) {
			String key = attribute.getKey();
			if (key.endsWith("resource") && attribute.getValue().toString().endsWith(".waitForTaskToken")) {
				return true;
			}
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
			.anyMatch((value) -> isTime(String.valueOf(value), handedOver, taken)) || isInBatch(taken - handedOver);
	}

	private boolean isInBatch(long waited) {
		OptionalLong interval = interval();
		return interval.isPresent() && waited <= interval.getAsLong() + Limits.QUEUE;
	}

	/** Whether it says that this is how long it lets a batch grow. */
	boolean lastsInterval(long nanos) {
		OptionalLong interval = interval();
		return interval.isPresent() && nanos >= 0.95 * interval.getAsLong()
				&& nanos <= interval.getAsLong() + Limits.QUEUE;
	}

	private OptionalLong interval() {
		for (Map.Entry<String, Object> attribute : this.span.attributes().entrySet()) {
			Matcher key = INTERVAL.matcher(attribute.getKey());
			String value = attribute.getValue().toString();
			if (key.find() && value.matches("\\d{1,9}")) {
				return OptionalLong.of(Long.parseLong(value)
						* (key.group(5).toLowerCase(Locale.ROOT).startsWith("m") ? 1_000_000 : 1_000_000_000));
			}
		}
		return OptionalLong.empty();
	}

	/** A moment, or a time in seconds or milliseconds; which of them, nobody says. */
	private static boolean isTime(String text, long handedOver, long taken) {
		if (text.matches("\\d{1,14}([.]0+)?")) {
			double number = Double.parseDouble(text);
			return DoubleStream.of(1e6, 1e9)
				.map((unit) -> number * unit)
				.anyMatch((time) -> isAbout(time, handedOver, taken) || isAbout(handedOver + time, handedOver, taken));
		}
		try {
			if (text.startsWith("P")) {
				return isAbout(handedOver + (double) Duration.parse(text).toNanos(), handedOver, taken);
			}
			Instant due = OffsetDateTime.parse(text).toInstant();
			return isAbout(due.getEpochSecond() * 1e9 + due.getNano(), handedOver, taken);
		}
		catch (DateTimeParseException | ArithmeticException ex) {
			// Then it says something else.
			return false;
		}
	}

	/** Schedulers look every few seconds for what is due. */
	private static boolean isAbout(double due, long handedOver, long taken) {
		return Math.abs(taken - due) <= Math.max(Limits.QUEUE, (taken - handedOver) / 100);
	}

	/** More than one message goes the same way, as they come, or one that is large. */
	boolean transfers() {
		return isLarge() || this.span.events().stream().anyMatch((event) -> {
			Object id = event.attributes().getOrDefault("rpc.message.id", event.attributes().get("message.id"));
			return id != null && Reading.number(id.toString()) > 1;
		});
	}

	/** So many bytes take their time. */
	boolean isLarge() {
		long nanos = this.span.duration().toNanos();
		return nanos >= Limits.GAP && bytes() >= nanos / NANOS_PER_BYTE;
	}

	/** How long a large transfer took for each million bytes; 0 if it is none. */
	long nanosPerMegabyte() {
		long megabytes = bytes() / 1_000_000;
		return (megabytes > 0) ? this.span.duration().toNanos() / megabytes : 0;
	}

	/** 0 if they are few, or if it does not say. */
	private long bytes() {
		return this.span.attributes()
			.entrySet()
			.stream()
			.filter((attribute) -> SIZE.matcher(attribute.getKey()).find())
			.map((attribute) -> attribute.getValue().toString())
			.filter((bytes) -> LARGE.matcher(bytes).matches())
			.mapToLong(Long::parseLong)
			.max()
			.orElse(0);
	}

	/** A language model at work, but not the tools that it asks for. */
	boolean model() {
		boolean says = this.span.attributes()
			.keySet()
			.stream()
			.anyMatch((key) -> key.startsWith("gen_ai.") || key.startsWith("llm."))
				|| MODEL.matcher(this.reading.method().isEmpty() ? this.span.text("rpc.method") : this.reading.path())
					.find();
		return says && !this.span.text("gen_ai.operation.name").equals("execute_tool");
	}

	/** Of a process that was not there yet; a platform takes its time for it. */
	boolean preparesFunction() {
		return this.span.duration().toNanos() < Limits.COLD_START
				&& PREPARES_FUNCTION.matcher(this.span.name()).matches();
	}

	/** It was begun by a clock. A request may be about a schedule. */
	boolean scheduled() {
		boolean request = this.reading.receives && !this.reading.method().isEmpty();
		return this.span.attributes()
			.entrySet()
			.stream()
			.anyMatch((attribute) -> (!request && SCHEDULED.matcher(attribute.getKey()).find())
					|| (attribute.getKey().endsWith("trigger")
							&& BY_CLOCK.matcher(attribute.getValue().toString()).lookingAt()));
	}

	/** All is about an application that starts: it has much to do at once. */
	boolean startsApplication() {
		return STARTS_APPLICATION.matcher(Reading.spaced(this.span.name())).find();
	}

	/** It says by its name that it waits for what others do. */
	boolean awaits() {
		return AWAITS.matcher(Reading.spaced(this.span.name())).find();
	}

	/** It waits until its next call is allowed, so as to make not too many. */
	boolean keepsToRate() {
		return KEEPS_TO_RATE.matcher(Reading.spaced(this.span.name())).find();
	}

	/** It notes on its way that it waits until more is allowed. */
	boolean notesPacing() {
		return this.span.events().stream().anyMatch((event) -> PACES.matcher(event.name()).find());
	}

	/** It says by its name that it puts off the next attempt. */
	boolean pausesBeforeRetry() {
		return PAUSES_BEFORE_RETRY.matcher(Reading.spaced(this.span.name())).find();
	}

	/** It says by its name that it does nothing. */
	boolean sleeps() {
		return SLEEPS.matcher(this.span.name()).find();
	}

}
