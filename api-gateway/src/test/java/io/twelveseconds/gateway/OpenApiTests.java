package io.twelveseconds.gateway;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The document and the code say the same. That real answers are as the document says is
 * checked in every test that goes through {@link Door}.
 */
@GatewayTest
class OpenApiTests {

	@Autowired
	@Qualifier("requestMappingHandlerMapping")
	private RequestMappingHandlerMapping mapping;

	@LocalServerPort
	private int port;

	@BeforeEach
	void resetNeighbours() {
		Neighbours.reset();
	}

	@Test
	void documentHasAllOperationsAndNoOthers() {
		Set<String> mapped = this.mapping.getHandlerMethods()
			.keySet()
			.stream()
			.flatMap((info) -> info.getPatternValues()
				.stream()
				.flatMap((
						path) -> info.getMethodsCondition().getMethods().stream().map((method) -> method + " " + path)))
			.collect(Collectors.toSet());
		assertThat(mapped).isNotEmpty().isEqualTo(OpenApi.operations());
	}

	@Test
	void documentHasAllProblemsOfTheGatewayAndNoOthers() {
		Set<String> documented = Pattern.compile("urn:problem:gateway:[a-z-]+")
			.matcher(OpenApi.document.at("/info/description").stringValue())
			.results()
			.map(MatchResult::group)
			.collect(Collectors.toSet());
		assertThat(documented).isEqualTo(Arrays.stream(Problem.values())
			.map((problem) -> problem.type().toString())
			.collect(Collectors.toSet()));
	}

	@Test
	void everyReferenceLeadsSomewhere() {
		assertThat(OpenApi.document.findValues("$ref")).isNotEmpty()
			.allSatisfy((reference) -> assertThat(OpenApi.resolve(reference.stringValue()).isMissingNode())
				.as(reference.stringValue())
				.isFalse());
	}

	@Test
	void schemaOfAnOrderTakesTheExampleAndRefusesWhatTheGatewayRefuses() {
		JsonNode schema = OpenApi.resolve("#/components/schemas/PlaceOrder");
		assertThat(OpenApi.errors(schema,
				OpenApi.document.at("/paths/~1api~1orders/post/requestBody/content/application~1json/example")))
			.isEmpty();
		assertThat(OpenApi.errors(schema,
				JsonMapper.shared().readTree(Neighbours.sample("order-service/place.request.json"))))
			.isEmpty();
		assertThat(OpenApi.errors(schema, JsonMapper.shared().readTree("""
				{"customer": "cust-01", "lines": [{"sku": "sku-01", "quantity": "2"}]}"""))).isNotEmpty();
	}

	@Test
	void isServed() {
		Door.Answer answer = new Door(this.port).raw("GET /openapi.yaml HTTP/1.0\r\n\r\n", new byte[0]);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.text()).contains("openapi: 3.1.0");
		assertThat(answer.header("Content-Type")).isEqualTo("application/yaml");
		assertThat(answer.header("traceresponse")).isEqualTo(KnownTrace.TRACERESPONSE);
	}

}
