package io.twelveseconds.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checkouts that nobody thought of. Whatever is sent, it is an order (and then a good one
 * by openapi.yaml), or gets a 4xx problem; {@link Door} checks the answer's form.
 */
class CheckoutFuzzTests {

	private static final JsonNodeFactory json = JsonNodeFactory.instance;

	private static final JsonNode schema = OpenApi.resolve("#/components/schemas/PlaceOrder");

	private static ConfigurableApplicationContext gateway;

	private static Door door;

	@BeforeContainer
	static void start() {
		gateway = new SpringApplicationBuilder(ApiGatewayApplication.class, KnownTrace.class)
			.initializers(new Neighbours())
			.run("--server.port=0");
		door = new Door(((ServletWebServerApplicationContext) gateway).getWebServer().getPort());
	}

	@AfterContainer
	static void stop() {
		gateway.close();
	}

	@Property(tries = 400)
	void answersAnyJson(@ForAll("mutatedOrders") JsonNode body) {
		Door.Answer answer = door.order(body.toString());
		boolean valid = OpenApi.errors(schema, body).isEmpty() && eachSkuOnceAndNoFractions(body);
		assertThat(answer.status()).as("%s: %s", body, answer).isEqualTo(valid ? 201 : 400);
	}

	@Property(tries = 300)
	void answersAnyBytes(@ForAll byte[] body) {
		assertThat(door.order(body).status()).isEqualTo(400);
	}

	@Property(tries = 300)
	void answersAnOrderWithAnyBytesInIt(@ForAll("brokenOrders") byte[] body) {
		assertThat(door.order(body).status()).isIn(201, 400);
	}

	@Property(tries = 200)
	void answersAnyIdempotencyKey(@ForAll("headerValues") String key) {
		boolean valid = key.strip().matches("[!-~]{1,255}");
		assertThat(door.order(Door.ORDER, "Idempotency-Key: " + key).status()).isEqualTo(valid ? 201 : 400);
	}

	/**
	 * What the schema cannot say: 2.0 is an integer to it, and lines may differ in
	 * quantity only.
	 */
	private static boolean eachSkuOnceAndNoFractions(JsonNode order) {
		List<String> skus = order.path("lines").valueStream().map((line) -> line.path("sku").asString("")).toList();
		return skus.stream().distinct().count() == skus.size()
				&& order.path("lines").valueStream().allMatch((line) -> line.path("quantity").isIntegralNumber());
	}

	@Provide
	Arbitrary<JsonNode> mutatedOrders() {
		Arbitrary<JsonNode> skus = Arbitraries.integers().between(0, 99).map((n) -> text("sku-%02d".formatted(n)));
		Arbitrary<JsonNode> quantities = Arbitraries.integers().between(1, 1000).map(json::numberNode);
		Arbitrary<JsonNode> line = mostly(object("sku", mostly(skus), "quantity", mostly(quantities)));
		Arbitrary<JsonNode> lines = line.list().ofMinSize(0).ofMaxSize(5).map((all) -> json.arrayNode().addAll(all));
		Arbitrary<JsonNode> customers = Arbitraries.integers()
			.between(0, 99)
			.map((n) -> text("cust-%02d".formatted(n)));
		return mostly(object("customer", mostly(customers), "lines", mostly(lines)));
	}

	private static Arbitrary<JsonNode> object(String first, Arbitrary<JsonNode> firstValues, String second,
			Arbitrary<JsonNode> secondValues) {
		return Combinators.combine(firstValues, secondValues, anything(), Arbitraries.integers().between(0, 29))
			.as((one, two, other, chance) -> {
				ObjectNode object = json.objectNode();
				object.set(first, one);
				object.set(second, two);
				switch (chance) {
					case 0 -> object.remove(first);
					case 1 -> object.remove(second);
					case 2 -> object.set(other.asString("more"), other);
					default -> {
					}
				}
				return object;
			});
	}

	private static Arbitrary<JsonNode> mostly(Arbitrary<JsonNode> good) {
		return Arbitraries.integers().between(0, 19).flatMap((chance) -> (chance > 0) ? good : anything());
	}

	private static Arbitrary<JsonNode> anything() {
		Arbitrary<JsonNode> flat = Arbitraries
			.oneOf(List.of(Arbitraries.just(json.nullNode()), Arbitraries.of(true, false).map(json::booleanNode),
					Arbitraries.integers().map(json::numberNode), Arbitraries.bigIntegers().map(json::numberNode),
					Arbitraries.doubles().between(-1e9, 1e9).map(json::numberNode),
					Arbitraries.strings().map(CheckoutFuzzTests::text)));
		return Arbitraries.integers().between(0, 9).flatMap((chance) -> switch (chance) {
			case 0 -> flat.list().ofMaxSize(3).map((all) -> json.arrayNode().addAll(all));
			case 1 -> flat.map((value) -> json.objectNode().set(value.asString("x"), value));
			default -> flat;
		});
	}

	private static JsonNode text(String text) {
		return json.stringNode(text);
	}

	@Provide
	Arbitrary<byte[]> brokenOrders() {
		byte[] order = Door.ORDER.getBytes(StandardCharsets.UTF_8);
		Arbitrary<Integer> places = Arbitraries.integers().between(0, order.length);
		return Combinators.combine(places, places, Arbitraries.bytes().array(byte[].class).ofMaxSize(8))
			.as((from, to, bytes) -> {
				ByteArrayOutputStream broken = new ByteArrayOutputStream();
				broken.write(order, 0, from);
				broken.writeBytes(bytes);
				broken.write(order, to, order.length - to);
				return broken.toByteArray();
			});
	}

	@Provide
	Arbitrary<String> headerValues() {
		return Arbitraries.strings().withCharRange(' ', '\u00ff').ofMaxLength(300);
	}

}
