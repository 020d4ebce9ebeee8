package io.twelveseconds.demo.part;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PartsTests {

	private static final Path ROOT = Path.of("/the repository");

	@Test
	void startsTheFourBelowFirstAndTheGatewayLast() {
		assertThat(parts(0, Map.of())).extracting(Part::name)
			.startsWith("postgres", "kafka", "mail", "traces")
			.endsWith("order-service", "api-gateway")
			.hasSize(11);
	}

	@Test
	void everyPortIsShiftedAndNoneIsUsedTwice() {
		List<Integer> ports = ports(0);
		assertThat(ports).doesNotHaveDuplicates()
			.contains(8080, 8081, 8082, 8083, 8084, 8085, 8086, 15432, 19092, 1025, 8025, 4318, 16686);
		assertThat(ports(1000)).containsExactlyElementsOf(ports.stream().map((port) -> port + 1000).toList());
	}

	@Test
	void servicesFindEachOtherThroughTheOffset() {
		assertThat(part("order-service", 1000, Map.of()).environment()).contains(Map.entry("SERVER_PORT", "9081"),
				Map.entry("SPRING_DATASOURCE_URL", "jdbc:postgresql://127.0.0.1:16432/orders"),
				Map.entry("SPRING_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:20092"),
				Map.entry("SPRING_HTTP_SERVICECLIENT_PAYMENT_BASE_URL", "http://127.0.0.1:9083"),
				Map.entry("OTEL_SERVICE_NAME", "order-service"),
				Map.entry("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:5318"),
				Map.entry("OTEL_CONFIG_FILE", ROOT.resolve("telemetry/agent.yaml").toString()));
		assertThat(part("api-gateway", 1000, Map.of()).environment()).containsEntry("GATEWAY_TRACEURLTEMPLATE",
				"http://127.0.0.1:17686/trace/{traceId}");
		assertThat(part("notification-service", 1000, Map.of()).environment()).containsEntry("SPRING_MAIL_PORT",
				"2025");
	}

	@Test
	void callersOwnTelemetryVariablesWin() {
		Map<String, String> environment = part("payment-service", 0,
				Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/", "OTEL_CONFIG_FILE", "mine.yaml",
						"OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=lesson,team=a"))
			.environment();
		assertThat(environment).containsEntry("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318")
			.containsEntry("OTEL_CONFIG_FILE", "mine.yaml")
			.containsEntry("OTEL_RESOURCE_ATTRIBUTES",
					"service.version=unknown,deployment.environment.name=lesson,team=a");
	}

	@Test
	void resourceSaysVersionAndEnvironment() {
		assertThat(part("payment-service", 0, Map.of()).environment()).containsEntry("OTEL_RESOURCE_ATTRIBUTES",
				"deployment.environment.name=demo,service.version=unknown");
	}

	@Test
	void servicesMayBeBrokenUnlessTheCallerSaysNo() {
		assertThat(part("payment-service", 0, Map.of()).environment()).containsEntry("DEMO_FAULTS_ALLOWED", "true")
			.containsEntry("DEMO_FAULTS_FILE", ROOT.resolve(".demo/flags.json").toString());
		assertThat(part("payment-service", 0, Map.of("DEMO_FAULTS_ALLOWED", "false")).environment())
			.containsEntry("DEMO_FAULTS_ALLOWED", "false");
		assertThat(part("kafka", 0, Map.of()).environment()).doesNotContainKey("DEMO_FAULTS_ALLOWED");
	}

	private static List<Integer> ports(int offset) {
		return parts(offset, Map.of()).stream().flatMap((part) -> part.ports().values().stream()).toList();
	}

	private static Part part(String name, int offset, Map<String, String> environment) {
		return parts(offset, environment).stream().filter((part) -> part.name().equals(name)).findFirst().orElseThrow();
	}

	private static List<Part> parts(int offset, Map<String, String> environment) {
		return new Parts(ROOT, ROOT.resolve(".demo"), offset, Stack.EMBEDDED, environment).all();
	}

}
