package io.twelveseconds.gateway;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** How often order-service is asked, by the good variant and by the naive one. */
@GatewayTest
class PlacingTests {

	@Autowired
	private PlacingOnce once;

	@Autowired
	private NaivePlacing naive;

	@BeforeEach
	void orderServiceIsUnavailable() {
		Neighbours.reset();
		Neighbours.server.stubFor(post("/orders").willReturn(aResponse().withStatus(503)));
	}

	@Test
	void asksOnce() {
		assertThatExceptionOfType(HttpServerErrorException.ServiceUnavailable.class)
			.isThrownBy(() -> place(this.once, null));
		Neighbours.server.verify(1, postRequestedFor(urlEqualTo("/orders")));
	}

	@Test
	void naiveOneAsksThreeTimesEachWithAKeyOfItsOwn() {
		assertThatExceptionOfType(HttpServerErrorException.ServiceUnavailable.class)
			.isThrownBy(() -> place(this.naive, "a"));
		for (String key : List.of("a", "a-2", "a-3")) {
			Neighbours.server.verify(1,
					postRequestedFor(urlEqualTo("/orders")).withHeader("Idempotency-Key", equalTo(key)));
		}
	}

	@Test
	void naiveOneKeepsTheLongestKeyWithinItsBounds() {
		assertThatExceptionOfType(HttpServerErrorException.ServiceUnavailable.class)
			.isThrownBy(() -> place(this.naive, "k".repeat(255)));
		for (String key : List.of("k".repeat(255), "k".repeat(253) + "-2", "k".repeat(253) + "-3")) {
			Neighbours.server.verify(1,
					postRequestedFor(urlEqualTo("/orders")).withHeader("Idempotency-Key", equalTo(key)));
		}
	}

	@Test
	void naiveOneAsksThreeTimesWithoutAKeyIfTheCustomerHasNone() {
		assertThatExceptionOfType(HttpServerErrorException.ServiceUnavailable.class)
			.isThrownBy(() -> place(this.naive, null));
		Neighbours.server.verify(3, postRequestedFor(urlEqualTo("/orders")).withoutHeader("Idempotency-Key"));
	}

	@Test
	void naiveOneIsContentWithARefusal() {
		Neighbours.server.stubFor(post("/orders").willReturn(aResponse().withStatus(409)));
		assertThatExceptionOfType(HttpClientErrorException.Conflict.class).isThrownBy(() -> place(this.naive, "a"));
		Neighbours.server.verify(1, postRequestedFor(urlEqualTo("/orders")));
	}

	@Test
	void naiveOneIsContentWithAnAnswer() {
		Neighbours.reset();
		assertThat(place(this.naive, "a")).isEqualTo(HttpStatusCode.valueOf(201));
		Neighbours.server.verify(1, postRequestedFor(urlEqualTo("/orders")));
	}

	private static HttpStatusCode place(Placing placing, @Nullable String key) {
		return placing
			.place(key,
					new OrderController.PlaceRequest("cust-01",
							List.of(new OrderController.PlaceRequest.Line("sku-01", 1))))
			.getStatusCode();
	}

}
