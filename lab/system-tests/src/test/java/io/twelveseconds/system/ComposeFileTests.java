package io.twelveseconds.system;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/** What every service of {@code docker-compose.yml} owes the machine it runs on. */
class ComposeFileTests {

	private static final Path ROOT = Path.of("..", "..");

	private static final Map<String, Map<String, Object>> SERVICES = services();

	static Stream<String> names() {
		return SERVICES.keySet().stream();
	}

	@Test
	void theWholeSystemIsThere() {
		assertThat(SERVICES).containsKeys("api-gateway", "order-service", "inventory-service", "payment-service",
				"loyalty-service", "notification-service", "analytics-service", "postgres", "kafka", "mail",
				"collector", "jaeger", "demo");
	}

	/**
	 * The Collector has no program to ask with: there another service names it in its own
	 * check. What ends by itself needs none.
	 */
	@ParameterizedTest
	@MethodSource("names")
	void hasAHealthCheck(String name) {
		Map<String, Object> service = SERVICES.get(name);
		if (name.equals("collector")) {
			Map<?, ?> labels = (Map<?, ?>) service.get("labels");
			assertThat(check(SERVICES.get(labels.get("health.checked-by")))).contains(name, "13133");
			return;
		}
		if ("no".equals(service.get("restart"))) {
			assertThat(service.get("profiles")).as("not among what `up --wait` waits for").isNotNull();
			return;
		}
		assertThat(check(service)).isNotEmpty();
	}

	private static List<Object> check(Map<String, Object> service) {
		Map<?, ?> check = (Map<?, ?>) service.get("healthcheck");
		assertThat(check).isNotNull();
		assertThat(check.get("interval")).isNotNull();
		assertThat(check.get("timeout")).isNotNull();
		return List.copyOf((List<?>) check.get("test"));
	}

	@ParameterizedTest
	@MethodSource("names")
	void hasAMemoryLimit(String name) {
		assertThat((String) SERVICES.get(name).get("mem_limit")).matches("\\d+m");
	}

	@ParameterizedTest
	@MethodSource("names")
	void runsAsSomebodyWithoutRights(String name) {
		Map<String, Object> service = SERVICES.get(name);
		assertThat((String) service.get("user")).matches("[1-9]\\d*(:[1-9]\\d*)?");
		assertThat(service.get("cap_drop")).isEqualTo(List.of("ALL"));
		assertThat(service.get("security_opt")).isEqualTo(List.of("no-new-privileges:true"));
		assertThat(service).doesNotContainKeys("privileged", "cap_add", "pid", "network_mode");
	}

	@ParameterizedTest
	@MethodSource("names")
	void cannotWriteToItsImage(String name) {
		// Kafka writes its configuration beside its programs when it starts.
		assertThat(SERVICES.get(name).get("read_only")).isEqualTo(!name.equals("kafka"));
	}

	@ParameterizedTest
	@MethodSource("names")
	void publishesOnThisMachineOnly(String name) {
		for (Object port : (List<?>) SERVICES.get(name).getOrDefault("ports", List.of())) {
			assertThat((String) port).matches("127\\.0\\.0\\.1:\\$\\{\\w+_PORT:-\\d+}:\\d+");
		}
	}

	@Test
	void noPortIsPublishedTwiceAndEachCanBeChanged() throws IOException {
		List<String> variables = SERVICES.values()
			.stream()
			.flatMap((service) -> ((List<?>) service.getOrDefault("ports", List.of())).stream())
			.map((port) -> ((String) port).replaceFirst(".*\\$\\{(\\w+):-(\\d+)}.*", "$1=$2"))
			.toList();
		assertThat(variables).doesNotHaveDuplicates().isNotEmpty();
		assertThat(Files.readAllLines(ROOT.resolve(".env")).stream().filter((line) -> line.contains("_PORT=")).toList())
			.containsExactlyInAnyOrderElementsOf(variables);
		assertThat(new TreeSet<>(variables.stream().map((variable) -> variable.split("=")[1]).toList()))
			.hasSameSizeAs(variables);
	}

	@ParameterizedTest
	@MethodSource("names")
	void usesAPinnedImageOrOurOwn(String name) {
		Map<String, Object> service = SERVICES.get(name);
		String image = (String) service.get("image");
		if (service.containsKey("build")) {
			assertThat(image).isEqualTo("twelve-seconds/" + name + ":local");
		}
		else {
			assertThat(image).matches("[a-z/-]+:v?\\d+[\\w.-]*").doesNotContain("latest");
		}
	}

	/**
	 * Whom it depends on is stopped after it. What runs only if wanted cannot be named.
	 */
	@ParameterizedTest
	@MethodSource("names")
	void isStoppedBeforeThoseItCalls(String name) {
		Map<String, Object> service = SERVICES.get(name);
		if (service.containsKey("profiles")) {
			return;
		}
		Map<?, ?> environment = (Map<?, ?>) service.getOrDefault("environment", Map.of());
		Set<String> called = environment.values()
			.stream()
			.flatMap((value) -> Pattern.compile("[a-z-]+").matcher(value.toString()).results())
			.map(MatchResult::group)
			.filter((word) -> SERVICES.containsKey(word) && !word.equals(name))
			.filter((word) -> !SERVICES.get(word).containsKey("profiles"))
			.collect(Collectors.toSet());
		Map<?, ?> after = (Map<?, ?>) service.getOrDefault("depends_on", Map.of());
		assertThat(after.keySet()).as("stopped after " + name).isEqualTo(called);
	}

	/**
	 * Compose makes a container anew if its own definition has changed, not for another
	 * file behind one of its configs.
	 */
	@Test
	void anotherSamplingMakesAnotherCollector() {
		assertThat(SERVICES.get("collector").get("command").toString()).contains("${SAMPLING:-everything}");
	}

	@Test
	void baseImagesArePinnedAsWell() throws IOException {
		List<String> bases = Files.readAllLines(ROOT.resolve("Dockerfile"))
			.stream()
			.filter((line) -> line.startsWith("FROM ") && line.contains(":"))
			.map((line) -> line.split(" ")[1])
			.toList();
		assertThat(bases).isNotEmpty().allMatch((base) -> base.matches("[a-z/-]+:\\d+[\\w.-]*"));
	}

	@Test
	void everyModuleIsKnownToTheImagesBuild() throws IOException {
		String dockerfile = Files.readString(ROOT.resolve("Dockerfile"));
		List<String> modules = Files.readAllLines(ROOT.resolve("pom.xml"))
			.stream()
			.map(String::strip)
			.filter((line) -> line.startsWith("<module>"))
			.map((line) -> line.replaceAll("</?module>", ""))
			.toList();
		assertThat(modules).hasSizeGreaterThan(10)
			.allSatisfy((module) -> assertThat(dockerfile).contains("COPY %1$s/pom.xml %1$s/\n".formatted(module)));
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Map<String, Object>> services() {
		try (Reader file = Files.newBufferedReader(ROOT.resolve("docker-compose.yml"))) {
			Map<String, Object> compose = new Yaml().load(file);
			return (Map<String, Map<String, Object>>) compose.get("services");
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

}
