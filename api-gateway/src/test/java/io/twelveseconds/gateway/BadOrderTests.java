package io.twelveseconds.gateway;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.web.server.LocalServerPort;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Orders that are none: each gets a 400 or 413 that says what to change, and nothing
 * reaches order-service.
 */
@GatewayTest
class BadOrderTests {

	private static final int LIMIT = 64 * 1024;

	private static final String QUANTITY = "must be a whole number from 1 to 1000";

	private static final String NUMBER = "must be a whole number, not in quotes";

	private static final String CUSTOMER = "must be a string: cust- and two digits, such as cust-01";

	private static final String SKU = "must be a string: sku- and two digits, such as sku-01";

	private static final String LINES = "must be an array of 1 to 100 lines";

	@LocalServerPort
	private int port;

	private Door door;

	@BeforeEach
	void setUp() {
		Neighbours.reset();
		this.door = new Door(this.port);
	}

	@AfterEach
	void nothingReachedANeighbour() {
		Neighbours.server.verify(0, anyRequestedFor(anyUrl()));
	}

	static Stream<Arguments> badFields() {
		return Stream.of(quantity("0", QUANTITY), quantity("-1", QUANTITY), quantity("-0", QUANTITY),
				quantity("1001", QUANTITY), quantity("2147483647", QUANTITY), quantity("null", QUANTITY),
				quantity("2147483648", NUMBER), quantity("9".repeat(900), NUMBER), quantity("2.0", NUMBER),
				quantity("2.5", NUMBER), quantity("1e2", NUMBER), quantity("1e999999999", NUMBER),
				quantity("\"2\"", NUMBER), quantity("\"\"", NUMBER), quantity("true", NUMBER), quantity("[2]", NUMBER),
				quantity("{}", NUMBER), quantity("[".repeat(3000), NUMBER), sku("null", SKU), sku("1", SKU),
				sku("1.5", SKU), sku("true", SKU), sku("\"\"", SKU), sku("\"sku-1\"", SKU), sku("\"sku-001\"", SKU),
				sku("\"SKU-01\"", SKU), sku("\" sku-01\"", SKU), sku("\"sku-01\\n\"", SKU), sku("\"sku-٠١\"", SKU),
				sku("\"sku-0\\u0000\"", SKU), sku("\"\\ud800\"", SKU), sku("\"\u202esku-01\"", SKU), sku("\"😀\"", SKU),
				sku("[]", "must be a string"), sku("{}", "must be a string"), customer("null", CUSTOMER),
				customer("1", CUSTOMER), customer("\"bob\"", CUSTOMER), customer("\"cust-1\"", CUSTOMER),
				customer("\"" + "x".repeat(9000) + "\"", CUSTOMER), customer("[\"cust-01\"]", "must be a string"),
				lines("null", "/lines " + LINES), lines("[]", "/lines " + LINES),
				lines("\"\"", "/lines must be an array"), lines("{}", "/lines must be an array"),
				lines("[null]", "/lines/0 must be a line"), lines("[[]]", "/lines/0 must be an object"),
				lines("[\"\"]", "/lines/0 must be an object"), lines("[1]", "/lines/0 must be an object"),
				lines(manyLines(101), "/lines " + LINES),
				arguments("{\"lines\":[{\"sku\":\"sku-01\",\"quantity\":1}]}", "/customer " + CUSTOMER),
				arguments("{\"customer\":\"cust-01\"}", "/lines " + LINES),
				lines("[{\"quantity\":1}]", "/lines/0/sku " + SKU),
				lines("[{\"sku\":\"sku-01\"}]", "/lines/0/quantity " + QUANTITY),
				lines("[{\"sku\":\"sku-01\",\"quantity\":1,\"price\":0}]",
						"/lines/0/price is not known here: leave it out"),
				lines("[{\"sku\":\"sku-01\",\"quantity\":1},{\"sku\":\"sku-01\",\"quantity\":1}]",
						"/lines/1/sku is in an earlier line already: order each product in one line"),
				unknownField("\"coupon\":1", "/coupon"), unknownField("\"\":1", "/"),
				unknownField("\"" + "😀".repeat(60) + "\":1", "/" + "😀".repeat(49) + "?"),
				unknownField("\"a/b~\":{\"c\":[]}", "/a~1b~0"),
				unknownField("\"" + "x".repeat(5000) + "\":1", "/" + "x".repeat(99)),
				arguments("[]", " must be one JSON object with nothing after it"),
				arguments("\"\"", " must be one JSON object with nothing after it"),
				arguments(" ", " must be one JSON object with nothing after it"),
				arguments("[1,", " must be one JSON object with nothing after it"),
				arguments("1", " must be one JSON object with nothing after it"),
				arguments("[".repeat(5000), " must be one JSON object with nothing after it"),
				arguments(Door.ORDER + "{}", " must be one JSON object with nothing after it"));
	}

	private static Arguments quantity(String json, String error) {
		return lines("[{\"sku\":\"sku-01\",\"quantity\":" + json + "}]", "/lines/0/quantity " + error);
	}

	private static Arguments sku(String json, String error) {
		return lines("[{\"sku\":" + json + ",\"quantity\":1}]", "/lines/0/sku " + error);
	}

	private static Arguments customer(String json, String error) {
		return arguments("{\"customer\":" + json + ",\"lines\":[{\"sku\":\"sku-01\",\"quantity\":1}]}",
				"/customer " + error);
	}

	private static Arguments lines(String json, String error) {
		return arguments("{\"customer\":\"cust-01\",\"lines\":" + json + "}", error);
	}

	private static Arguments unknownField(String field, String pointer) {
		return arguments("{" + field + "," + Door.ORDER.strip().substring(1),
				pointer + " is not known here: leave it out");
	}

