package io.twelveseconds.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
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
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
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
	void turnsABrokenConnectionIntoABadAnswerAndRepeatsNothing(Fault fault) {
		Neighbours.server.stubFor(post("/orders").willReturn(aResponse().withStatus(201).withFault(fault)));
		assertProblem(this.door.order(Door.ORDER), 502, "gateway:bad-answer");
		Neighbours.server.verify(1, postRequestedFor(urlEqualTo("/orders")));
		Neighbours.server.stubFor(get("/products").willReturn(aResponse().withFault(fault)));
		assertProblem(this.door.get("/api/products"), 502, "gateway:bad-answer");
		Neighbours.server.verify(1, getRequestedFor(urlEqualTo("/products")));
	}

	/** What came is JSON, and whole; only its length tells that something is missing. */
	@Test
	void takesNoHalfAnswer() throws IOException {
		try (ServerSocket neighbour = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
				ConfigurableApplicationContext gateway = gateway("analytics.base-url=" + url(neighbour))) {
			CompletableFuture<Door.Answer> answer = CompletableFuture
				.supplyAsync(() -> door(gateway).get("/api/analytics/summary"));
			try (Socket connection = neighbour.accept()) {
				connection.getInputStream().read();
				connection.getOutputStream().write("""
						HTTP/1.1 200 OK
						Content-Type: application/json
						Content-Length: 3

						{}""".replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
				connection.shutdownOutput();
				assertProblem(answer.join(), 502, "gateway:bad-answer");
			}
		}
	}

	@Test
	void givesUpOnANeighbourThatStalls() {
		Neighbours.server.stubFor(
				post("/orders").willReturn(Neighbours.json("order-service/placed.reply.json").withFixedDelay(5000)));
		assertProblem(this.door.order(Door.ORDER), 504, "gateway:timeout");
		Neighbours.server.verify(1, postRequestedFor(urlEqualTo("/orders")));
	}

	@Test
	void givesUpOnAnAnswerThatStallsHalfway() {
		Neighbours.server.stubFor(get("/products")
			.willReturn(Neighbours.json("inventory-service/products.reply.json").withChunkedDribbleDelay(2, 5000)));
		assertProblem(this.door.get("/api/products"), 504, "gateway:timeout");
	}

	@Test
	void saysThatANeighbourIsNotThere() throws IOException {
		List<Socket> waiting = new ArrayList<>();
		try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				ConfigurableApplicationContext gateway = gateway("analytics.base-url=http://127.0.0.1:" + unusedPort(),
						"inventory.base-url=" + url(full), "loyalty.base-url=http://loyalty.invalid")) {
			fill(full, waiting);
			for (String target : List.of("/api/analytics/summary", "/api/products", LOYALTY)) {
				Door.Answer answer = door(gateway).get(target);
				assertProblem(answer, 503, "gateway:unavailable");
				assertThat(answer.header("Retry-After")).isEqualTo("5");
			}
		}
		finally {
			for (Socket socket : waiting) {
				socket.close();
			}
		}
	}

	/** Until the kernel takes no more connections for it: the next one gets no answer. */
	private static void fill(ServerSocket server, List<Socket> waiting) throws IOException {
		try {
			while (true) {
				waiting.add(new Socket());
				waiting.get(waiting.size() - 1).connect(server.getLocalSocketAddress(), 200);
			}
		}
		catch (SocketTimeoutException ex) {
			assertThat(waiting).hasSizeGreaterThan(1);
		}
	}

	@Test
	void saysThatAllConnectionsToANeighbourAreTaken() {
		Neighbours.server.stubFor(get("/summary")
			.willReturn(Neighbours.json("analytics-service/summary.reply.json").withFixedDelay(2000)));
		try (ConfigurableApplicationContext gateway = gateway("analytics.base-url=" + Neighbours.server.baseUrl(),
				"inventory.base-url=" + Neighbours.server.baseUrl())) {
			List<CompletableFuture<Door.Answer>> answers = Stream
				.generate(() -> CompletableFuture.supplyAsync(() -> door(gateway).get("/api/analytics/summary")))
				.limit(2)
				.toList();
			assertThat(door(gateway).get("/api/products").status()).as("the pool of another neighbour").isEqualTo(200);
			assertThat(answers).extracting(CompletableFuture::join)
				.anySatisfy((answer) -> assertThat(answer.status()).isEqualTo(200))
				.anySatisfy((answer) -> {
					assertProblem(answer, 503, "gateway:unavailable");
					assertThat(answer.header("Retry-After")).isEqualTo("5");
				});
		}
	}

	@Test
	void noticesThatARestartedNeighbourHasClosedItsConnections() throws IOException {
		WireMockServer neighbour = new WireMockServer(
				WireMockConfiguration.options().bindAddress("127.0.0.1").port(unusedPort()));
		neighbour.start();
		neighbour.stubFor(post("/orders").willReturn(Neighbours.json("order-service/placed.reply.json")
			.withStatus(201)
			.withHeader("Location", "/orders/6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d")));
		neighbour.stubFor(get("/summary").willReturn(Neighbours.json("analytics-service/summary.reply.json")));
		try (ConfigurableApplicationContext gateway = gateway("order.base-url=" + neighbour.baseUrl(),
				"analytics.base-url=" + neighbour.baseUrl())) {
			for (int start = 1; start <= 2; start++) {
				assertThat(door(gateway).get("/api/analytics/summary").status()).isEqualTo(200);
				assertThat(door(gateway).order(Door.ORDER).status()).isEqualTo(201);
				neighbour.verify(start, getRequestedFor(urlEqualTo("/summary")));
				neighbour.verify(start, postRequestedFor(urlEqualTo("/orders")));
				neighbour.stop();
				neighbour.start();
			}
		}
		finally {
			neighbour.stop();
		}
	}

	/** A gateway with one connection to each neighbour, none used unseen. */
	private static ConfigurableApplicationContext gateway(String... clients) {
		return new SpringApplicationBuilder(ApiGatewayApplication.class, KnownTrace.class).run(Stream
			.concat(Stream.of("server.port=0", "gateway.pool.size=1", "gateway.pool.max-wait=300ms",
					"gateway.pool.check-after=0s"),
					Stream.of(clients).map((client) -> "spring.http.serviceclient." + client))
			.map((property) -> "--" + property)
			.toArray(String[]::new));
	}

	private static Door door(ConfigurableApplicationContext gateway) {
		return new Door(((WebServerApplicationContext) gateway).getWebServer().getPort());
	}

	private static String url(ServerSocket server) {
		return "http://127.0.0.1:" + server.getLocalPort();
	}

	private static int unusedPort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	/** A neighbour's cookie would otherwise go along with the next customer's request. */
	@Test
	void keepsNoCookies() {
		Neighbours.server.stubFor(get("/products").willReturn(Neighbours.json("inventory-service/products.reply.json")
			.withHeader("Set-Cookie", "session=1; Path=/")));
		this.door.get("/api/products");
		this.door.get("/api/products");
		Neighbours.server.verify(2, getRequestedFor(urlEqualTo("/products")).withHeader("Cookie", absent()));
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
		Neighbours.server
			.stubFor(post("/orders").willReturn(Neighbours.problem(503, "order-service/problem-not-reserved.reply.json")
				.withHeader("Idempotent-Replayed", "true")));
		assertThat(this.door.order(Door.ORDER).header("Retry-After")).as("it will always be the same").isNull();
		Neighbours.server.stubFor(get("/products").willReturn(unavailable.withHeader("Retry-After", "0")));
		assertProblem(this.door.get("/api/products"), 503, "order:unavailable");
		Neighbours.server.verify(1, getRequestedFor(urlEqualTo("/products")));
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
