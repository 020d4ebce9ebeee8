package io.twelveseconds.system;

import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The ways of sampling, by the commands that a person types. What they promise is checked
 * by the commands themselves, whose exit code says so.
 */
@ExtendWith(RunningShop.class)
class SamplingIT {

	@BeforeEach
	void needsACollectorThatCanBeRestarted() {
		assumeTrue(Deployment.name().equals("native"),
				"the embedded stack has no Collector, and a container nobody to restart it");
	}

	/** The one that promises most, and the one that cannot. */
	@Test
	void eachKeepsAndCountsWhatItPromises(RunningShop shop) {
		Deployment demo = shop.deployment();
		assertThat(demo.demo("sampling", "compare", "--ways", "custom,head", "--orders", "300", "--errors", "0.07",
				"--slow", "0.03"))
			.contains("custom: all errors are kept", "custom: all slow checkouts are kept",
					"custom: all premium customers' checkouts are kept", "custom: span metrics count every order",
					"head: at most half of the errors are kept", "head: span metrics count every order")
			.doesNotContain("BROKEN");
		assertThat(demo.demo("sampling", "list")).containsPattern("(?m)^everything +in use$");
	}

	/** Not even one that failed, and is slow. */
	@Test
	void healthChecksAreNeverKept(RunningShop shop) {
		String healthCheck = RunningShop.newTraceId();
		String request = RunningShop.newTraceId();
		shop.deployment().sampling("custom");
		try {
			send(healthCheck, "/actuator/health");
			send(request, "/products");
			assertThat(shop.traceWith(request, Set.of("somebody-else")).spans()).hasSize(1);
			assertThat(RunningShop.get(RunningShop.at(16686).resolve("/api/v3/traces/" + healthCheck)).statusCode())
				.isEqualTo(404);
		}
		finally {
			shop.deployment().sampling("everything");
		}
	}

	private static void send(String traceId, String path) {
		long now = System.currentTimeMillis();
		RunningShop.export("""
				{"resourceSpans": [{
				  "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "somebody-else"}}]},
				  "scopeSpans": [{"spans": [{
				    "traceId": "%1$s", "spanId": "00000000000000a1", "kind": 2, "name": "GET %2$s",
				    "startTimeUnixNano": "%3$d000000", "endTimeUnixNano": "%4$d000000",
				    "attributes": [{"key": "url.path", "value": {"stringValue": "%2$s"}}],
				    "status": {"code": 2}}]}]}]}
				""".formatted(traceId, path, now - 2000, now));
	}

}
