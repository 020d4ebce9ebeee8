package io.twelveseconds.demo.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.twelveseconds.demo.FakeParts;
import io.twelveseconds.demo.StubServer;
import io.twelveseconds.demo.Until;
import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.part.App;
import io.twelveseconds.demo.part.Part;
import io.twelveseconds.demo.part.RunDirectory;
import io.twelveseconds.demo.part.RunningPart;
import io.twelveseconds.demo.part.Stack;
import io.twelveseconds.demo.stack.Progress.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

class LocalStackTests {

	@TempDir
	private Path home;

	private LocalStack stack = FakeParts.stack(Path.of(""));

	@AfterEach
	void stopAll() {
		this.stack.down(false);
	}

	@Test
	void startsEachPartAfterThoseItNeeds() {
		List<String> order = new ArrayList<>();
		try (StubServer healthy = new StubServer((request) -> StubServer.Reply.of(200, "{}"))) {
			use(FakeParts.good("below"), new Part("above", null, List.of("/bin/sh", "-c", "exec sleep 120"), Map.of(),
					Map.of(), Set.of("below"), null, URI.create(healthy.url() + "/actuator/health")));
			this.stack
				.startup((lines) -> lines.stream()
					.filter((line) -> line.state() != State.WAITING)
					.map((line) -> line.part() + " " + line.state())
					.filter((change) -> !order.contains(change))
					.forEach(order::add))
				.run();
		}
		assertThat(order).containsSubsequence("below READY", "above READY").doesNotContain("above FAILED");
	}

	@Test
	void startsTwoServicesAtATime() {
		Map<String, Integer> asked = new ConcurrentHashMap<>();
		try (StubServer health = new StubServer((request) -> StubServer.Reply
			.of((asked.merge(request.uri().getPath(), 1, Integer::sum) < 3) ? 503 : 200, ""))) {
			use(FakeParts.service("a", health.url() + "/a"), FakeParts.service("b", health.url() + "/b"),
					FakeParts.service("c", health.url() + "/c"), FakeParts.service("d", health.url() + "/d"));
			Set<Long> starting = new LinkedHashSet<>();
			this.stack.startup(
					(lines) -> starting.add(lines.stream().filter((line) -> line.state() == State.STARTING).count()))
				.run();
			assertThat(starting).contains(2L).allSatisfy((count) -> assertThat(count).isLessThanOrEqualTo(2));
		}
	}

