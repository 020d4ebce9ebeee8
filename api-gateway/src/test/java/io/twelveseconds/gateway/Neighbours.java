package io.twelveseconds.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

/**
 * All five neighbours on one port: their paths do not meet. They answer with the samples
 * in contracts, until a test tells them otherwise.
 */
class Neighbours implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	static final WireMockServer server = new WireMockServer(
			WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());

	/** Long enough for a busy machine, short enough to be waited for. */
	static final String READ_TIMEOUT = "1500ms";

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		reset();
		Stream.of("order", "inventory", "loyalty", "notification", "analytics")
			.map((group) -> "spring.http.serviceclient." + group)
			.forEach((group) -> TestPropertyValues
				.of(group + ".base-url=" + server.baseUrl(), group + ".read-timeout=" + READ_TIMEOUT)
				.applyTo(context));
	}

	static void reset() {
		if (!server.isRunning()) {
			server.start();
		}
		server.resetAll();
		server.stubFor(post("/orders").willReturn(json("order-service/placed.reply.json").withStatus(201)
			.withHeader("Location", "/orders/6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d")));
		server.stubFor(get(urlPathMatching("/orders/.+")).willReturn(json("order-service/order.reply.json")));
		server.stubFor(get(urlPathEqualTo("/orders")).willReturn(json("order-service/orders.reply.json")));
		server.stubFor(get("/products").willReturn(json("inventory-service/products.reply.json")));
		server.stubFor(get("/products/best-sellers").willReturn(json("inventory-service/best-sellers.reply.json")));
		server.stubFor(
				get(urlPathMatching("/customers/.+/loyalty")).willReturn(json("loyalty-service/account.reply.json")));
		server.stubFor(get("/summary").willReturn(json("analytics-service/summary.reply.json")));
		server.stubFor(get(urlPathEqualTo("/notifications"))
			.willReturn(json("notification-service/notifications.reply.json")));
	}

	static ResponseDefinitionBuilder json(String sample) {
		return aResponse().withHeader("Content-Type", "application/json").withBody(sample(sample));
	}

	static ResponseDefinitionBuilder problem(int status, String sample) {
		return aResponse().withStatus(status)
			.withHeader("Content-Type", "application/problem+json")
			.withBody(sample(sample));
	}

	static String sample(String name) {
		try {
			return Files.readString(Path.of("..", "contracts", "http").resolve(name));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
