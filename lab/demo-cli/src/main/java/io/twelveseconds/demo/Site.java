package io.twelveseconds.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;

import io.twelveseconds.demo.FaultSwitches.Fault;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where the shop runs, as processes or as containers: what must be reached there to break
 * it, and to see what became of it.
 */
interface Site {

	/** A service looks at the flags every two seconds. */
	Duration SEEN_PATIENCE = Duration.ofSeconds(20);

	static Site here() {
		return Compose.isHere() ? new Compose() : LocalStack.here();
	}

	/** What can be broken here. */
	FaultSwitches faults();

	/** Where a service answers; empty if it does not run. */
	Optional<URI> service(String name);

	/** Where Kafka is. */
	String broker();

	/** Ends a part as by SIGKILL, and returns when its port is closed. */
	void kill(String part);

	/** Starts a part, and returns when it is ready. */
	void start(String part);

	/**
	 * Returns when the service of that fault has seen how it is switched.
	 * @return false if the service does not run, and will see it when it does
	 */
	default boolean awaitSeen(Fault fault) {
		Optional<URI> service = service(fault.service());
		if (service.isEmpty()) {
			return false;
		}
		Http http = new Http(fault.service(), service.get(), Duration.ofSeconds(2));
		long deadline = System.nanoTime() + SEEN_PATIENCE.toNanos();
		String last = "";
		try {
			while (System.nanoTime() < deadline) {
				JsonNode seen = JsonMapper.shared()
					.readTree(http.send("/actuator/info", HttpRequest.newBuilder().GET()).body())
					.path("faults");
				if (seen.isMissingNode()) {
					throw new DemoException("%s allows no faults: it was started with demo.faults.allowed=false"
						.formatted(fault.service()));
				}
				last = seen.path(fault.name()).asString("nothing");
				if (last.equals(fault.seen())) {
					return true;
				}
				Thread.sleep(100);
			}
		}
		catch (IOException | JacksonException ex) {
			throw new DemoException("%s is %s in %s, but whether %s has seen it cannot be asked: %s".formatted(
					fault.name(), fault.isOn() ? "on" : "off", faults().file(), fault.service(), ex.getMessage()), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new DemoException("Interrupted while waiting for " + fault.service(), ex);
		}
		throw new DemoException("%s has not seen within %s how %s is switched; it sees: %s. Its log may say why."
			.formatted(fault.service(), Times.format(SEEN_PATIENCE), fault.name(), last));
	}

}
