package io.twelveseconds.gateway;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.test.web.server.LocalServerPort;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

@GatewayTest
class OrderControllerTests {

	private static final String ID = "6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d";

	@LocalServerPort
	private int port;

	private Door door;

	@BeforeEach
	void setUp() {
		Neighbours.reset();
		this.door = new Door(this.port);
	}

	@Test
	void passesOnAnOrderAndItsAnswer() {
		Door.Answer answer = this.door.order(Door.ORDER);
		assertThat(answer.status()).isEqualTo(201);
		assertThat(answer.header("Location")).isEqualTo("/api/orders/" + ID);
		assertThat(answer.header("Idempotent-Replayed")).isNull();
		assertThat(answer.header("traceresponse")).isEqualTo(KnownTrace.TRACERESPONSE);
		assertThat(answer.json()).isEqualTo(withTraceUrl("order-service/placed.reply.json"));
		Neighbours.server.verify(postRequestedFor(urlEqualTo("/orders"))
			.withRequestBody(equalToJson(Neighbours.sample("order-service/place.request.json")))
			.withHeader("Idempotency-Key", absent())
			.withHeader("Upgrade", absent())
			.withHeader("Accept-Encoding", absent()));
	}

	@Test
	void passesOnTheIdempotencyKeyAndThatTheAnswerIsARepetition() {
		Neighbours.server.stubFor(post("/orders").willReturn(Neighbours.json("order-service/placed.reply.json")
			.withStatus(202)
			.withHeader("Location", "/orders/" + ID)
			.withHeader("Idempotent-Replayed", "true")));
		Door.Answer answer = this.door.order(Door.ORDER, "Idempotency-Key: a~!");
		assertThat(answer.status()).isEqualTo(202);
		assertThat(answer.header("Location")).isEqualTo("/api/orders/" + ID);
		assertThat(answer.header("Idempotent-Replayed")).isEqualTo("true");
		Neighbours.server.verify(postRequestedFor(urlEqualTo("/orders")).withHeader("Idempotency-Key", equalTo("a~!")));
	}

	@Test
	void passesOnARefusalWithAllItSays() {
		Neighbours.server
			.stubFor(post("/orders").willReturn(Neighbours.problem(409, "order-service/problem-sold-out.reply.json")
				.withHeader("Idempotent-Replayed", "true")));
		Door.Answer answer = this.door.order(Door.ORDER);
		assertThat(answer.status()).isEqualTo(409);
		assertThat(answer.header("Idempotent-Replayed")).isEqualTo("true");
		ObjectNode expected = (ObjectNode) JsonMapper.shared()
			.readTree(Neighbours.sample("order-service/problem-sold-out.reply.json"));
		assertThat(answer.json()).isEqualTo(expected.put("traceId", KnownTrace.ID)
			.put("traceUrl", "http://127.0.0.1:16686/trace/" + KnownTrace.ID)
			.put("instance", "/api/orders"));
	}

	@Test
	void answersAnOrder() {
		Door.Answer answer = this.door.get("/api/orders/" + ID);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.json()).isEqualTo(withTraceUrl("order-service/order.reply.json"));
		Neighbours.server.verify(getRequestedFor(urlEqualTo("/orders/" + ID)));
	}

	@Test
	void answersTheOrdersOfACustomer() {
		Door.Answer answer = this.door.get("/api/orders?customer=cust-01");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.json().at("/orders/0/traceUrl").stringValue()).isEqualTo(traceUrl());
		assertThat(answer.json().path("total").intValue()).isEqualTo(1);
		Neighbours.server.verify(getRequestedFor(urlEqualTo("/orders?customer=cust-01&page=0&size=20")));
		this.door.get("/api/orders?customer=cust-01&page=10000&size=100");
		Neighbours.server.verify(getRequestedFor(urlEqualTo("/orders?customer=cust-01&page=10000&size=100")));
	}

	@Test
	void answersHeadAndOptions() {
		assertThat(this.door.send("HEAD", "/api/orders/" + ID, new byte[0]).status()).isEqualTo(200);
		Door.Answer options = this.door.send("OPTIONS", "/api/orders", new byte[0]);
		assertThat(options.status()).isEqualTo(200);
		assertThat(options.header("Allow")).contains("POST", "GET", "HEAD", "OPTIONS");
		assertThat(options.header("traceresponse")).isEqualTo(KnownTrace.TRACERESPONSE);
	}

	@Test
	void anOrderNobodyTracedHasNoTraceUrl() {
		ObjectNode untraced = ((ObjectNode) JsonMapper.shared()
			.readTree(Neighbours.sample("order-service/placed.reply.json"))).without("traceId");
		Neighbours.server.stubFor(post("/orders").willReturn(Neighbours.json("order-service/placed.reply.json")
			.withStatus(201)
			.withHeader("Location", "/orders/" + ID)
			.withBody(untraced.toString())));
		assertThat(this.door.order(Door.ORDER).json()).isEqualTo(untraced);
	}

	private static JsonNode withTraceUrl(String sample) {
		return ((ObjectNode) JsonMapper.shared().readTree(Neighbours.sample(sample))).put("traceUrl", traceUrl());
	}

	private static String traceUrl() {
		return "http://127.0.0.1:16686/trace/0af7651916cd43dd8448eb211c80319c";
	}

}