	@Test
	void partThatDiesWhileStartingIsNamedWithItsReasonAndItsLog() {
		use(FakeParts.good("postgres"), FakeParts.script("broken",
				"echo 'the disk is full'; echo '	at java.base/A.b(A.java)'; exit 7", Map.of()));
		assertThatExceptionOfType(DemoException.class).isThrownBy(this.stack::up)
			.withMessageContainingAll("broken died while starting (exit code 7).", "    the disk is full\n",
					"Its log: " + this.home.resolve("logs/broken.log"), "./demo down")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("java.base"));
	}

	@Test
	void realJavaThatDiesIsReportedLikewise() {
		use(new Part("jvm", null, List.of(ProcessHandle.current().info().command().orElseThrow(), "no.such.Main"),
				Map.of(), Map.of(), Set.of(), "ready", null));
		assertThatExceptionOfType(DemoException.class).isThrownBy(this.stack::up)
			.withMessageContainingAll("jvm died while starting (exit code 1)", "no.such.Main");
	}

	@Test
	void partThatIsNotReadyInTimeIsStoppedAndNamed() {
		this.stack = FakeParts.stack(this.home, Duration.ofMillis(300),
				FakeParts.script("slow", "echo wait; exec sleep 120", Map.of()));
		assertThatExceptionOfType(DemoException.class).isThrownBy(this.stack::up)
			.withMessageContainingAll("slow was not ready after 300 ms, and is stopped.", "    wait\n");
		assertThat(this.stack.state(this.stack.part("slow"))).isEmpty();
	}

	@Test
	void partThatRanBeforeIsNotStoppedForNotBeingReady() throws IOException {
		Part slow = FakeParts.script("slow", "exec sleep 120", Map.of());
		this.stack = FakeParts.stack(this.home, Duration.ofMillis(300), slow);
		this.stack.launch(slow);
		long pid = this.stack.pid("slow");
		assertThatExceptionOfType(DemoException.class).isThrownBy(this.stack::up)
			.withMessageContaining("slow was not ready after 300 ms, and is left as it is, since it ran before.");
		assertThat(this.stack.pid("slow")).isEqualTo(pid);
	}

	@Test
	void partThatDiesWhileOthersStartIsNamed() {
		Path signal = this.home.resolve("signal");
		use(FakeParts.script("brief", "echo ready; until [ -e '%s' ]; do sleep 0.05; done".formatted(signal), Map.of()),
				FakeParts.script("slow", "exec sleep 120", Map.of()));
		Startup startup = this.stack.startup((lines) -> {
			if (lines.get(0).state() == State.READY) {
				signal.toFile().mkdir();
			}
		});
		assertThatExceptionOfType(DemoException.class).isThrownBy(startup::run)
			.withMessageContainingAll("brief has died since it was ready (exit code 0).", "Still starting: slow.");
	}

	@Test
	void failedStartLeavesTheOthersAndSaysSo() {
		use(FakeParts.good("good"), FakeParts.script("broken", "sleep 0.5; exit 1", Map.of()));
		assertThatExceptionOfType(DemoException.class).isThrownBy(this.stack::up)
			.withMessageContaining("Running: good. Still starting: nothing. Not started: nothing.");
		assertThat(this.stack.pid("good")).isPositive();
	}

	@Test
	void failedStartCanTakeBackWhatItStarted() {
		use(FakeParts.good("before"));
		this.stack.up();
		long before = this.stack.pid("before");
		use(FakeParts.good("before"), FakeParts.good("after"),
				FakeParts.script("broken", "sleep 0.5; exit 1", Map.of()));
		Startup startup = this.stack.startup(Progress.SILENT);
		assertThatExceptionOfType(DemoException.class).isThrownBy(startup::run);
		assertThat(startup.stopStarted()).containsExactly("broken", "after");
		assertThat(this.stack.pid("before")).isEqualTo(before);
		assertThat(this.stack.running(this.stack.part("after"))).isEmpty();
	}

	@Test
	void cancelledStartStopsWhatItHadStarted() throws InterruptedException {
		use(FakeParts.good("good"), FakeParts.script("never-ready", "exec sleep 120", Map.of()));
		Startup startup = this.stack.startup((lines) -> {
		});
		Thread up = new Thread(() -> {
			try {
				startup.run();
			}
			catch (DemoException ex) {
				// Expected.
			}
		});
		up.start();
		Until.holds("good is ready",
				() -> this.stack.running(this.stack.part("good")).filter((p) -> p.startupMillis() != null).isPresent());
		startup.cancel();
		assertThat(startup.stopStarted()).containsExactly("never-ready", "good");
		up.join();
		assertThat(this.stack.running(this.stack.part("good"))).isEmpty();
	}

	@Test
	void secondUpLeavesWhatRunsAndStartsWhatIsMissing() {
		use(FakeParts.good("a"), FakeParts.good("b"));
		this.stack.up();
		long a = this.stack.pid("a");
		this.stack.kill("b", true);
		List<String> states = new ArrayList<>();
		this.stack.startup((lines) -> states.add(lines.get(0).state() + " " + lines.get(1).state())).run();
		assertThat(this.stack.pid("a")).isEqualTo(a);
		assertThat(this.stack.pid("b")).isPositive();
		assertThat(states).contains("RUNS_ALREADY READY");
	}

	@Test
	void partThatAnEarlierUpLeftStartingIsReadyAfterAllOfItsTime() throws IOException {
		Path signal = this.home.resolve("signal");
		Part slow = FakeParts.script("slow",
				"until [ -e '%s' ]; do sleep 0.05; done; echo ready; exec sleep 120".formatted(signal), Map.of());
		use(slow, FakeParts.script("signal", "touch '%s'; echo ready; exec sleep 120".formatted(signal), Map.of()));
		this.stack.launch(slow);
		RunningPart left = this.stack.state(slow).orElseThrow();
		new RunningPart("slow", left.pid(), left.processStart(), left.ports(), 0, left.startedAt().minusSeconds(3600),
				left.logStart(), null, null)
			.write(this.home.resolve("run"));
		this.stack.up();
		assertThat(this.stack.state(slow).orElseThrow().startupMillis()).isBetween(3_600_000L, 3_700_000L);
	}

	@Test
	void busyPortIsNamedWithItsHolderAndNothingIsStarted() throws IOException {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			use(FakeParts.good("first"),
					FakeParts.script("second", "exec sleep 120", Map.of("http", other.getLocalPort())));
			assertThatExceptionOfType(DemoException.class).isThrownBy(this.stack::up)
				.withMessageContainingAll("Port " + other.getLocalPort() + ", which second needs, is in use",
						"Nothing was started", "--port-offset", "DEMO_PORT_OFFSET");
			assertThat(this.stack.state(this.stack.part("first"))).isEmpty();
		}
	}

	@Test
	void partThatIsNotBuiltIsNamedBeforeAnythingIsStarted() {
		Part unbuilt = new Part("unbuilt", new App(this.home.resolve("no.jar"), this.home.resolve("apps/no"), true),
				List.of(), Map.of(), Map.of(), Set.of(), null, null);
		use(FakeParts.good("first"), unbuilt);
		assertThatExceptionOfType(DemoException.class).isThrownBy(this.stack::up)
			.withMessageContainingAll("unbuilt is not built", "no.jar");
		assertThat(this.stack.state(this.stack.part("first"))).isEmpty();
	}

	@Test
	void twoStartsAtTheSameTimeAreRefused() {
		use(FakeParts.good("a"));
		this.stack.run().alone(() -> {
			assertThatExceptionOfType(DemoException.class).isThrownBy(this.stack::up)
				.withMessageContaining("Another ./demo is starting or stopping");
			return true;
		});
	}

	@Test
	void nothingIsKilledWhileAnotherStarts() {
		use(FakeParts.good("a"));
		this.stack.up();
		this.stack.run().alone(() -> {
			assertThatExceptionOfType(DemoException.class).isThrownBy(() -> this.stack.kill("a", true))
				.withMessageContaining("Another ./demo is starting or stopping");
			return true;
		});
		assertThat(this.stack.pid("a")).isPositive();
	}

	@Test
	void downStopsOnlyWhatItStarted() throws IOException {
		Process stranger = new ProcessBuilder("sleep", "120").start();
		try {
			use(FakeParts.good("ours"), FakeParts.good("reused"));
			this.stack.start("ours");
			ProcessHandle ours = ProcessHandle.of(this.stack.pid("ours")).orElseThrow();
			// The process that this state speaks of is long dead, and its number used
			// again.
			new RunningPart("reused", stranger.pid(), Instant.now().minusSeconds(3600), Map.of(), 0, Instant.now(), 0,
					1L, null)
				.write(this.home.resolve("run"));
			List<String> report = new ArrayList<>();
			assertThat(this.stack.down(false, report::add)).isTrue();
			assertThat(report).hasSize(2);
			assertThat(report.get(0)).startsWith("reused").contains("had died before");
			assertThat(report.get(1)).startsWith("ours").contains("stopped in");
			assertThat(RunningPart.isRunning(ours)).isFalse();
			// It is listed until its end has been taken note of.
			Until.holds("our part is not listed any more", () -> !ours.isAlive());
			assertThat(stranger.isAlive()).isTrue();
		}
		finally {
			stranger.destroyForcibly();
		}
	}

	@Test
	void downGoesFromTheTopToTheBottom() {
		use(FakeParts.good("bottom"), FakeParts.good("middle"), FakeParts.good("top"));
		this.stack.up();
		List<String> report = new ArrayList<>();
		this.stack.down(false, (line) -> report.add(line.split(" ")[0]));
		assertThat(report).containsExactly("top", "middle", "bottom");
	}

	@Test
	void wipeRemovesTheDataAndKeepsTheLogs() throws IOException {
		use(FakeParts.good("a"));
		this.stack.up();
		Files.createDirectories(this.home.resolve("data/postgres"));
		this.stack.down(false);
		assertThat(this.home.resolve("data/postgres")).exists();
		this.stack.down(true);
		assertThat(this.home.resolve("data")).doesNotExist();
		assertThat(this.stack.log("a")).exists();
	}

	@Test
	void partKilledHardCountsAsDied() {
		use(FakeParts.good("a"), FakeParts.good("b"));
		this.stack.up();
		this.stack.kill("a", true);
		this.stack.kill("b", false);
		assertThat(this.stack.state(this.stack.part("a"))).isPresent();
		assertThat(this.stack.running(this.stack.part("a"))).isEmpty();
		assertThat(this.stack.state(this.stack.part("b"))).isEmpty();
	}

	@Test
	void startNeedsWhatThePartNeeds() {
		use(FakeParts.good("postgres"), FakeParts.good("service", "postgres"));
		assertThatExceptionOfType(DemoException.class).isThrownBy(() -> this.stack.start("service"))
			.withMessageContaining("service needs postgres, which does not run: ./demo start postgres");
	}

	@Test
	void unknownPartIsAnsweredWithTheNamesOfAll() {
		use(FakeParts.good("a"), FakeParts.good("b"));
		assertThatExceptionOfType(LocalStack.UnknownPartException.class).isThrownBy(() -> this.stack.log("c"))
			.withMessage("There is no part 'c'. The parts are: a, b");
	}

	@Test
	void offsetOfWhatRunsIsRemembered() {
		this.stack = new LocalStack(Stack.EMBEDDED, List.of(FakeParts.good("a")), Path.of(""), this.home, 700,
				Duration.ofSeconds(30));
		assertThat(new RunDirectory(this.home).portOffset()).isEmpty();
		this.stack.up();
		assertThat(new RunDirectory(this.home).portOffset()).hasValue(700);
		this.stack.down(false);
		assertThat(new RunDirectory(this.home).portOffset()).isEmpty();
	}

	@Test
	void whatTheAgentWasToldToKeepIsRemembered() {
		use(FakeParts.good("a").with(Map.of("OTEL_TRACES_SAMPLER_ARG", "0.5")));
		this.stack.up();
		assertThat(this.stack.state(this.stack.part("a")).orElseThrow().headShare()).isEqualTo("0.5");
	}

	@Test
	void partsAreDeafToInterrupts() throws IOException, InterruptedException {
		use(FakeParts.good("a"));
		this.stack.up();
		long pid = this.stack.pid("a");
		for (String signal : List.of("-INT", "-HUP")) {
			assertThat(new ProcessBuilder("kill", signal, String.valueOf(pid)).start().waitFor()).isZero();
		}
		assertThat(this.stack.pid("a")).isEqualTo(pid);
	}

	/** Ctrl-C reaches all of a group, and PostgreSQL does not ignore it. */
	@Test
	void partsHaveAProcessGroupOfTheirOwn() throws IOException, InterruptedException {
		use(FakeParts.good("a"));
		this.stack.up();
		String group = "kill -0 -- -" + this.stack.pid("a");
		assertThat(new ProcessBuilder("bash", "-c", group).start().waitFor()).isZero();
	}

	@Test
	void partThatCannotBeRememberedDoesNotRun() throws IOException {
		use(FakeParts.script("a", "exec sleep 121", Map.of()));
		// In the place of the file that would say that it runs.
		Files.createDirectories(this.home.resolve("run/a.json/in-the-way"));
		assertThatIOException().isThrownBy(() -> this.stack.launch(this.stack.part("a")));
		Until.holds("nothing is left of it",
				() -> ProcessHandle.current()
					.children()
					.noneMatch((child) -> child.info().commandLine().orElse("").endsWith("sleep 121")));
	}

	private void use(Part... parts) {
		this.stack = FakeParts.stack(this.home, parts);
	}

}
