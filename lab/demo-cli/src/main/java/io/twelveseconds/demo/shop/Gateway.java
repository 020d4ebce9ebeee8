package io.twelveseconds.demo.shop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** The shop's front door, as its customers use it. */
public final class Gateway {

	private final Http http;

	private final List<String> faults;

	public Gateway(URI base, Duration timeout) {
		this(base, timeout, List.of());
	}

	/** One that asks for these faults with every order. */
	public Gateway(URI base, Duration timeout, List<String> faults) {
		this.faults = faults;
		this.http = new Http("gateway", base, timeout);
	}

	public Answer place(Order order, String idempotencyKey) throws IOException {
		HttpRequest.Builder request = HttpRequest.newBuilder()
			.header("Content-Type", "application/json")
			.header("Accept", "application/json, application/problem+json")
			.header("Idempotency-Key", idempotencyKey)
			.POST(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(order)));
		if (!this.faults.isEmpty()) {
			request.header("baggage", baggage(this.faults));
		}
		long start = System.nanoTime();
		HttpResponse<String> response = this.http.send("/api/orders", request);
		return new Answer(response, Duration.ofNanos(System.nanoTime() - start));
	}

	/** Travels with the request through all services, and through Kafka. */
	public static String baggage(List<String> faults) {
		return "demo.fault=" + String.join(":", faults);
	}

	public Answer order(String id) throws IOException {
		return new Answer(this.http.send("/api/orders/" + id, HttpRequest.newBuilder().GET()), Duration.ZERO);
	}

	/** Whether nothing becomes of an order in that state any more. */
	public static boolean isSettled(String status) {
		return status.matches("CONFIRMED|REJECTED|CANCELLED");
	}

	/** Orders of one customer, the newest first. */
	public List<JsonNode> ordersOf(String customer, int page, int size) throws IOException {
		Answer answer = new Answer(
				this.http.send("/api/orders?customer=%s&page=%d&size=%d".formatted(customer, page, size),
						HttpRequest.newBuilder().GET()),
				Duration.ZERO);
		if (!answer.accepted()) {
			throw new IOException("The gateway does not say what %s has ordered (%d %s)".formatted(customer,
					answer.status(), answer.field("title")));
		}
		return answer.body().path("orders").valueStream().toList();
	}

	public Answer products() throws IOException {
		return new Answer(this.http.send("/api/products", HttpRequest.newBuilder().GET()), Duration.ZERO);
	}

	/** The body of {@code POST /api/orders}. */
	public record Order(String customer, List<Line> lines) {
	}

	/** So many of one product, written as {@code sku-01:2}. */
	public record Line(String sku, int quantity) {

		/**
		 * Only what cannot be sent at all is refused here: the gateway judges the rest.
		 */
		public static final class Converter implements ITypeConverter<Line> {

			@Override
			public Line convert(String value) {
				String[] parts = value.strip().split(":", -1);
				try {
					if (parts.length <= 2 && !parts[0].isEmpty()) {
						return new Line(parts[0], (parts.length == 2) ? Integer.parseInt(parts[1]) : 1);
					}
				}
				catch (NumberFormatException ex) {
					// Falls through to the same complaint as a missing sku.
				}
				throw new TypeConversionException(
						"'%s' is not a product and a quantity, such as sku-01:2".formatted(value));
			}

		}

	}

	/**
	 * What came back, whatever it was: an order, a problem, or something else's error
	 * page.
	 *
	 * @param sampled whether spans of this request are kept, as far as its service knows
	 */
	public record Answer(int status, JsonNode body, String text, Optional<String> traceId, boolean sampled,
			boolean replayed, Duration took) {

		Answer(HttpResponse<String> response, Duration took) {
			this(response, json(response.body()), took);
		}

		private Answer(HttpResponse<String> response, JsonNode body, Duration took) {
			this(response.statusCode(), body, response.body(), traceId(response, body),
					traceResponse(response).filter((parts) -> parts[3].matches(".[02468aceACE]")).isEmpty(),
					response.headers().firstValue("Idempotent-Replayed").isPresent(), took);
		}

		public boolean accepted() {
			return this.status / 100 == 2;
		}

		public String field(String name) {
			return this.body.path(name).asString("");
		}

		/**
		 * The order's own trace comes first: on a replayed answer the header names
		 * another one.
		 */
		private static Optional<String> traceId(HttpResponse<String> response, JsonNode body) {
			return body.path("traceId").stringValueOpt().or(() -> traceResponse(response).map((parts) -> parts[1]));
		}

		private static Optional<String[]> traceResponse(HttpResponse<String> response) {
			return response.headers()
				.firstValue("traceresponse")
				.map((value) -> value.split("-"))
				.filter((parts) -> parts.length == 4);
		}

		private static JsonNode json(String text) {
			try {
				return JsonMapper.shared().readTree(text);
			}
			catch (JacksonException ex) {
				return JsonNodeFactory.instance.missingNode();
			}
		}

	}

}
