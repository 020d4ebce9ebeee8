package io.twelveseconds.demo.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.twelveseconds.demo.OwnHome;
import io.twelveseconds.demo.Run;
import io.twelveseconds.demo.Spans;
import io.twelveseconds.demo.StubServer;
import io.twelveseconds.demo.StubServer.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class DiagnoseCommandTests extends OwnHome {

	@Test
	void saysThatATraceIsHealthy() {
		try (StubServer store = new StubServer((request) -> Reply.of(200, healthy().json()))) {
			Run run = diagnose(store, Spans.TRACE_ID);
			assertThat(run.exit()).isZero();
			assertThat(run.out()).startsWith("Healthy: api-gateway POST /api/orders took 20.0 ms")
				.contains("Critical path to the answer: 20.0 ms")
				.contains("Critical path to the end of all work: 40.0 ms");
		}
	}

	@Test
	void namesTheCauseFirstAndProvesIt() throws IOException {
		Run run = Run.of(new DiagnoseCommand(), "--file", file(slow().json()).toString());
		assertThat(run.exit()).isZero();
		assertThat(run.err()).isEmpty();
		assertThat(run.out()).startsWith("order-service waits 900 ms for postgresql: UPDATE stock.")
			.contains("1. slow-span  900 ms, 90 % of the time")
			.contains("To do: Look at what the statement waits for")
			.containsPattern("cccccccccccccccc +order-service +UPDATE stock +\\+50\\.0 ms, took 900 ms")
			.containsPattern("order-service +980 ms +98 %");
		assertThat(run.out().lines()).allSatisfy((line) -> assertThat(line).hasSizeLessThanOrEqualTo(130));
	}

	@Test
	void keepsControlCharactersFromTheTerminal() throws IOException {
		String json = healthy().json().replace("api-gateway", "api\\u001b[2J\\u009b2Jgateway");
		assertThat(Run.of(new DiagnoseCommand(), "--file", file(json).toString()).out()).contains("api [2J 2Jgateway: ")
			.doesNotContain("\u001b", "\u009b");
	}

	@Test
	void tellsScriptsTheSame() throws IOException {
		JsonNode json = JsonMapper.shared()
			.readTree(Run.of(new DiagnoseCommand(), "--json", "--file", file(slow().json()).toString()).out());
		assertThat(json.path("verdict").asString()).isEqualTo("findings");
		assertThat(json.path("traceId").asString()).isEqualTo(Spans.TRACE_ID);
		assertThat(json.at("/findings/0/kind").asString()).isEqualTo("slow-span");
		assertThat(json.at("/findings/0/share").asDouble()).isEqualTo(0.9);
		assertThat(json.at("/findings/0/explained").asDouble()).isEqualTo(900);
		assertThat(json.at("/findings/0/spans/0/id").asString()).isEqualTo("c".repeat(16));
		assertThat(json.at("/findings/0/spans/0/offset").asDouble()).isEqualTo(50);
		assertThat(json.at("/criticalPathToAnswer/selfTimes/order-service").asDouble()).isEqualTo(980);
		JsonNode good = JsonMapper.shared()
			.readTree(Run.of(new DiagnoseCommand(), "--json", "--file", file(healthy().json()).toString()).out());
		assertThat(good.path("verdict").asString()).isEqualTo("healthy");
		assertThat(good.path("findings")).isEmpty();
	}

	@Test
	void comparesTheSlowestWithTheOthers() {
		StringBuilder traces = new StringBuilder();
		for (int i = 0; i < 9; i++) {
			traces.append(traces.isEmpty() ? "" : ",").append(ordinary(i, (i == 4) ? 180 : 20));
		}
		try (StubServer store = new StubServer(
				(request) -> Reply.of(200, "{\"result\": {\"resourceSpans\": [" + traces + "]}}"))) {
			Run run = diagnose(store, "--slowest", "2", "--since", "10m", "--service", "order-service");
			assertThat(run.exit()).isZero();
			assertThat(run.out())
				.startsWith("order-service waits 180 ms for postgresql: SELECT orders (usually 20.0 ms)")
				.contains("trace 4af7651916cd43dd8448eb211c80319c")
				.containsOnlyOnce("Healthy: ");
			assertThat(store.requests().get(0).uri()).hasParameter("query.service_name", "order-service");
		}
	}

	@Test
	void saysWhatIsWrongWithAFile() throws IOException {
		Run none = Run.of(new DiagnoseCommand(), "--file", this.home.resolve("none.json").toString());
		assertThat(none.exit()).isEqualTo(1);
		assertThat(none.err()).startsWith("There is no file ").contains("none.json");
		Run page = Run.of(new DiagnoseCommand(), "--file", file("<html>").toString());
		assertThat(page.exit()).isEqualTo(1);
		assertThat(page.err()).contains("cannot be read as a trace: Not JSON");
		Run empty = Run.of(new DiagnoseCommand(), "--file", file("{\"resourceSpans\": []}").toString());
		assertThat(empty.exit()).isEqualTo(1);
		assertThat(empty.err()).contains("There is no span in");
	}

	@Test
	void saysThatThereIsNothingToCompare() {
		try (StubServer store = new StubServer((request) -> Reply.of(404, "{}"))) {
			Run run = diagnose(store, "--slowest", "3");
			assertThat(run.exit()).isEqualTo(1);
			assertThat(run.err()).contains("There is no trace of api-gateway within the last 5 min 0 s");
		}
	}

	@Test
	void refusesWhatContradictsItself() {
		assertThat(Run.of(new DiagnoseCommand(), "last", "--file", "x.json").exit()).isEqualTo(2);
		assertThat(Run.of(new DiagnoseCommand(), "--slowest", "0").exit()).isEqualTo(2);
		assertThat(Run.of(new DiagnoseCommand(), "--since", "5m").err()).contains("go with --slowest");
		assertThat(Run.of(new DiagnoseCommand(), "first").exit()).isEqualTo(2);
	}

	private static Spans healthy() {
		return Spans.longAgo().checkout().consumer("analytics-service", "d").consumer("notification-service", "e");
	}

	private static Spans slow() {
		return Spans.longAgo()
			.add("api-gateway", "a", "", "SERVER", "POST /api/orders", 0, 1000)
			.add("order-service", "b", "a", "SERVER", "POST /orders", 10, 990)
			.add("order-service", "c", "b", "CLIENT", "UPDATE stock", 50, 950, "db.system.name=postgresql");
	}

	private static String ordinary(int number, int millis) {
		String json = Spans.longAgo()
			.add("order-service", "a", "", "SERVER", "GET /orders", 0, millis + 20)
			.add("order-service", "b", "a", "CLIENT", "SELECT orders", 10, millis + 10, "db.system.name=postgresql")
			.json()
			.replace(Spans.TRACE_ID, number + Spans.TRACE_ID.substring(1));
		return json.substring(json.indexOf('[') + 1, json.lastIndexOf(']'));
	}

	private Path file(String text) throws IOException {
		return Files.writeString(this.home.resolve("trace.json"), text);
	}

	private static Run diagnose(StubServer store, String... arguments) {
		String[] all = new String[arguments.length + 2];
		all[0] = "--traces";
		all[1] = store.url();
		System.arraycopy(arguments, 0, all, 2, arguments.length);
		return Run.of(new DiagnoseCommand(), all);
	}

}
