package io.twelveseconds.demo.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.stack.FaultSwitches.Fault;
import io.twelveseconds.demo.stack.FaultSwitches.UnknownFaultException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FaultSwitchesTests {

	private static final Path BUILT_IN = Path.of("../fault-injection/src/main/resources/faults.json");

	@TempDir
	private Path home;

	private Path file = Path.of("");

	private FaultSwitches faults = new FaultSwitches(BUILT_IN, this.file);

	@BeforeEach
	void useAHomeOfItsOwn() {
		this.file = this.home.resolve("demo/flags.json");
		this.faults = new FaultSwitches(BUILT_IN, this.file);
	}

	@Test
	void everythingIsOffToBeginWith() throws IOException {
		assertThat(this.faults.list()).hasSizeGreaterThan(5).noneMatch(Fault::isOn);
		this.faults.prepare();
		assertThat(json(this.file)).isEqualTo(json(BUILT_IN));
	}

	@Test
	void switchesOneOnAndOffAgain() throws IOException {
		Fault fault = this.faults.on("payment-late", Map.of());
		assertThat(fault.isOn()).isTrue();
		assertThat(fault.seen()).isEqualTo("on {delay-response=5s}");
		assertThat(json(this.file).at("/flags/payment-late/defaultVariant").asString()).isEqualTo("on");
		assertThat(this.faults.list()).filteredOn(Fault::isOn).extracting(Fault::name).containsExactly("payment-late");
		assertThat(this.faults.off("payment-late").seen()).isEqualTo("off");
		assertThat(json(this.file)).isEqualTo(json(BUILT_IN));
	}

	@Test
	void whoSwitchesAtTheSameTimeTakesNothingBack() {
		List<String> names = this.faults.list().stream().map(Fault::name).toList();
		names.parallelStream().forEach((name) -> new FaultSwitches(BUILT_IN, this.file).on(name, Map.of()));
		assertThat(this.faults.list()).hasSize(names.size()).allMatch(Fault::isOn);
	}

	@Test
	void twoChangesNeverShareATime() {
		List<Long> times = Stream.of("payment-late", "mails-late", "stock-slow", "stock-locked").map((name) -> {
			this.faults.on(name, Map.of());
			return this.file.toFile().lastModified();
		}).toList();
		assertThat(times).doesNotHaveDuplicates().isSorted();
	}

	/** As after the clock was set back, or on another machine's clock. */
	@Test
	void changeIsYoungerThanAFileFromTheFuture() throws IOException {
		this.faults.prepare();
		long future = System.currentTimeMillis() + 60_000;
		assertThat(this.file.toFile().setLastModified(future)).isTrue();
		this.faults.on("payment-late", Map.of());
		assertThat(this.file.toFile().lastModified()).isGreaterThan(future);
	}

	@Test
	void changedParametersKeepTheirTypesAndGoWithTheNextSwitch() throws IOException {
		Fault changed = this.faults.on("payment-fails", Map.of("status", "503", "every", "4", "seed", "1"));
		assertThat(changed.seen()).isEqualTo("on {every=4, seed=1, status=503}");
		JsonNode on = json(this.file).at("/flags/payment-fails/variants/on");
		assertThat(on).allMatch(JsonNode::isIntegralNumber);
		this.faults.on("stock-slow", Map.of("slow", "3s"));
		assertThat(this.faults.fault("payment-fails")).isEqualTo(changed);
		assertThat(this.faults.on("payment-fails", Map.of()).seen()).isEqualTo("on {every=3, status=500}");
	}

	@Test
	void refusesWhatIsNotThere() {
		assertThatExceptionOfType(UnknownFaultException.class).isThrownBy(() -> this.faults.on("flood", Map.of()))
			.withMessageContaining("There is no fault 'flood'. The faults are: payment-hangs");
		assertThatExceptionOfType(UnknownFaultException.class)
			.isThrownBy(() -> this.faults.on("payment-late", Map.of("hang", "3s")))
			.withMessageContaining("has no parameter 'hang'; it has: delay-response, every, seed");
		for (Map<String, String> wrong : List.of(Map.of("every", "often"), Map.of("status", "bad"))) {
			assertThatExceptionOfType(UnknownFaultException.class)
				.isThrownBy(() -> this.faults.on("payment-fails", wrong))
				.withMessageContaining("a whole number is needed");
		}
		assertThatExceptionOfType(UnknownFaultException.class)
			.isThrownBy(() -> this.faults.on("analytics-refuses", Map.of("refuse", "yes")));
		assertThat(this.file).doesNotExist();
	}

	@Test
	void choosesOnlyBetweenTheTwoBeansAndCountsNothing() {
		for (String parameter : List.of("every", "seed")) {
			assertThatExceptionOfType(UnknownFaultException.class)
				.isThrownBy(() -> this.faults.on("naive-payment", Map.of(parameter, "3")))
				.withMessage("The fault naive-payment has no parameter '%s'; it has: bean", parameter);
		}
		assertThatExceptionOfType(UnknownFaultException.class)
			.isThrownBy(() -> this.faults.on("naive-placing", Map.of("bean", "nosuch")))
			.withMessage("bean=nosuch: one of placingOnce, naivePlacing is needed");
		assertThat(this.file).doesNotExist();
	}

	/** Its service would leave the fault off. */
	@Test
	void refusesATimeThatIsNone() {
		for (String wrong : List.of("abc", "5", "5 seconds", "-5s")) {
			assertThatExceptionOfType(UnknownFaultException.class)
				.isThrownBy(() -> this.faults.on("payment-late", Map.of("delay-response", wrong)))
				.withMessage("delay-response=%s: a time with its unit is needed, such as 500ms, 3s or 2m", wrong);
		}
		assertThat(this.file).doesNotExist();
		assertThat(this.faults.on("stock-locked", Map.of("lock-table", "payments", "hold", "500ms")).seen())
			.isEqualTo("on {every=5, hold=500ms, lock-table=payments}");
	}

	@Test
	void newBuildAddsItsFaultsAndKeepsWhatIsOn() throws IOException {
		Path older = this.home.resolve("older.json");
		Files.writeString(older, """
				{"flags": {"payment-late": %s}}""".formatted(json(BUILT_IN).at("/flags/payment-late")));
		new FaultSwitches(older, this.file).on("payment-late", Map.of("delay-response", "9s"));
		this.faults.prepare();
		assertThat(this.faults.list()).extracting(Fault::name).contains("payment-late", "stock-slow");
		assertThat(this.faults.fault("payment-late").seen()).isEqualTo("on {delay-response=9s}");
		assertThat(this.faults.allOff()).extracting(Fault::name).containsExactly("payment-late");
	}

	@Test
	void flagsOfOthersStayAndAreNoFaults() throws IOException {
		this.faults.on("payment-late", Map.of());
		String theirs = "{\"state\":\"ENABLED\",\"variants\":{\"blue\":1,\"red\":2},\"defaultVariant\":\"blue\"}";
		Files.writeString(this.file,
				Files.readString(this.file).replaceFirst("\"flags\" *: *\\{", "$0 \"theirs\": " + theirs + ","));
		assertThat(this.faults.list()).extracting(Fault::name).contains("payment-late").doesNotContain("theirs");
		assertThatExceptionOfType(UnknownFaultException.class).isThrownBy(() -> this.faults.off("theirs"));
		assertThat(this.faults.allOff()).extracting(Fault::name).containsExactly("payment-late");
		assertThat(json(this.file).at("/flags/theirs").toString()).isEqualTo(theirs);
	}

	/** Services under compose run as somebody else. */
	@Test
	void othersMayReadTheFile() throws IOException {
		this.faults.prepare();
		assertThat(Files.getPosixFilePermissions(this.file)).contains(PosixFilePermission.OTHERS_READ);
	}

	@Test
	void leavesNothingHalfWritten() throws IOException {
		this.faults.on("payment-late", Map.of());
		try (Stream<Path> files = Files.list(this.file.getParent())) {
			assertThat(files).containsExactlyInAnyOrder(this.file, this.file.resolveSibling("flags.lock"));
		}
	}

	@Test
	void saysWhichFileIsDamaged() throws IOException {
		Files.createDirectories(this.file.getParent());
		Files.writeString(this.file, "{");
		assertThatExceptionOfType(DemoException.class).isThrownBy(this.faults::list)
			.withMessageContaining(this.file.toString());
	}

	private static JsonNode json(Path file) throws IOException {
		return JsonMapper.shared().readTree(Files.readString(file));
	}

}
