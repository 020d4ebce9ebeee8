package io.twelveseconds.demo.sampling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.twelveseconds.demo.FakeParts;
import io.twelveseconds.demo.StubServer;
import io.twelveseconds.demo.StubServer.Reply;
import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.part.RunDirectory;
import io.twelveseconds.demo.part.RunningPart;
import io.twelveseconds.demo.stack.LocalStack;
import io.twelveseconds.demo.stack.Progress;
import io.twelveseconds.demo.telemetry.Sampling;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SamplingSwitchTests {

	private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

	private final StubServer healthy = new StubServer((request) -> Reply.of(200, ""));

	@TempDir
	private Path home;

	private Path good;

	private LocalStack stack;

	@BeforeEach
	void prepare() throws IOException {
		this.good = Files.writeString(this.home.resolve("good"), "");
		this.stack = FakeParts.stack(
				this.home, FakeParts.good("kafka"), FakeParts.script("collector",
						"test -f %s || exit 1; echo ready; exec sleep 120".formatted(this.good), Map.of()),
				FakeParts.service("order-service", this.healthy.url(), "kafka"));
	}

	@AfterEach
	void stop() {
		this.stack.down(true);
		this.healthy.close();
	}

	@Test
	void whatAFailedSwitchLeftDownIsStartedWhenItIsRepeated() throws IOException {
		this.stack.up();
		Files.delete(this.good);
		assertThatExceptionOfType(DemoException.class).isThrownBy(() -> use("head"))
			.withMessageContaining("collector died while starting");
		assertThat(runs("collector")).isFalse();
		Files.writeString(this.good, "");
		use("head");
		assertThat(runs("collector") && runs("order-service")).isTrue();
		assertThat(Sampling.inUse(ROOT, this.home).name()).isEqualTo("head");
	}

	@Test
	void whatRunsWithItAlreadyIsLeftAlone() {
		this.stack.up();
		use("head");
		long pid = pid("order-service");
		use("head");
		assertThat(pid("order-service")).isEqualTo(pid);
		use("everything");
		assertThat(pid("order-service")).isNotEqualTo(pid);
	}

	/** From a shell with a share of its own. */
	@Test
	void agentThatWasToldAnotherShareIsStartedAnew() throws IOException {
		this.stack.up();
		RunDirectory run = new RunDirectory(this.home);
		RunningPart told = run.part("order-service").orElseThrow();
		run.remember(new RunningPart(told.part(), told.pid(), told.processStart(), told.ports(), told.portOffset(),
				told.startedAt(), told.logStart(), told.startupMillis(), "0.5"));
		use("everything");
		assertThat(pid("order-service")).isNotEqualTo(told.pid());
	}

	@Test
	void nothingIsStartedOfAShopThatDoesNotRun() {
		use("head");
		assertThat(runs("collector") || runs("order-service")).isFalse();
		assertThat(new RunDirectory(this.home).kind()).isEmpty();
		assertThat(Sampling.inUse(ROOT, this.home).name()).isEqualTo("head");
	}

	@Test
	void nothingIsStoppedThatCouldNotBeStartedAgain() {
		this.stack.up();
		this.stack.kill("kafka", false);
		assertThatExceptionOfType(DemoException.class).isThrownBy(() -> use("head"))
			.withMessageContaining("order-service needs kafka, which does not run: ./demo start kafka");
		assertThat(runs("collector") && runs("order-service")).isTrue();
		assertThat(Sampling.inUse(ROOT, this.home).name()).isEqualTo("everything");
	}

	private void use(String name) {
		new SamplingSwitch(ROOT, this.home, () -> this.stack, Progress.SILENT).use(Sampling.of(ROOT, name));
	}

	private boolean runs(String part) {
		return this.stack.running(this.stack.part(part)).isPresent();
	}

	private long pid(String part) {
		return this.stack.running(this.stack.part(part)).orElseThrow().pid();
	}

}
