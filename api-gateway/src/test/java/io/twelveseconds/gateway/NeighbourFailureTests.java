package io.twelveseconds.gateway;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Neighbours that refuse, break, stall or are not there. What they say when they break
 * stays inside.
 */
@GatewayTest
class NeighbourFailureTests {

	private static final String LOYALTY = "/api/customers/cust-01/loyalty";

	@LocalServerPort
	private int port;

	private Door door;

	@BeforeEach
	void setUp() {
		Neighbours.reset();
		this.door = new Door(this.port);
	}

	static Stream<ResponseDefinitionBuilder> uselessAnswers() {
		return Stream.of(aResponse().withStatus(500),
				aResponse().withStatus(500)
					.withHeader("Content-Type", "text/html")
					.withBody("<html>java.lang.NullPointerException at io.twelveseconds</html>"),
				Neighbours.json("order-service/order.reply.json").withStatus(500),
				aResponse().withStatus(500)
					.withHeader("Content-Type", "application/problem+json")
					.withBody("{\"type\":\"about:blank\",\"detail\":\"java.lang.NullPointerException\"}"),
				aResponse().withStatus(501), aResponse().withStatus(504), aResponse().withStatus(599),
				aResponse().withStatus(302).withHeader("Location", "/products"), aResponse().withStatus(200),
				aResponse().withStatus(204), body("application/json", ""), body("application/json", "null"),
				body("application/json", "[]"), body("application/json", "\"text\""),
				body("application/json", "{\"id\":"), body("application/json", "\u0000"),
				body("text/html", "<html>It works</html>"), body("garbage", "{}"));
	}

	private static ResponseDefinitionBuilder body(String type, String body) {
		return aResponse().withStatus(200).withHeader("Content-Type", type).withBody(body);
	}

	@ParameterizedTest
	@MethodSource("uselessAnswers")
	void turnsAnAnswerThatCannotBeUsedIntoABadAnswer(ResponseDefinitionBuilder answer) {
		Neighbours.server.stubFor(post("/orders").willReturn(answer));
		assertProblem(this.door.order(Door.ORDER), 502, "gateway:bad-answer");
		Neighbours.server.stubFor(get(urlPathMatching("/customers/.*")).willReturn(answer));
		assertProblem(this.door.get(LOYALTY), 502, "gateway:bad-answer");
	}

	@ParameterizedTest
	@EnumSource(Fault.class)
	void turnsABrokenConnectionIntoABadAnswer(Fault fault) {
		Neighbours.server.stubFor(post("/orders").willReturn(aResponse().withStatus(201).withFault(fault)));
		assertProblem(this.door.order(Door.ORDER), 502, "gateway:bad-answer");
		Neighbours.server.verify(1, postRequestedFor(urlEqualTo("/orders")));
	}

	@Test
	void givesUpOnANeighbourThatStalls() {
		Neighbours.server.stubFor(
				post("/orders").willReturn(Neighbours.json("order-service/order.reply.json").withFixedDelay(5000)));
		assertProblem(this.door.order(Door.ORDER), 504, "gateway:timeout");
		Neighbours.server.verify(1, postRequestedFor(urlEqualTo("/orders")));
	}

	@Test
	void givesUpOnAnAnswerThatDoesNotEnd() {
		Neighbours.server.stubFor(get("/products")
			.willReturn(Neighbours.json("inventory-service/products.reply.json").withChunkedDribbleDelay(10, 5000)));
		assertProblem(this.door.get("/api/products"), 502, "gateway:bad-answer");
	}

	@Test
	void saysThatANeighbourIsNotThere() throws IOException {
		try (ConfigurableApplicationContext lonely = new SpringApplicationBuilder(ApiGatewayApplication.class,
				KnownTrace.class)
			.run("--server.port=0",
					"--spring.http.serviceclient.analytics.base-url=http://127.0.0.1:" + unusedPort())) {
			Door.Answer answer = new Door(((WebServerApplicationContext) lonely).getWebServer().getPort())
				.get("/api/analytics/summary");
			assertProblem(answer, 503, "gateway:unavailable");
			assertThat(answer.header("Retry-After")).isEqualTo("5");
		}
	}

	private static int unusedPort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	@Test
	void passesOnThatANeighbourIsNotAvailable() {
		ResponseDefinitionBuilder unavailable = aResponse().withStatus(503)
			.withHeader("Content-Type", "application/problem+json")
			.withBody("""
					{"type": "urn:problem:order:unavailable", "title": "Not possible at the moment", "status": 503,
					 "detail": "Nothing was charged.", "instance": "/orders"}""");
		Neighbours.server.stubFor(post("/orders").willReturn(unavailable.withHeader("Retry-After", "7")));
		Door.Answer answer = this.door.order(Door.ORDER);
		assertProblem(answer, 503, "order:unavailable");
		assertThat(answer.header("Retry-After")).isEqualTo("7");
		assertThat(answer.json().path("instance").stringValue()).isEqualTo("/api/orders");
		Neighbours.server.stubFor(post("/orders").willReturn(aResponse().withStatus(503).withBody("busy")));
		Door.Answer silent = this.door.order(Door.ORDER);
		assertProblem(silent, 503, "gateway:unavailable");
		assertThat(silent.header("Retry-After")).isEqualTo("5");
	}

	@Test
	void passesOnHowLongToWait() {
		Neighbours.server.stubFor(post("/orders").willReturn(aResponse().withStatus(409)
			.withHeader("Content-Type", "application/problem+json")
			.withHeader("Retry-After", "1")
			.withBody("""
					{"type": "urn:problem:order:idempotency-in-progress", "title": "The first request is still at work",
					 "status": 409, "detail": "Send it again in a second."}""")));
		Door.Answer answer = this.door.order(Door.ORDER, "Idempotency-Key: k");
		assertProblem(answer, 409, "order:idempotency-in-progress");
		assertThat(answer.header("Retry-After")).isEqualTo("1");
	}

	@Test
	void givesARefusalWithoutATypeOneOfItsOwn() {
		Neighbours.server.stubFor(get(urlPathMatching("/customers/.*")).willReturn(aResponse().withStatus(404)));
		assertProblem(this.door.get(LOYALTY), 404, "gateway:not-found");
		Neighbours.server.stubFor(post("/orders").willReturn(aResponse().withStatus(400)
			.withHeader("Content-Type", "application/problem+json")
			.withBody("{\"type\": \"about:blank\", \"detail\": \"java.lang.String expected\"}")));
		assertProblem(this.door.order(Door.ORDER), 400, "gateway:refused");
		Neighbours.server.stubFor(post("/orders").willReturn(aResponse().withStatus(422)
			.withHeader("Content-Type", "application/problem+json")
			.withBody("not json")));
		assertProblem(this.door.order(Door.ORDER), 422, "gateway:refused");
	}

	private static void assertProblem(Door.Answer answer, int status, String type) {
		assertThat(answer.status()).as("%s", answer).isEqualTo(status);
		assertThat(answer.problem()).isEqualTo(type);
		assertThat(answer.header("traceresponse")).isEqualTo(KnownTrace.TRACERESPONSE);
		assertThat(answer.json().path("traceId").stringValue()).isEqualTo(KnownTrace.ID);
	}

}
