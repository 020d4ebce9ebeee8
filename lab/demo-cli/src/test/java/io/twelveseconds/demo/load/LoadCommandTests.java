package io.twelveseconds.demo.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.twelveseconds.demo.Demo;
import io.twelveseconds.demo.Run;
import io.twelveseconds.demo.StubServer;
import io.twelveseconds.demo.StubServer.Reply;
import io.twelveseconds.demo.Until;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class LoadCommandTests {

	private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

	@TempDir
	private Path directory;

	@Test
	void showsALineASecondAndThenTheTable() {
		try (StubServer gateway = new StubServer((request) -> created())) {
			Run run = load(gateway, "--rate", "20", "--for", "3s", "--items", "sku-01");
			assertThat(run.exit()).isZero();
			assertThat(run.err()).isEmpty();
			assertThat(run.out()).containsPattern("(?m)^   0 s  p50 .* p99 .* max .*s  \\d+ x 201")
				.containsPattern("(?m)^   1 s  p50 ")
				.containsPattern("(?m)^   2 s  p50 .* 20 x 201$")
				.contains("20 per second for 3.00 s: 60 of 60 arrived in 3.00 s, 60 answered, 20 answers per second")
				.containsPattern("(?m)^REQUEST +COUNT +P50 +P90 +P95 +P99 +P99.9 +MAX$")
				.containsPattern("(?m)^POST /api/orders +60( +[0-9.]+ m?s){6}$")
				.containsPattern("(?m)^all +60 ")
				.contains("Answers  60 x 201", "Errors   none",
						"Slots    0 of 60 arrivals found all 200 taken and waited; 0 of them gave up unsent",
						"POST /api/orders 201: ./demo trace " + TRACE_ID);
		}
	}

	@Test
	void printsOneJsonAndNothingElse() {
		try (StubServer gateway = new StubServer(
				(request) -> request.method().equals("GET") ? Reply.of(500, "") : created())) {
			Run run = load(gateway, "--rate", "100", "--for", "1s", "--items", "sku-01:2", "--also",
					"/api/products@0.5", "--customers", "cust-03", "--json");
			assertThat(run.exit()).isZero();
			JsonNode json = JsonMapper.shared().readTree(run.out());
			assertThat(json.at("/arrived").asInt()).isEqualTo(100);
			assertThat(json.at("/total/answered").asInt()).isEqualTo(100);
			int orders = json.at("/requests/POST ~1api~1orders/statuses/201").asInt();
			assertThat(orders).isBetween(25, 75);
			assertThat(json.at("/requests/GET ~1api~1products/statuses/500").asInt()).isEqualTo(100 - orders);
			assertThat(json.at("/total/latencyMillis/p99").asDouble()).isPositive();
			assertThat(json.at("/slowest/0/tookMillis").asDouble())
				.isEqualTo(json.at("/total/latencyMillis/max").asDouble(), within(2.0));
			assertThat(gateway.requests()).filteredOn((request) -> request.method().equals("POST"))
				.hasSize(orders)
				.allMatch((request) -> request.body()
					.equals("{\"customer\":\"cust-03\",\"lines\":[{\"sku\":\"sku-01\",\"quantity\":2}]}"));
		}
	}

	@Test
	void failsIfNothingIsAnswered() {
		StubServer gateway = new StubServer((request) -> created());
		gateway.close();
		Run fixed = load(gateway, "--rate", "10", "--for", "500ms", "--items", "sku-01");
		assertThat(fixed.exit()).isEqualTo(1);
		assertThat(fixed.out()).contains("Errors   5 x not connected");
		Run random = load(gateway, "--rate", "10", "--for", "500ms");
		assertThat(random.exit()).isEqualTo(1);
		assertThat(random.err()).contains("No gateway at " + gateway.url() + ": is it up? Try ./demo up");
	}

	@ParameterizedTest
	@ValueSource(strings = { "--rate 501 --for 1s", "--rate 0 --for 1s", "--rate 10 --for 11m", "--rate 10 --for 0s",
			"--rate ten --for 1s", "--rate 10", "--for 1s", "--rate 10 --for 10", "--rate 10 --for 1s --also products",
			"--rate 10 --for 1s --also /api/products?%zz", "--rate 10 --for 1s --also /api/products@much",
			"--rate 10 --for 1s --also /api/products@1.1", "--rate 10 --for 1s --items sku-01 --lines 2",
			"--rate 10 --for 1s --in-flight 301", "--rate 10 --for 1s --max 0", "--rate 10 --for 1s --timeout 0s" })
	void refusesWhatItWillNotDo(String arguments) {
		Run run = Run.of(new LoadCommand(), arguments.split(" "));
		assertThat(run.exit()).isEqualTo(2);
		assertThat(run.err()).contains("Usage");
	}

	@Test
	void saysWhatTheLimitIs() {
		assertThat(Run.of(new LoadCommand(), "--rate", "1000", "--for", "1s").err())
			.contains("The rate must be above 0 and at most 500 per second");
		assertThat(Run.of(new LoadCommand(), "--rate", "1", "--for", "60m").err())
			.contains("A load takes at most 10 min 0 s");
	}

	/** A process of its own, since the signal ends it. */
	@Test
	void interruptedLoadPrintsItsTable() throws IOException, InterruptedException {
		Path out = this.directory.resolve("out");
		try (StubServer gateway = new StubServer((request) -> created())) {
			Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-cp",
					System.getProperty("java.class.path"), Demo.class.getName(), "load", "--rate", "50", "--for", "5m",
					"--items", "sku-01", "--gateway", gateway.url())
				.redirectErrorStream(true)
				.redirectOutput(out.toFile())
				.start();
			try {
				Until.holds("answers are told of", () -> read(out).contains(" x 201"));
				// Ctrl-C does the same, but is ignored by what a script starts in the
				// background.
				process.destroy();
				assertThat(process.waitFor()).isEqualTo(143);
			}
			finally {
				process.destroyForcibly();
			}
		}
		assertThat(Files.readString(out)).containsPattern("(?m)^50 per second for 5 min 0 s: \\d+ of 15000 arrived in ")
			.containsPattern("(?m)^POST /api/orders +\\d+ ")
			.contains("Answers  ");
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Reply created() {
		return new Reply(201, "{}", Map.of("traceresponse", "00-" + TRACE_ID + "-00f067aa0ba902b7-01"));
	}

	private static Run load(StubServer gateway, String... arguments) {
		String[] all = new String[arguments.length + 2];
		all[0] = "--gateway";
		all[1] = gateway.url();
		System.arraycopy(arguments, 0, all, 2, arguments.length);
		return Run.of(new LoadCommand(), all);
	}

}
