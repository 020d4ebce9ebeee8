package io.twelveseconds.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

class FaultsTests {

	@RegisterExtension
	static final OpenTelemetryExtension telemetry = OpenTelemetryExtension.create();

	@TempDir
	private Path directory;

	private FlagFile file;

	private Flags flags;

	private Faults faults;

	@BeforeEach
	void start() {
		this.file = new FlagFile(this.directory);
		this.flags = new Flags(
				new FaultSettings(true, this.file.path(), Duration.ofMillis(50), Duration.ofSeconds(60)));
		this.faults = new Faults(this.flags, "shop");
		this.faults.start();
		await("flags").until(() -> !this.faults.ours().isEmpty());
	}

	@AfterEach
	void stop() {
		this.faults.stop();
		this.flags.close();
	}

	@Test
	void knowsItsOwnAndNoOthers() {
		assertThat(this.faults.ours()).extracting(Flag::name)
			.contains("hangs", "naive-greeting")
			.doesNotContain("of-another");
		assertThat(this.faults.ours()).noneMatch(Flag::isOn);
	}

	@Test
	void strikesNothingWhileAllIsOff() {
		assertThat(strike()).isEmpty();
		assertThat(this.faults.mayStrike(Edge.HTTP_SERVER)).isFalse();
	}

	@Test
	void strikesEveryNthTimeFromTheMomentItIsSwitchedOn() {
		on("fails", Map.of("status", 503, "every", 3));
		assertThat(struck(9)).containsExactly(3, 6, 9);
		on("fails", Map.of("status", 503, "every", 3, "seed", 2));
		assertThat(struck(9)).containsExactly(1, 4, 7);
	}

	@Test
	void anotherFaultsChangeDoesNotDisturbTheCount() {
		on("fails", Map.of("status", 503, "every", 3));
		assertThat(struck(2)).isEmpty();
		on("slow", Map.of("slow", "1s"));
		assertThat(struck(1)).containsExactly(1);
	}

	@Test
	void strikesOnlyWhereItBelongs() {
		on("fails", Map.of("status", 503));
		assertThat(this.faults.strike(Edge.HTTP_SERVER, "GET /work")).isEmpty();
		assertThat(this.faults.strike(Edge.HTTP_SERVER, "POST /other")).isEmpty();
		assertThat(this.faults.strike(Edge.HTTP_CLIENT, "POST /work")).isEmpty();
		assertThat(strike()).hasSize(1);
		on("slow", Map.of("slow", "1s"));
		assertThat(this.faults.strike(Edge.JDBC, "  UPDATE\n  shelf SET left = 1")).hasSize(1);
		assertThat(this.faults.strike(Edge.JDBC, "SELECT 1")).isEmpty();
	}

	@Test
	void oneRequestAsksForAFaultByItsBaggage() {
		assertThat(withBaggage("fails", this::strike)).extracting(Fault::name).containsExactly("fails");
		assertThat(withBaggage("late:fails", this::strike)).extracting(Fault::name)
			.containsExactlyInAnyOrder("late", "fails");
		assertThat(withBaggage("of-another", this::strike)).isEmpty();
		assertThat(withBaggage("no-such-fault", this::strike)).isEmpty();
		assertThat(strike()).isEmpty();
	}

	@Test
	void marksTheSpanThatItDisturbs() {
		inSpan("disturbed", () -> withBaggage("fails", this::strike));
		inSpan("calm", this::strike);
		assertThat(telemetry.getSpans().get(0).getAttributes().asMap())
			.isEqualTo(Map.of(AttributeKey.stringKey("feature_flag.key"), "fails",
					AttributeKey.stringKey("feature_flag.result.variant"), "on",
					AttributeKey.stringKey("feature_flag.provider.name"), "flagd"));
		assertThat(telemetry.getSpans().get(1).getAttributes().isEmpty()).isTrue();
	}

	@Test
	void misspeltParameterLeavesTheFaultOff() {
		on("fails", Map.of("staus", 503));
		assertThat(strike()).isEmpty();
		assertThat(this.faults.told()).containsEntry("fails",
				"off: There is no parameter 'staus' at the edge http-server");
		on("fails", Map.of("status", "many"));
		assertThat(strike()).isEmpty();
		on("late", Map.of("delay-response", "3 parsecs"));
		assertThat(strike()).isEmpty();
	}

