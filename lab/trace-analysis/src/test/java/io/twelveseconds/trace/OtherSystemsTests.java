package io.twelveseconds.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Traces shaped like those of systems that we did not build, made for this test. */
class OtherSystemsTests {

	private static final Path SAMPLES = Path.of("src/test/resources/other-systems");

	@ParameterizedTest
	@ValueSource(strings = { "otel-demo-healthy.json", "otel-demo-event-stream.json", "istio-bookinfo.json",
			"node-fan-out.jsonl", "go-hedged-read.json", "sqs-long-poll.json", "android-screen.json",
			"grpc-log-tail.json", "durable-functions-timer.json" })
	void accusesNobody(String file) throws IOException {
		Diagnosis diagnosis = diagnose(file);
		assertThat(diagnosis.findings()).isEmpty();
		assertThat(diagnosis.notes()).isEmpty();
		assertThat(diagnosis.headline()).startsWith("Healthy: ");
	}

	@ParameterizedTest
	@CsvSource({ "hotrod-lock.json, SLOW_SPAN, SQL SELECT", "hotrod.json, SLOW_SPAN, SQL SELECT",
			"otel-demo-payment-fails.json, ERROR_ORIGIN, oteldemo.PaymentService/Charge",
			"otel-demo-slow-catalog.json, SLOW_SPAN, SELECT products",
			"istio-bookinfo-timeout.json, TIMEOUT, reviews.default.svc.cluster.local:9080/*",
			"dotnet-n-plus-one.json, N_PLUS_ONE, shop", "python-celery-fails.json, FAILED_ASYNC, run/reports.build",
			"sqs-batch-one-bad.json, FAILED_ASYNC, docs process message",
			"nats-consumer-fails.json, FAILED_ASYNC, customers process", "nginx-client-left.json, SLOW_SPAN, SELECT",
			"rails-subscriptions-fail.json, ERROR_ORIGIN, POST /subscriptions",
			"node-host-not-found.json, SWALLOWED_ERROR, GET" })
	void namesTheCause(String file, Finding.Kind kind, String span) throws IOException {
		Finding first = diagnose(file).findings().get(0);
		assertThat(first.kind()).as(first.sentence()).isEqualTo(kind);
		assertThat(first.spans().get(0).name()).isEqualTo(span);
	}

	@Test
	void forgivesOwnWorkThatWasDoneAgain() throws IOException {
		Diagnosis diagnosis = diagnose("hibernate-version-conflict.json");
		assertThat(diagnosis.findings()).isEmpty();
		assertThat(diagnosis.notes()).singleElement()
			.satisfies((note) -> assertThat(note.sentence()).endsWith("A later attempt succeeded."));
	}

	@Test
	void saysWhatASpanNotedAboutItsWaiting() throws IOException {
		Finding lock = diagnose("hotrod-lock.json").findings().get(0);
		assertThat(lock.sentence()).isEqualTo("customer waits 1.75 s for mysql: SQL SELECT. That is 81 % of the time. "
				+ "The span itself says: Waiting for lock behind 3 transactions.");
		assertThat(lock.share()).isBetween(0.80, 0.82);
		assertThat(lock.explained()).isBetween(Duration.ofMillis(1745), Duration.ofMillis(1755));
	}

	@Test
	void findsTheLookupsOneAfterTheOtherAndForgivesTheirRetries() throws IOException {
		Diagnosis diagnosis = diagnose("hotrod.json");
		assertThat(diagnosis.findings()).extracting(Finding::kind)
			.containsExactly(Finding.Kind.SLOW_SPAN, Finding.Kind.N_PLUS_ONE);
		Finding lookups = diagnosis.findings().get(1);
		assertThat(lookups.sentence()).startsWith("driver asks redis-manual the same 13 times, one after the other");
		assertThat(lookups.spans()).filteredOn((span) -> span.name().equals("GetDriver")).hasSize(13);
		assertThat(diagnosis.notes()).singleElement().satisfies((note) -> {
			assertThat(note.kind()).isEqualTo(Finding.Kind.RETRIES);
			assertThat(note.sentence()).contains("the last attempt succeeded (before it: redis timeout)");
		});
	}

	@Test
	void followsAnErrorThroughSpansThatSayNothingOfIt() throws IOException {
		Diagnosis diagnosis = diagnose("otel-demo-payment-fails.json");
		assertThat(diagnosis.findings()).singleElement()
			.satisfies((finding) -> assertThat(finding.sentence()).contains("Payment request failed. Invalid token")
				.contains("through checkoutservice, frontend, frontend-proxy and loadgenerator up to the answer"));
	}

	@Test
	void tellsTheTwoProxiesOfACallFromACallThatIsMadeTwice() throws IOException {
		Diagnosis diagnosis = diagnose("istio-bookinfo-timeout.json");
		assertThat(diagnosis.findings().get(0).sentence()).startsWith("productpage.default gave up on reviews.default")
			.contains("after 3.00 s, 2 times, while reviews.default went on for 4.02 s more");
		assertThat(diagnosis.findings()).extracting(Finding::kind).doesNotContain(Finding.Kind.N_PLUS_ONE);
	}

	private static Diagnosis diagnose(String file) throws IOException {
		List<Trace> traces = TraceReader.readAll(Files.readString(SAMPLES.resolve(file)));
		assertThat(traces).hasSize(1);
		return Diagnosis.of(traces.get(0));
	}

}
