package io.twelveseconds.demo.trace;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.command.Unchanged;
import io.twelveseconds.demo.shop.Gateway;
import io.twelveseconds.demo.shop.GatewayAddress;
import io.twelveseconds.demo.shop.LastTrace;
import io.twelveseconds.demo.telemetry.Sampling;
import io.twelveseconds.demo.trace.TraceApi.Stored;
import io.twelveseconds.trace.Span;
import io.twelveseconds.trace.Trace;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Which trace a command is about, and where it is: the options that such commands share.
 */
public final class TraceChoice {

	private static final String TRACE_ID = "[0-9a-f]{32}";

	private static final String ORDER_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

	private static final String TOPIC = "orders.events";

	/**
	 * Who listens to the topic: the trace of a record is whole when each of them is in
	 * it.
	 */
	public static final Set<String> LISTENERS = new TreeSet<>(Set.of("notification-service", "analytics-service"));

	private static final Duration POLL = Duration.ofMillis(250);

	/**
	 * Agents export every second, so a trace that stays the same for two has probably
	 * ended.
	 */
	private static final Duration QUIET = Duration.ofSeconds(2);

	@Parameters(index = "0", arity = "0..1", paramLabel = "ID", defaultValue = "last",
			description = "A trace id, an order id, or `last`: of the last ./demo order since the last ./demo down, "
					+ "else the newest checkout (default: last).")
	private String id = "last";

	@Option(names = "--wait", paramLabel = "TIME", defaultValue = "15s", converter = Times.WithUnit.class,
			description = "How long a trace may take to become complete (default: ${DEFAULT-VALUE}).")
	private Duration patience = Duration.ZERO;

	@Mixin
	private StoreAddress traces = new StoreAddress();

	@Mixin
	private GatewayAddress gateway = new GatewayAddress();

	@Spec(Spec.Target.MIXEE)
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	private final Clock clock = Clock.systemUTC();

	TraceApi store() {
		return this.traces.open();
	}

	/** The trace that was asked for, when it is whole or patience is at its end. */
	Stored find() throws IOException {
		TraceApi traces = store();
		String traceId = traceId(traces);
		try {
			notice("Waiting for the whole trace ...");
			return settled(traces, traceId);
		}
		finally {
			notice("");
		}
	}

	/** On a terminal only, and gone again before the next line. */
	private void notice(String text) {
		if (this.spec.commandLine().getColorScheme().ansi().enabled()) {
			err().print("\r\033[K" + text);
			err().flush();
		}
	}

	private String traceId(TraceApi traces) throws IOException {
		String given = this.id.strip().toLowerCase(Locale.ROOT);
		if (given.matches(TRACE_ID)) {
			return given;
		}
		if (given.matches(ORDER_ID)) {
			return ofOrder(given);
		}
		if (!given.equals("last")) {
			throw new ParameterException(this.spec.commandLine(),
					"'%s' is neither a trace id (32 hex digits), nor an order id (a UUID), nor `last`"
						.formatted(this.id));
		}
		Optional<String> remembered = LastTrace.recall();
		return (remembered.isPresent() ? remembered : traces.newest(this.clock))
			.orElseThrow(() -> new IOException("There is no trace yet. Place an order first: ./demo order"));
	}

	private String ofOrder(String orderId) throws IOException {
		Gateway.Answer answer = new Gateway(this.gateway.get(), Duration.ofSeconds(10)).order(orderId);
		if (!answer.accepted()) {
			throw new IOException("The gateway knows no trace of order %s: %s".formatted(orderId,
					answer.status() + " " + answer.field("title")));
		}
		return answer.body()
			.path("traceId")
			.stringValueOpt()
			.orElseThrow(() -> new IOException("Order %s has no trace".formatted(orderId)));
	}

	/** The trace once it has stopped growing, or as it is when patience is at its end. */
	private Stored settled(TraceApi traces, String traceId) throws IOException {
		Instant start = this.clock.instant();
		Unchanged unchanged = new Unchanged(this.clock);
		while (true) {
			Instant now = this.clock.instant();
			boolean outOfPatience = !now.isBefore(start.plus(this.patience));
			Optional<Stored> found = traces.trace(traceId);
			if (found.isPresent()) {
				Trace trace = found.get().trace();
				List<String> missing = missing(trace);
				// An old trace need not be watched: what was to come has come.
				boolean old = trace.end().plus(this.patience).isBefore(now);
				boolean quiet = unchanged.with(trace.spans().size()).compareTo(QUIET) >= 0;
				if (old || outOfPatience || (quiet && missing.isEmpty())) {
					notice("");
					missing.forEach((what) -> err().println("This trace is incomplete: " + what));
					return found.get();
				}
			}
			else if (outOfPatience && !now.isBefore(start.plus(this.patience).plus(decisionWait()))) {
				throw new IOException(
						"There is no trace %s in the store. %sIt keeps only the newest ones, and loses them when it is restarted. For a new one: ./demo order"
							.formatted(traceId, leftOut()));
			}
			Times.sleep(POLL);
		}
	}

	/** How much longer a trace may take that the Collector has not decided about. */
	private static Duration decisionWait() {
		return Sampling.here().decisionWait();
	}

	private static String leftOut() {
		Sampling sampling = Sampling.here();
		return (sampling.share() == 1) ? ""
				: "Not every trace is kept (./demo sampling list: %s). ".formatted(sampling.name());
	}

	/** What must still arrive before the trace can be whole. */
	private static List<String> missing(Trace trace) {
		List<String> missing = new ArrayList<>();
		// Whoever called us with a traceparent of their own may not export: that parent
		// is not ours.
		long lost = trace.orphans().stream().filter((span) -> span != trace.root()).count();
		if (lost > 0) {
			missing.add(lost + ((lost == 1) ? " span without its parent" : " spans without their parent"));
		}
		for (Span span : trace.spans()) {
			if (span.kind() == Span.Kind.PRODUCER && span.text("messaging.destination.name").equals(TOPIC)) {
				Set<String> silent = new TreeSet<>(LISTENERS);
				trace.children(span).forEach((child) -> silent.remove(child.service()));
				silent.forEach((service) -> missing.add(service + " has not taken the record from " + TOPIC));
			}
		}
		return missing;
	}

	private PrintWriter err() {
		return this.spec.commandLine().getErr();
	}

}