	private static String manyLines(int count) {
		return IntStream.range(0, count)
			.mapToObj((i) -> "{\"sku\":\"sku-%02d\",\"quantity\":1}".formatted(i))
			.collect(Collectors.joining(",", "[", "]"));
	}

	@ParameterizedTest
	@MethodSource("badFields")
	void pointsAtTheFieldToChange(String body, String error) {
		Door.Answer answer = this.door.order(body);
		assertThat(answer.problem()).isEqualTo("gateway:invalid-request");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.errors()).contains(error);
		assertThat(answer.json().path("traceId").stringValue()).isEqualTo(KnownTrace.ID);
	}

	@Test
	void namesAllMistakesUpToTwenty() {
		String line = "{\"sku\":\"x\",\"quantity\":0}";
		Door.Answer two = this.door.order("{\"customer\":\"cust-01\",\"lines\":[" + line + "]}");
		assertThat(two.errors()).containsExactlyInAnyOrder("/lines/0/sku " + SKU, "/lines/0/quantity " + QUANTITY);
		Door.Answer many = this.door
			.order("{\"customer\":\"cust-01\",\"lines\":[" + (line + ",").repeat(99) + line + "]}");
		assertThat(many.errors()).hasSize(20);
	}

	static Stream<String> notJson() {
		String order = Door.ORDER.strip();
		return Stream.of("", "null", "{", "}", "{]", order.replace("\"lines\"", "\"\\ud800\":1,\"lines\""), "\u0000",
				order.substring(0, 40), order + "x", order + ",", "/**/" + order,
				order.replace("\"cust-01\"", "cust-01"), order.replace('"', '\''), order.replace(":2", ":02"),
				order.replace(":2", ":+2"), order.replace(":2", ":NaN"), order.replace(":2", ":" + "9".repeat(5000)),
				order.replace("cust-01", "cust-\u0000"), order.replace("cust-01", "\\x"),
				order.replace("\"lines\"", "\"customer\":\"cust-02\",\"lines\""),
				order.replace(":2", ":2,\"quantity\":2"), order.replace("}]", "},]"),
				"{\"x\":" + "[".repeat(2000) + "]".repeat(2000) + "," + order.substring(1));
	}

	@ParameterizedTest
	@MethodSource("notJson")
	void refusesWhatIsNoJson(String body) {
		Door.Answer answer = this.door.order(body);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("gateway:malformed-json");
	}

	@Test
	void saysWhereTheJsonBreaks() {
		assertThat(this.door.order("{\"customer\":\"cust-01\",\n \"customer\":1}").json().path("detail").stringValue())
			.contains("each field once", "line 2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\u00ff\u00fe", "\u00c3(", "\u00ed\u00a0\u0080", "\u00c0\u00af", "\u00f8\u0088" })
	void refusesWhatIsNoUtf8(String bytes) {
		byte[] body = Door.ORDER.replace("cust-01", bytes).getBytes(StandardCharsets.ISO_8859_1);
		Door.Answer answer = this.door.order(body);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isIn("gateway:malformed-json", "gateway:invalid-request");
	}

	@ParameterizedTest
	@ValueSource(ints = { LIMIT + 1, 2 * LIMIT, 5_000_000 })
	void refusesABodyOverTheLimit(int size) {
		Door.Answer answer = this.door.order(Door.ORDER + " ".repeat(size - Door.ORDER.length()));
		assertThat(answer.status()).isEqualTo(413);
		assertThat(answer.problem()).isEqualTo("gateway:body-too-large");
	}

	@Test
	void refusesAChunkedBodyOverTheLimit() {
		String head = """
				POST /api/orders HTTP/1.1
				Host: gateway
				Content-Type: application/json
				Transfer-Encoding: chunked
				Connection: close

				""".replace("\n", "\r\n");
		String chunks = ("2000\r\n" + " ".repeat(0x2000) + "\r\n").repeat(9) + "0\r\n\r\n";
		Door.Answer answer = this.door.raw(head, chunks.getBytes(StandardCharsets.US_ASCII));
		assertThat(answer.status()).isEqualTo(413);
		assertThat(answer.problem()).isEqualTo("gateway:body-too-large");
		Door.Answer noChunk = this.door.raw(head, "zz\r\n".getBytes(StandardCharsets.US_ASCII));
		assertThat(noChunk.status()).isEqualTo(400);
		assertThat(noChunk.problem()).startsWith("gateway:");
	}

	@Test
	void givesUpOnABodyThatStopsInTheMiddle() {
		Door.Answer answer = this.door.raw("""
				POST /api/orders HTTP/1.1
				Host: gateway
				Content-Type: application/json
				Content-Length: 100
				Connection: close

				""".replace("\n", "\r\n"), "{".getBytes(StandardCharsets.US_ASCII));
		assertThat(answer.status()).isEqualTo(408);
		assertThat(answer.problem()).isEqualTo("gateway:bad-request");
	}

	@Test
	void refusesTwoIdempotencyKeys() {
		Door.Answer answer = this.door.order(Door.ORDER, "Idempotency-Key: a", "Idempotency-Key: b");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("gateway:invalid-request");
		assertThat(answer.errors()).containsExactly("Idempotency-Key is said twice: say it once");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "\t", "\u00e4", "a\u00a0", "TOO LONG" })
	void refusesAnIdempotencyKeyThatIsNone(String key) {
		String sent = key.equals("TOO LONG") ? "x".repeat(256) : key;
		Door.Answer answer = this.door.order(Door.ORDER, "Idempotency-Key: " + sent);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("gateway:invalid-request");
		assertThat(answer.errors())
			.containsExactly("Idempotency-Key must be 1 to 255 visible ASCII characters without a space");
	}

}