	@Test
	void beanThatWasNotBuiltInDoesNoWork() {
		on("naive-greeting", Map.of("bean", "curtGreeting"));
		assertThat(this.faults.on("naive-greeting")).isPresent();
		on("naive-greeting", Map.of("bean", "nosuch"));
		assertThat(this.faults.on("naive-greeting")).isEmpty();
		assertThat(this.faults.told()).containsEntry("naive-greeting",
				"off: It chooses between the beans [kindGreeting, curtGreeting], and no other");
		on("naive-greeting", Map.of("bean", "curtGreeting", "every", 3));
		assertThat(this.faults.on("naive-greeting")).isEmpty();
		assertThat(this.faults.told().get("naive-greeting")).startsWith("off: There is no parameter 'every'");
	}

	@Test
	void tableThatCannotBeLockedIsRefused() {
		Flag lock = new Flag("locked", "on", "shop", "jdbc", "UPDATE stock", Map.of("lock-table", "public.stock"));
		assertThatIllegalArgumentException().isThrownBy(() -> new Fault(lock, false))
			.withMessage("lock-table=public.stock: 'public.stock' is no name of a table");
	}

	@Test
	void faultWithoutAPlaceIsRefused() {
		Flag nowhere = new Flag("slow", "on", "shop", "jdbc", "", Map.of("slow", "1s"));
		assertThatIllegalArgumentException().isThrownBy(() -> new Fault(nowhere, false)).withMessageContaining("'at'");
	}

	@Test
	void newFlagInTheFileIsFound() {
		this.file.add("fails-too", "fails").set("fails-too", "on");
		this.file.awaitSeen(
				() -> this.faults.ours().stream().anyMatch((flag) -> flag.name().equals("fails-too") && flag.isOn()));
		assertThat(struck(3)).containsExactly(3);
	}

	@Test
	void switchingOffLetsGoOfWhoIsHeld() {
		on("hangs", Map.of("hang", "60s"));
		Fault hangs = strike().get(0);
		Thread held = new Thread(() -> this.faults.hold(hangs, Duration.ofSeconds(60)));
		held.start();
		await("it is held").until(() -> held.getState() == Thread.State.TIMED_WAITING);
		this.file.allOff();
		this.file.awaitSeen(() -> !held.isAlive());
	}

	/** As while the work is done whose answer is to come late. */
	@Test
	void whatIsSwitchedOffBetweenStrikingAndHoldingHoldsNobody() {
		on("late", Map.of("delay-response", "60s"));
		Fault late = strike().get(0);
		this.file.allOff();
		this.file.awaitSeen(() -> this.faults.ours().stream().noneMatch(Flag::isOn));
		assertThat(CompletableFuture.runAsync(() -> this.faults.hold(late, Duration.ofSeconds(60))))
			.succeedsWithin(Duration.ofSeconds(10));
	}

	@Test
	void withoutAFileAllIsOff() throws IOException {
		on("fails", Map.of("status", 503));
		Files.delete(this.file.path());
		await("all is off").atMost(Duration.ofSeconds(30)).until(() -> this.faults.ours().isEmpty());
		assertThat(strike()).isEmpty();
		assertThat(withBaggage("fails", this::strike)).isEmpty();
	}

	private static void inSpan(String name, Runnable work) {
		Span span = telemetry.getOpenTelemetry().getTracer("test").spanBuilder(name).startSpan();
		Context.current().with(span).wrap(work).run();
		span.end();
	}

	private void on(String name, Map<String, Object> parameters) {
		this.file.on(name, parameters);
		this.file.awaitSeen(() -> this.faults.ours()
			.stream()
			.anyMatch((flag) -> flag.name().equals(name) && flag.isOn()
					&& flag.value().keySet().equals(parameters.keySet())
					&& flag.value().values().containsAll(parameters.values().stream().map(String::valueOf).toList())));
	}

	private List<Fault> strike() {
		return this.faults.strike(Edge.HTTP_SERVER, "POST /work");
	}

	private List<Integer> struck(int times) {
		return IntStream.rangeClosed(1, times).filter((n) -> !strike().isEmpty()).boxed().toList();
	}

	private static <T> T withBaggage(String names, Supplier<T> work) {
		Baggage baggage = Baggage.builder().put("demo.fault", names).build();
		return Context.current().with(baggage).wrapSupplier(work).get();
	}

}
