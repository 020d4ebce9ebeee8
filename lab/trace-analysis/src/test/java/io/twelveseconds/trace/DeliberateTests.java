package io.twelveseconds.trace;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DeliberateTests {

	@ParameterizedTest
	@CsvSource({ "https://api/pods?watch=true, 150", "https://api/pods?limit=500, 480000" })
	void endsWithTheLastWorkThatDoesNotAwaitNews(String url, long millis) {
		assertThat(new Spans().server("a", null, "web", "POST /", 0, 100)
			.client("w", "a", "web", "GET", 20, 480_000, "url.full", url, "http.request.method", "GET")
			.server("answer", "w", "apiserver", "GET /pods", 21, 479_999)
			.add(Span.Kind.PRODUCER, "p", "a", "web", "send", 90, 92)
			.add(Span.Kind.CONSUMER, "q", "p", "mail", "process", 120, 150)
			.diagnosis()
			.toEnd()
			.duration()).isEqualTo(Duration.ofMillis(millis));
	}

	/** Its spans last as long as the whole of it, or only as long as its own steps. */
	@ParameterizedTest
	@ValueSource(doubles = { 90_400, 100.5 })
	void leavesAWorkflowAloneThatWaitsForATimer(double until) {
		Spans spans = new Spans().server("a", null, "web", "POST /trials", 0, 60, "http.response.status_code", 202)
			.client("b", "a", "web", "start workflow", 10, 20)
			.server("w", "b", "worker", "trial", 100, until);
		for (double from : new double[] { 100, 90_100 }) {
			spans.client("t" + from, "w", "worker", "schedule", from, from + 0.2)
				.server("m" + from, "t" + from, "worker", "send mail", from + 10, from + 200);
		}
		assertThat(spans.diagnosis().findings()).isEmpty();
		spans.add(Span.Kind.INTERNAL, "m", "w", "worker", "complete", 90_300, 90_300);
		assertThat(spans.diagnosis().findings()).isEmpty();
		spans.statement("s", "w", "worker", "SELECT plan FROM trials WHERE id = ?", 100, 100.3);
		assertThat(spans.diagnosis().healthy()).isFalse();
	}

	@Test
	void leavesATimerAloneThatSaysSo() {
		assertThat(new Spans().add(Span.Kind.CONSUMER, "a", null, "approvals", "orchestration", 0, 60_000)
			.add(Span.Kind.INTERNAL, "t", "a", "approvals", "orchestration:approval:timer", 10, 59_980)
			.diagnosis()
			.healthy()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "AwaitSignal:decision, true", "await approval, true", "WaitForSignal:Decision, true",
			"AwaitLock, false", "Timer:wait-72h, true", "timer CoolingOff, true", "TimerSheet, false",
			"terminal.await_cardholder, true", "await_card, false", "workflow.Sleep, true",
			"leaderelection.acquire, true", "SleepSchedule, false", "await change, true", "await changelog, false" })
	void leavesAStepAloneThatAwaitsNewsOrATime(String name, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.CONSUMER, "a", null, "expenses", "workflow", 0, 60_000)
			.add(Span.Kind.INTERNAL, "b", "a", "expenses", name, 10, 59_990)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "https://api/pods?watch=true, true", "https://api/pods?limit=500, false" })
	void knowsFromItsCallerThatAServerWasAskedToWait(String url, boolean healthy) {
		assertThat(new Spans()
			.client("a", null, "scheduler", "GET", 0, 480_000, "url.full", url, "http.request.method", "GET")
			.server("b", "a", "apiserver", "GET /pods", 1, 479_999)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "aws.stepfunctions.state.type, Wait, true", "bpmn.element.type, USER_TASK, true",
			"airflow.task.operator, S3KeySensor, true", "airflow.task_instance.operator, FileSensor, true",
			"airflow.task.operator, PostgresOperator, false", "jenkins.pipeline.step.type, input, true",
			"aws.sfn.resource, arn:aws:states:::sqs:sendMessage.waitForTaskToken, true",
			"aws.sfn.resource, arn:aws:states:::sqs:sendMessage, false", "wait.event.type, Lock, false",
			"order.type, wait, false" })
	void leavesAStepAloneWhoseKindIsToWait(String attribute, String value, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "claims", "run", 0, 60_000)
			.add(Span.Kind.INTERNAL, "b", "a", "claims", "approval", 10, 59_990, attribute, value)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "application.startup, true", "report.build, false" })
	void givesAnApplicationTimeToStart(String name, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "catalog", name, 0, 4000)
			.add(Span.Kind.INTERNAL, "b", "a", "catalog", "parse", 0, 1000)
			.add(Span.Kind.INTERNAL, "c", "a", "catalog", "mapping.build", 1000, 2500)
			.statement("s", "a", "catalog", "SELECT * FROM products", 2500, 2600)
			.add(Span.Kind.INTERNAL, "d", "a", "catalog", "publish", 2600, 4000)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "cron.schedule, purge batch, true", "job.schedule, purge batch, true", "job.name, purge batch, false",
			"cron.schedule, purge, false" })
	void givesAScheduledJobsChunksTheirTime(String attribute, String name, boolean healthy) {
		Spans spans = new Spans().add(Span.Kind.SERVER, "a", null, "maintenance", "purge sessions", 0, 12_000,
				attribute, "30 3 * * *");
		for (int i = 0; i < 12; i++) {
			spans.add(Span.Kind.UNSPECIFIED, "b" + i, "a", "maintenance", name, i * 1000, i * 1000 + 980)
				.statement("c" + i, "b" + i, "maintenance", "DELETE FROM sessions WHERE id < ?", i * 1000,
						i * 1000 + 800 + i);
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	/** Other than what is not even, or done by one alone, or all begun at once. */
	@ParameterizedTest
	@CsvSource({ "8, 500, true", "8, 1800, false", "1, 500, false", "24, 500, false" })
	void leavesWorkAloneThatIsSharedOutEvenly(int workers, double longest, boolean healthy) {
		int turns = 24 / workers;
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "driver", "compute", 0,
				Math.max(turns * 500, longest));
		for (int i = 0; i < 24; i++) {
			double from = (i / workers) * 500;
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "worker" + i % workers, "part", from,
					(i == 3) ? from + longest : from + 480);
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@Test
	void leavesSomebodyAloneWhoIsPolite() {
		for (Span.Kind kind : List.of(Span.Kind.INTERNAL, Span.Kind.SERVER)) {
			Spans spans = new Spans().add(kind, "a", null, "crawler", "visit", 0, 8000);
			for (int i = 0; i < 8; i++) {
				double from = i * 1000 + i % 3 * 20;
				spans.client("b" + i, "a", "crawler", "GET", from, from + 40, "http.request.method", "GET", "url.full",
						"http://site/page/" + i);
			}
			assertThat(spans.diagnosis().healthy()).isEqualTo(kind == Span.Kind.INTERNAL);
		}
	}

	@ParameterizedTest
	@CsvSource({ "INTERNAL, 50000, true", "INTERNAL, 80000, false", "SERVER, 50000, false" })
	void givesTheStepsOfAJobTime(Span.Kind kind, double longest, boolean healthy) {
		assertThat(new Spans().add(kind, "a", null, "ci", "pipeline", 0, 100_000)
			.add(Span.Kind.INTERNAL, "b", "a", "ci", "test", 10, longest)
			.add(Span.Kind.INTERNAL, "c", "a", "ci", "build", longest + 10, 99_990)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "cicd.pipeline.name, true", "name, false" })
	void givesTheTasksOfAPipelineTheirTime(String attribute, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "ci", "firmware", 0, 100_000, attribute, "firmware")
			.add(Span.Kind.INTERNAL, "b", "a", "ci", "build", 10, 20_000)
			.add(Span.Kind.INTERNAL, "c", "a", "ci", "test", 20_010, 99_990)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "INTERNAL, 9800, true", "SERVER, 9800, false", "INTERNAL, 60000, false" })
	void givesAJobTimeForWhatItDoesRoundByRound(Span.Kind root, int last, boolean healthy) {
		Spans spans = new Spans().add(root, "a", null, "trainer", "train model", 0, 50_000 + last);
		for (int i = 0; i < 6; i++) {
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "trainer", "epoch", i * 10_000,
					i * 10_000 + ((i < 5) ? 9800 : last));
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "blob.size, 400000000, INTERNAL, 13000, true", "blob.size, 4000000, INTERNAL, 13000, false",
			"blob.size, 400000000, SERVER, 13000, false", "blob.size, 400000000, INTERNAL, 5000, false" })
	void givesALargeTransferItsTimeWhoeverSaysThatItIsLarge(String attribute, long bytes, Span.Kind kind, int took,
			boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "builder", "push image", 0, 14_000)
			.add(kind, "b", "a", "builder", "push layer", 2, 13_500, attribute, bytes)
			.add(Span.Kind.INTERNAL, "c", "b", "builder", "request", 100, 110 + took)
			.client("d", "c", "builder", "PUT", 101, 100 + took, "http.request.method", "PUT", "url.full",
					"https://registry/blobs/7")
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "gen_ai.request.model, small, true", "gen_ai.operation.name, chat, true",
			"gen_ai.operation.name, execute_tool, false", "model, small, false", "rpc.method, InvokeModel, true",
			"rpc.method, InvokeFunction, false" })
	void givesALanguageModelTime(String attribute, String value, boolean healthy) {
		assertThat(new Spans().server("a", null, "chat", "POST /answers", 0, 8000)
			.client("b", "a", "chat", "answer", 10, 7990, attribute, value)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "GET, url.full, http://api/pods?watch=true, http.request.method, GET, true",
			"GET, url.full, http://chat/io/?EIO=4&transport=polling, http.request.method, GET, true",
			"GET, url.full, http://prices/live/stream, http.request.method, GET, true",
			"POST, url.full, http://insurer/ws/Policy, http.request.method, POST, false",
			"Firestore/Listen, rpc.system, grpc, rpc.method, Listen, true",
			"BRPOP, db.system, redis, db.operation, BRPOP, true",
			"XREADGROUP, db.system, redis, db.statement, XREADGROUP GROUP a b BLOCK 5000 STREAMS s >, true",
			"KEYS, db.system, redis, db.statement, KEYS *, false" })
	void leavesCallsAloneThatAskToWait(String name, String attribute, String value, String another, String itsValue,
			boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "worker", "loop", 0, 300_000)
			.client("b", "a", "worker", name, 1, 299_990, attribute, value, another, itsValue)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "1, false", "20, true" })
	void takesOnlyLongWorkThatNobodyAskedForForAJob(int times, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "shop", "checkout", 0, 2000 * times)
			.add(Span.Kind.INTERNAL, "b", "a", "shop", "reserve", 0, 1000 * times)
			.add(Span.Kind.INTERNAL, "c", "a", "shop", "tax", 1000 * times, 1300 * times)
			.add(Span.Kind.INTERNAL, "d", "a", "shop", "pay", 1300 * times, 1650 * times)
			.add(Span.Kind.INTERNAL, "e", "a", "shop", "mail", 1650 * times, 2000 * times)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "CREATE INDEX by_city ON people, 0", "COPY sales FROM stdin, 0",
			"MERGE INTO people USING stage ON people.id = stage.id, 0", "INSERT INTO old (id) SELECT id FROM people, 0",
			"FETCH 10000 FROM people_cursor, 0", "INSERT INTO people (id) VALUES ($1), 1", "SELECT * FROM people, 1" })
	void leavesAJobTheStatementsThatGoThroughAllRows(String statement, int findings) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "migrator", "migrate", 0, 48_000)
			.statement("b", "a", "migrator", statement, 100, 47_900)
			.diagnosis()
			.findings()).hasSize(findings);
	}

	@ParameterizedTest
	@CsvSource({ "INTERNAL, bulk.flush_interval_ms, 5000, true", "INTERNAL, bulk.flush_interval_ms, 15000, false",
			"INTERNAL, bulk.max_actions, 5000, false", "SERVER, bulk.flush_interval_ms, 5000, false" })
	void leavesAloneWhoLetsABatchGrow(Span.Kind root, String attribute, int value, boolean healthy) {
		assertThat(new Spans().add(root, "a", null, "indexer", "cycle", 0, 5200, attribute, value)
			.add(Span.Kind.INTERNAL, "b", "a", "indexer", "batch.collect", 1, 5002)
			.client("c", "a", "indexer", "POST _bulk", 5010, 5190, "db.system", "elasticsearch")
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	/** Pauses need not be even: what is sent takes now longer, now shorter. */
	@ParameterizedTest
	@CsvSource({ "INTERNAL, rate limiter, true", "INTERNAL, retrieved, false", "SERVER, rate limiter, false" })
	void leavesAJobAloneThatNotesHowItKeepsToARate(Span.Kind root, String event, boolean healthy) {
		Spans spans = new Spans().add(root, "a", null, "newsletter", "send", 0, 5000).noting(event);
		for (int i = 0; i < 10; i++) {
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "newsletter", "mail", i * 500, i * 500 + 30 + (i % 3) * 90);
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	/** It says that it comes by the clock, or is long enough to be a job anyhow. */
	@ParameterizedTest
	@CsvSource({ "job.trigger, cron 0 3 * * *, 400, true", "job.trigger, POST /export, 400, false",
			"job.name, export, 400, false", "job.name, export, 700, true" })
	void takesForAJobWhatComesByTheClock(String attribute, String value, int times, boolean healthy) {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "exporter", "export", 0, 10 * times, attribute,
				value);
		for (int i = 0; i < 8; i++) {
			spans.client("b" + i, "a", "exporter", "FETCH 10000 FROM c_export", i * times, (i + 1) * times - 10,
					"db.system", "postgresql");
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	/** The statements of each share are as long as those of the others. */
	@ParameterizedTest
	@CsvSource({ "12, true", "1, false" })
	void leavesAJobTheStatementsOfItsShares(int workers, boolean healthy) {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "export", "job", 0, 36.0 / workers * 2400);
		for (int i = 0; i < 36; i++) {
			double from = (i / workers) * 2400;
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "export", "partition 000" + i, from, from + 2390)
				.statement("c" + i, "b" + i, "export", "SELECT * FROM ledger WHERE part = ?", from, from + 2000);
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "http.response.body.size, 734003200, true", "http.response.body.size, 73400, false",
			"bytes.read, 734003200, true", "bytes, 734003200, true", "task.shuffle_read_bytes, 734003200, false" })
	void givesALargeBodyItsTime(String attribute, int bytes, boolean healthy) {
		assertThat(new Spans().server("a", null, "files", "GET /files/{id}", 0, 9000, attribute, bytes)
			.statement("s", "a", "files", "SELECT path FROM files WHERE id = ?", 1, 4)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "/jobs/next?timeout=30, true", "/bot1/getUpdates?offset=7&timeout=50, true",
			"/report?timeout=30, false" })
	void seesThatTheCallerAskedToWait(String path, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "agent", "loop", 0, 30_100)
			.client("b", "a", "agent", "GET", 0, 30_050, "http.request.method", "GET", "url.full", "http://ci" + path)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "connection, true", "mqtt connection, true", "MQTT session meter-55100, true",
			"check connection, false" })
	void leavesAConnectionAloneThatIsThereForWhatComes(String name, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "hub", name, 0, 60_000)
			.add(Span.Kind.INTERNAL, "b", "a", "hub", "message", 20_000, 20_010)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "sleep, true, true", "sleep, false, false", "render, true, false" })
	void leavesPausesAloneOfWhoAsksWhetherItIsDone(String name, boolean same, boolean healthy) {
		Spans spans = new Spans().add(Span.Kind.INTERNAL, "a", null, "cli", "export", 0, 20_200);
		for (int i = 0; i < 4; i++) {
			spans.add(Span.Kind.INTERNAL, "b" + i, "a", "cli", name, i * 5010, i * 5010 + 5000)
				.client("c" + i, "a", "cli", "GET", i * 5010 + 5001, i * 5010 + 5009, "url.full",
						"http://api/exports" + (same ? "/7" : "-" + "abcd".charAt(i) + "/done"));
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "true, 600, true", "false, 600, false", "true, 6000, false" })
	void givesAFunctionThatWasNotThereTimeToStart(boolean cold, int took, boolean healthy) {
		assertThat(new Spans().server("a", null, "thumbs", "thumbs", 0, took + 60, "faas.coldstart", cold)
			.add(Span.Kind.INTERNAL, "b", "a", "thumbs", "Initialization", 0, took)
			.client("c", "a", "thumbs", "S3.GetObject", took, took + 50)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "CONSUMER, 300, true", "CONSUMER, 100, false", "SERVER, 300, false" })
	void leavesWorkAloneThatIsSharedOutInTheBackground(Span.Kind root, int another, boolean healthy) {
		assertThat(new Spans().add(root, "a", null, "transcoder", "transcode", 0, 330_000)
			.add(Span.Kind.INTERNAL, "b", "a", "transcoder", "ffmpeg 1080p", 10, 329_000)
			.add(Span.Kind.INTERNAL, "c", "a", "transcoder", "ffmpeg 720p", 10, another * 1000)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "?wait=30s, blockingQuery.wait, true", "'', blockingQuery.wait, false", "?wait=30s, encode, false" })
	void leavesThePartAloneInWhichAServerWaitsThatWasAskedTo(String query, String work, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "proxy", "refresh", 0, 30_014)
			.client("b", "a", "proxy", "GET", 1, 30_013, "http.request.method", "GET", "url.full",
					"http://config/v1/kv/routes" + query)
			.server("c", "b", "config", "GET /v1/kv/{key}", 2, 30_012)
			.add(Span.Kind.INTERNAL, "d", "c", "config", work, 4, 30_009)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "13000, false", "1400, true" })
	void givesALargeTransferNotMuchMoreTimeThanOthersThatAreAsLarge(int last, boolean healthy) {
		Spans spans = new Spans().server("a", null, "ingest", "PUT /videos/{id}", 0, last + 100);
		for (int i = 0; i < 5; i++) {
			spans.client("b" + i, "a", "ingest", "S3.UploadPart", 10 + i, (i == 3) ? last : 1300 + i,
					"http.request.body.size", 26_214_400);
		}
		Diagnosis diagnosis = spans.diagnosis();
		assertThat(diagnosis.healthy()).isEqualTo(healthy);
		assertThat(diagnosis.findings()).allSatisfy((finding) -> assertThat(finding.sentence())
			.contains("the median of the 5 calls of this kind is 1.29 s"));
	}

	@ParameterizedTest
	@CsvSource({ "INTERNAL, true", "SERVER, false" })
	void leavesWorkAloneThatAJobSharesOutToAnotherService(Span.Kind root, boolean healthy) {
		Spans spans = new Spans().add(root, "a", null, "airflow", "nightly", 0, 980_000)
			.add(Span.Kind.INTERNAL, "t", "a", "airflow", "transform", 10, 979_000);
		for (int i = 0; i < 3; i++) {
			spans.add(Span.Kind.INTERNAL, "b" + i, "t", "spark", "stage " + i, 20 + i, 970_000 - i * 20_000);
		}
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "S3KeySensor, true", "PythonOperator, false" })
	void leavesAloneWhatAStepDoesWhoseKindIsToWait(String operator, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "airflow", "dag feed", 0, 1_400_000)
			.add(Span.Kind.INTERNAL, "t", "a", "airflow", "task wait_for_file", 10, 1_300_000, "airflow.task.operator",
					operator)
			.add(Span.Kind.INTERNAL, "p", "t", "airflow", "poke", 20, 1_299_000)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "INTERNAL, 14, true", "UNSPECIFIED, 14, true", "SERVER, 14, false", "UNSPECIFIED, 400, true",
			"UNSPECIFIED, 1400, false" })
	void leavesEvenWorkAloneThatNobodyAskedFor(Span.Kind root, int last, boolean healthy) {
		Spans spans = new Spans().add(root, "a", null, "dedupe", "dedupe /srv", 0, 2790 + last);
		for (int i = 0; i < 199; i++) {
			spans.add(Span.Kind.UNSPECIFIED, "b" + i, "a", "dedupe", "hash files", i * 14, i * 14 + 14);
		}
		spans.add(Span.Kind.UNSPECIFIED, "b", "a", "dedupe", "hash files", 2787, 2787 + last);
		assertThat(spans.diagnosis().healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "kernel idle, true", "waiting for user, true", "wait_for_players, true", "guest chooses, true",
			"router chooses, false", "socket of a player, true", "socket, true", "open socket, false",
			"offline queue, true", "waiting for db, false" })
	void leavesIdlingAlone(String name, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "kernel", "session", 0, 60_000)
			.add(Span.Kind.INTERNAL, "b", "a", "kernel", "cell 1", 10, 2000)
			.add(Span.Kind.INTERNAL, "c", "a", "kernel", name, 2010, 59_000)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

	@ParameterizedTest
	@CsvSource({ "exposure 300 s, true", "exposure 5 min, true", "exposure 30 s, false",
			"lock (timeout 300 s), false" })
	void leavesAloneWhatLastsAsLongAsItsNameSays(String name, boolean healthy) {
		assertThat(new Spans().add(Span.Kind.INTERNAL, "a", null, "telescope", "observe", 0, 330_000)
			.add(Span.Kind.INTERNAL, "b", "a", "telescope", "slew", 0, 20_000)
			.add(Span.Kind.INTERNAL, "c", "a", "telescope", name, 20_010, 320_020)
			.diagnosis()
			.healthy()).isEqualTo(healthy);
	}

}
