package io.twelveseconds.demo.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.shop.Http;
import io.twelveseconds.demo.stack.FaultSwitches.Fault;
import io.twelveseconds.demo.telemetry.SpanFlow;
import io.twelveseconds.demo.telemetry.SpanMetrics;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where the shop runs, as processes or as containers: what must be reached there to break
 * it, and to see what became of it.
 */
public interface Site {

	/**
	 * A service looks at the flags twice a second, and answers when it has a thread to
	 * answer with: after half a minute in which nothing moved, that is the point.
	 */
	Duration SEEN_PATIENCE = Duration.ofSeconds(90);

	/** What has not been seen by then may have been overlooked. */
	Duration OVERLOOKED = Duration.ofSeconds(3);

	static Site here() {
		return Environment.isCompose() ? new Compose() : LocalStack.here();
	}

	/** What can be broken here. */
	FaultSwitches faults();

	/** Where a service answers; empty if it does not run. */
	Optional<URI> service(String name);

	/** Where the parts say what became of the spans, by name. */
	Map<String, SpanFlow.Source> telemetry();

	/** Where the Collector says what it has counted of the spans; empty without one. */
	Optional<SpanMetrics> spanMetrics();

	/** Resident bytes of a part's process; 0 where that cannot be seen from here. */
	long memory(String part);

	/** Where Kafka is. */
	String broker();

	/** Ends a part as by SIGKILL, and returns when its port is closed. */
	void kill(String part);

	/** Starts a part, and returns when it is ready. */
	void start(String part);

	/**
	 * Returns when the service of that fault has seen how it is switched. A service that
	 * is out of breath may take a while to say so.
	 * @return how long that took; empty if the service does not run, and will see it when
	 * it does
	 */
	default Optional<Duration> awaitSeen(Fault fault) {
		Optional<URI> service = service(fault.service());
		if (service.isEmpty()) {
			return Optional.empty();
		}
		Http http = new Http(fault.service(), service.get(), Duration.ofSeconds(2));
		long begin = System.nanoTime();
		long written = begin;
		String last = "";
		try {
			while (System.nanoTime() - begin < SEEN_PATIENCE.toNanos()) {
				last = seen(http, fault);
				if (last.equals(fault.seen())) {
					return Optional.of(Duration.ofNanos(System.nanoTime() - begin));
				}
				if (System.nanoTime() - written > OVERLOOKED.toNanos()) {
					faults().writeAgain();
					written = System.nanoTime();
				}
				Thread.sleep(100);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new DemoException("Interrupted while waiting for " + fault.service(), ex);
		}
		throw new DemoException("%s is %s in %s, but %s has not seen it within %s: %s".formatted(fault.name(),
				fault.isOn() ? "on" : "off", faults().file(), fault.service(), Times.format(SEEN_PATIENCE), last));
	}

	private static String seen(Http service, Fault fault) {
		try {
			HttpResponse<String> info = service.send("/actuator/info", HttpRequest.newBuilder().GET());
			if (info.statusCode() != 200) {
				return "it answers " + info.statusCode();
			}
			JsonNode seen = JsonMapper.shared().readTree(info.body()).path("faults");
			if (seen.isMissingNode()) {
				throw new DemoException("%s allows no faults: it was started with demo.faults.allowed=false"
					.formatted(fault.service()));
			}
			return seen.path(fault.name()).asString("it knows no such fault; its log may say why");
		}
		catch (IOException | JacksonException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

}
