package io.twelveseconds.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

import io.twelveseconds.demo.shop.Http;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A customer of the running shop: knows the gateway and plain HTTP.
 */
final class Shop {

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(2))
		.build();

	private final JsonMapper json = JsonMapper.shared();

	private final URI gateway;

	Shop(URI gateway) {
		this.gateway = gateway;
	}

	Answer order(String customer, String sku, int quantity, Map<String, String> headers) {
		return post("/api/orders", """
				{"customer": "%s", "lines": [{"sku": "%s", "quantity": %d}]}""".formatted(customer, sku, quantity),
				headers);
	}

	Answer order(String customer, String sku, int quantity) {
		return order(customer, sku, quantity, Map.of());
	}

	Answer post(String path, String body, Map<String, String> headers) {
		HttpRequest.Builder request = request(path).header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body));
		headers.forEach(request::header);
		return send(request.build());
	}

	Answer get(String path) {
		return send(request(path).GET().build());
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(this.gateway.resolve(path));
	}

	private Answer send(HttpRequest request) {
		try {
			HttpResponse<String> response = Http.whole(this.http, request, HttpResponse.BodyHandlers.ofString(),
					Duration.ofSeconds(30));
			boolean json = response.headers().firstValue("Content-Type").orElse("").contains("json");
			return new Answer(response, json ? this.json.readTree(response.body()) : this.json.nullNode());
		}
		catch (IOException ex) {
			throw new AssertionError(request + " failed", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	record Answer(HttpResponse<String> response, JsonNode body) {

		int status() {
			return this.response.statusCode();
		}

		String text(String pointer) {
			return this.body.at(pointer).asString("");
		}

		String traceId() {
			return this.response.headers()
				.firstValue("traceresponse")
				.map((value) -> value.split("-")[1])
				.orElseThrow();
		}

	}

}
