package io.twelveseconds.trace;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class MessagesTests {

	@ParameterizedTest
	@CsvSource({ "messaging.header.x_delay, 60000, true", "job.delay, 60, true", "job.delay, 30, false",
			"job.perform_in_seconds, 60, true", "celery.eta, 2025-06-15T15:07:40.1+00:00, true",
			"celery.eta, 2025-06-15T15:07:10+00:00, false", "celery.eta, soon, false",
			"sidekiq.run_at, 1750000060.0, true", "delayed.jobs, 60, false",
			"message.scheduled_enqueue_time, PT1M, true", "message.scheduled_enqueue_time, PT10S, false",
			"message.scheduled_enqueue_time, PT9999999999H, false" })
	void knowsThatAMessageWasToLie(String attribute, String value, boolean healthy) {
		assertThat(new Spans().server("a", null, "web", "POST /invites", 0, 90)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "invites publish", 70, 80, attribute,
					attribute.contains("header") ? List.of(value) : value)
			.add(Span.Kind.CONSUMER, "b", "p", "mail", "invites process", 60_090, 60_120)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "1803, true", "1900, false" })
	void forgivesASchedulerThatLooksNowAndThen(int seconds, boolean healthy) {
		assertThat(new Spans().server("a", null, "web", "POST /appointments", 0, 90)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "reminders publish", 70, 80, "job.perform_in_seconds", 1800)
			.add(Span.Kind.CONSUMER, "b", "p", "mail", "reminders process", seconds * 1000, seconds * 1000 + 30)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	/** Whoever takes many at once has links instead of a parent. */
	@ParameterizedTest
	@CsvSource({ "PRODUCER, false", "CLIENT, true" })
	void followsALinkToASender(Span.Kind kind, boolean healthy) {
		assertThat(new Spans().server("a", null, "claims", "POST /payouts", 0, 50)
			.add(kind, "p", "a", "claims", "payouts send", 30, 40)
			.add(Span.Kind.CONSUMER, "b", null, "bank", "payouts process", 140_000, 140_100)
			.linkedTo("p")
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	/** A message with which the trace begins is all that there is to look at. */
	@ParameterizedTest
	@CsvSource({ "true, false", "false, true" })
	void looksAtTheWorkForAMessageThatBeginsTheTrace(boolean begins, boolean healthy) {
		Spans spans = begins ? new Spans() : new Spans().server("a", null, "claims", "POST /claims", 0, 50);
		assertThat(spans.add(Span.Kind.PRODUCER, "p", begins ? null : "a", "claims", "values send", 30, 40)
			.add(Span.Kind.CONSUMER, "b", "p", "valuer", "values process", 50, 2750)
			.statement("s", "b", "valuer", "SELECT * FROM claims", 55, 70)
			.statement("t", "b", "valuer", "UPDATE claims SET value = 1", 2650, 2670)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "6, 3000, true", "6, 160, false", "4, 3000, false" })
	void comparesWhatIsDoneForOneMessageWithTheOthers(int messages, int longest, boolean told) {
		Spans spans = new Spans().server("a", null, "claims", "POST /bulk", 0, 90);
		for (int i = 0; i < messages; i++) {
			double end = 130 + ((i == 2) ? longest : 90);
			spans.add(Span.Kind.PRODUCER, "p" + i, "a", "claims", "claims send", 30 + i, 31 + i)
				.add(Span.Kind.CONSUMER, "c" + i, "p" + i, "fraud", "claims process", 120, end + 5)
				.add(Span.Kind.INTERNAL, "s" + i, "c" + i, "fraud", "score", 130, end);
		}
		assertThat(spans.diagnosis().findings()).extracting(Finding::kind)
			.isEqualTo(told ? List.of(Finding.Kind.SLOW_SPAN) : List.of());
	}

	@ParameterizedTest
	@CsvSource({ "AsyncResult.get, QUEUEING", "PriceBook.compute, SLOW_SPAN" })
	void looksThroughALibraryThatWaitsForATask(String name, Finding.Kind kind) {
		assertThat(new Spans().server("a", null, "loans", "POST /applications", 0, 12_060)
			.add(Span.Kind.PRODUCER, "p", "a", "loans", "scoring publish", 9, 11, "messaging.destination.name",
					"scoring")
			.add(Span.Kind.INTERNAL, "w", "a", "loans", name, 11, 12_055)
			.add(Span.Kind.CONSUMER, "b", "p", "worker", "scoring process", 11_850, 12_050)
			.diagnosis()
			.findings()).first().extracting(Finding::kind).isEqualTo(kind);
	}

	@Test
	void blamesTheQueueIfSomebodyWaitsForTheMessagesWork() {
		Diagnosis diagnosis = new Spans().server("a", null, "web", "GET /invoice", 0, 8000)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "pdf publish", 10, 15, "messaging.destination.name", "pdf")
			.add(Span.Kind.CONSUMER, "b", "p", "printer", "pdf process", 7500, 7980)
			.statement("s", "b", "printer", "SELECT * FROM lines", 7510, 7600)
			.diagnosis();
		assertThat(diagnosis.findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(Finding.Kind.QUEUEING);
			assertThat(finding.spans()).extracting(Span::id).containsExactly("b", "p");
		});
		assertThat(diagnosis.toAnswer().selfTimes()).containsEntry("web", Duration.ofMillis(35))
			.containsEntry("(waiting in between)", Duration.ofMillis(7485))
			.containsEntry("printer", Duration.ofMillis(480));
	}

	@ParameterizedTest
	@CsvSource({ "hooks publish, hooks process, true", "invoices publish, invoices process, false" })
	void followsAMessageThatAFailedDeliverySentOffAgain(String sent, String done, boolean healthy) {
		assertThat(new Spans().server("a", null, "shop", "POST /orders", 0, 40)
			.add(Span.Kind.PRODUCER, "p", "a", "shop", "hooks publish", 20, 25)
			.add(Span.Kind.CONSUMER, "b", "p", "hooks", "hooks process", 40, 60, "error", "bad gateway")
			.add(Span.Kind.PRODUCER, "q", "b", "hooks", sent, 52, 58)
			.add(Span.Kind.CONSUMER, "c", "q", "hooks", done, 30_060, 30_090)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "GetWorkflowResult, RETRIES", "describe, SLOW_SPAN" })
	void looksAtTheTaskForWhoeverWaitsForIt(String name, Finding.Kind kind) {
		Spans spans = new Spans().server("a", null, "api", "POST /bookings", 0, 16_000)
			.client("b", "a", "api", "StartWorkflow", 1, 9)
			.client("c", "a", "api", name, 10, 15_990)
			.add(Span.Kind.INTERNAL, "d", "b", "worker", "RunWorkflow", 14, 15_980)
			.client("e", "d", "worker", "StartActivity", 20, 21);
		for (int i = 0; i < 5; i++) {
			Object[] failed = (i < 4) ? new Object[] { "error", "502 Bad Gateway" } : new Object[0];
			spans.server("f" + i, "e", "worker", "RunActivity", 30 + i * 3900, 180 + i * 3900, failed);
		}
		assertThat(spans.diagnosis().findings().get(0).kind()).isEqualTo(kind);
	}

	@ParameterizedTest
	@CsvSource({ "sink.flush.interval_ms, 15000, true", "sink.flush.interval_ms, 1000, false",
			"batch.linger.seconds, 15, true", "sink.flush.count, 15000, false" })
	void letsWhoeverWorksInBatchesWaitForOne(String attribute, long value, boolean healthy) {
		assertThat(new Spans().server("a", null, "collector", "POST /events", 0, 5)
			.add(Span.Kind.PRODUCER, "p", "a", "collector", "events send", 2, 3, "messaging.system", "kafka")
			.add(Span.Kind.CONSUMER, "c", "p", "sink", "events process", 12_800, 12_900, attribute, value)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "3800, true", "4200, false" })
	void letsMessagesLieForSomeSeconds(double lag, boolean healthy) {
		assertThat(new Spans().server("a", null, "web", "POST /invites", 0, 40)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "invites publish", 20, 30, "messaging.system", "x")
			.add(Span.Kind.CONSUMER, "b", "p", "mail", "invites process", 30 + lag, 90 + lag)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@Test
	void takesAMessageThatIsDeliveredAgainForNoneThatLay() {
		assertThat(new Spans().server("a", null, "web", "POST /", 0, 40)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "claims publish", 20, 25, "messaging.system", "x")
			.add(Span.Kind.CONSUMER, "b", "p", "claims", "claims process", 40, 60, "error", "busy")
			.add(Span.Kind.CONSUMER, "c", "p", "claims", "claims process", 900, 930)
			.diagnosis()
			.findings()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "mails-retry-0, mail, , true", "mails-retry-0, mail, no such host, false", "mails-dlt, mail, , false",
			"mails-retry-0, audit, , false" })
	void followsAMessageThroughATopicForRetries(String topic, String service, String error, boolean healthy) {
		Spans spans = new Spans().server("a", null, "shop", "POST /orders", 0, 40, "http.response.status_code", 201)
			.add(Span.Kind.PRODUCER, "p", "a", "shop", "mails publish", 20, 25, "messaging.destination.name", "mails")
			.add(Span.Kind.CONSUMER, "b", "p", "mail", "mails process", 40, 60, "error", "connection reset")
			.add(Span.Kind.PRODUCER, "q", "b", "mail", topic + " publish", 52, 58, "messaging.destination.name", topic);
		Object[] attributes = (error != null) ? new Object[] { "error", error } : new Object[0];
		spans.add(Span.Kind.CONSUMER, "c", "q", service, topic + " process", 1060, 1090, attributes);
		Diagnosis diagnosis = spans.diagnosis();
		assertThat(diagnosis.healthy()).isEqualTo(healthy);
		assertThat(diagnosis.notes()).hasSize(healthy ? 1 : 0);
	}

	@Test
	void leavesABatchOfMessagesAloneThatTakesNoTime() {
		Spans spans = new Spans().add(Span.Kind.CONSUMER, "a", null, "ledger", "postings process", 0, 90);
		for (int i = 0; i < 20; i++) {
			spans.statement("b" + i, "a", "ledger", "INSERT INTO posting VALUES (?)", 4 * i, 4 * i + 3.5);
		}
		assertThat(spans.diagnosis().healthy()).isTrue();
	}

	/** As with request and reply over NATS or RabbitMQ. */
	@ParameterizedTest
	@CsvSource({ "CLIENT, 106, SWALLOWED_ERROR", "CLIENT, 30, FAILED_ASYNC", "PRODUCER, 106, FAILED_ASYNC" })
	void knowsThatAReplyIsWaitedFor(Span.Kind kind, int sent, Finding.Kind told) {
		Diagnosis diagnosis = new Spans()
			.server("a", null, "catalog", "GET /products", 0, 132, "http.response.status_code", 200)
			.add(kind, "b", "a", "catalog", "send enrich", 17, 17 + sent, "messaging.system", "nats")
			.add(Span.Kind.CONSUMER, "c", "b", "enricher", "process enrich", 19, 120, "messaging.system", "nats")
			.client("d", "c", "enricher", "GET", 52, 100, "http.request.method", "GET", "url.full",
					"http://reviews/summary", "error", "refused by nobody knows whom")
			.diagnosis();
		assertThat(diagnosis.findings()).extracting(Finding::kind).containsExactly(told);
	}

	@ParameterizedTest
	@CsvSource({ "Get, true", "prepare, false" })
	void looksAtTheTaskThatLayInAWorkflowThatIsWaitedFor(String waiting, boolean queueing) {
		List<Finding> findings = new Spans().server("a", null, "refunds", "POST /refunds", 0, 15_400)
			.client("s", "a", "refunds", "StartWorkflow", 12, 21)
			.server("w", "s", "worker", "RunWorkflow", 33, 15_360)
			.client("t", "w", "worker", "StartActivity:Reverse", 258, 259)
			.server("r", "t", "psp-worker", "RunActivity:Reverse", 14_860, 15_190)
			.client("p", "r", "psp-worker", "POST", 14_870, 15_180)
			.add(Span.Kind.INTERNAL, "g", "a", "refunds", waiting, 22, 15_395)
			.diagnosis()
			.findings();
		assertThat(findings.get(0).kind() == Finding.Kind.QUEUEING).isEqualTo(queueing);
	}

	/** Some clients keep the span of a task open until it is done. */
	@ParameterizedTest
	@CsvSource({ "StartActivity:Read, QUEUEING", "POST, LOST_BETWEEN" })
	void knowsATaskThatLiesThoughItsGiverWaitsLikeACaller(String giver, Finding.Kind kind) {
		assertThat(new Spans().server("w", null, "kyc-worker", "RunWorkflow:Kyc", 0, 40_600)
			.client("t", "w", "kyc-worker", giver, 20, 40_590)
			.server("r", "t", "doc-worker", "RunActivity:Read", 39_780, 40_580)
			.diagnosis()
			.findings()).extracting(Finding::kind).containsExactly(kind);
	}

	@Test
	void countsMessagesThatLie() {
		Spans spans = new Spans().add(Span.Kind.PRODUCER, "a", null, "web", "q publish", 0, 5, "messaging.system",
				"kafka", "messaging.destination.name", "q");
		String giver = "a";
		for (int i = 0; i < 3; i++) {
			int taken = 5000 + i * 5100;
			spans
				.add(Span.Kind.CONSUMER, "c" + i, giver, "work", "q process", taken, taken + 90, "messaging.system",
						"kafka")
				.add(Span.Kind.PRODUCER, "p" + i, "c" + i, "work", "q publish", taken + 85, taken + 88,
						"messaging.system", "kafka", "messaging.destination.name", "q");
			giver = "p" + i;
		}
		assertThat(spans.diagnosis().findings().get(0).sentence())
			.startsWith("3 messages lie in q for 15.0 s together");
	}

}
