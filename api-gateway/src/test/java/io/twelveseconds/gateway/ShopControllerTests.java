package io.twelveseconds.gateway;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.web.server.LocalServerPort;

import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

@GatewayTest
class ShopControllerTests {

	@LocalServerPort
	private int port;

	@BeforeEach
	void resetNeighbours() {
		Neighbours.reset();
	}

	@ParameterizedTest
	@CsvSource({ "/api/products, /products, inventory-service/products",
			"/api/products/best-sellers, /products/best-sellers, inventory-service/best-sellers",
			"/api/customers/cust-01/loyalty, /customers/cust-01/loyalty, loyalty-service/account",
			"/api/analytics/summary, /summary, analytics-service/summary",
			"/api/notifications?order=6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d, "
					+ "/notifications?order=6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d, notification-service/notifications" })
	void passesOnTheAnswerOfTheServiceThatKnows(String path, String behind, String sample) {
		Door.Answer answer = new Door(this.port).get(path);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.json()).isEqualTo(JsonMapper.shared().readTree(Neighbours.sample(sample + ".reply.json")));
		assertThat(answer.header("traceresponse")).isEqualTo(KnownTrace.TRACERESPONSE);
		Neighbours.server.verify(getRequestedFor(urlEqualTo(behind)));
	}

}
