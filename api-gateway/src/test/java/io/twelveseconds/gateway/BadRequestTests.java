package io.twelveseconds.gateway;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.web.server.LocalServerPort;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Everything about a request but its body. Much of it is refused by Tomcat before Spring
 * MVC sees it, and must not look different.
 */
@GatewayTest
class BadRequestTests {

	private static final byte[] ORDER = Door.ORDER.getBytes(StandardCharsets.UTF_8);

	private static final byte[] NOTHING = new byte[0];

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

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "application/xml", "application/vnd.x+json", "application/*", "*/*", "",
			"garbage", "application/json;charset=nonsense", "application/x-www-form-urlencoded", "multipart/form-data",
			"multipart/form-data;boundary=x" })
	void refusesOtherMediaTypes(String type) {
		Door.Answer answer = this.door.send("POST", "/api/orders", ORDER, "Content-Type: " + type);
		assertThat(answer.status()).isEqualTo(415);
		assertThat(answer.problem()).isEqualTo("gateway:unsupported-media-type");
		assertThat(answer.header("Accept")).isEqualTo("application/json");
	}

	@Test
	void refusesABodyWithoutAMediaType() {
		assertThat(this.door.send("POST", "/api/orders", ORDER).status()).isEqualTo(415);
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html", "application/xml", "image/*", "garbage", "application/json;q=9" })
	void refusesToAnswerInOtherMediaTypes(String type) {
		Door.Answer answer = this.door.get("/api/products", "Accept: " + type);
		assertThat(answer.status()).isEqualTo(406);
		assertThat(answer.problem()).isEqualTo("gateway:not-acceptable");
		Door.Answer order = this.door.order(Door.ORDER, "Accept: " + type);
		assertThat(order.status()).isEqualTo(406);
		assertThat(order.problem()).isEqualTo("gateway:not-acceptable");
	}

	@Test
	void saysWhatIsWrongEvenIfTheCallerTakesOnlyHtml() {
		assertThat(this.door.get("/nowhere", "Accept: text/html").problem()).isEqualTo("gateway:not-found");
		assertThat(this.door.get("/nowhere", "Accept: garbage").problem()).isEqualTo("gateway:not-found");
	}

	@ParameterizedTest
	@CsvSource({ "PUT, /api/orders", "DELETE, /api/orders", "PATCH, /api/orders", "FOO, /api/orders",
			"post, /api/orders", "TRACE, /api/orders", "POST, /api/products", "POST, /api/analytics/summary",
			"DELETE, /api/orders/6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d" })
	void refusesOtherMethods(String method, String path) {
		Door.Answer answer = this.door.send(method, path, NOTHING);
		assertThat(answer.status()).isEqualTo(405);
		assertThat(answer.problem()).isEqualTo("gateway:method-not-allowed");
		assertThat(answer.header("Allow")).contains("GET").doesNotContain("TRACE");
		assertThat(answer.header("traceresponse")).isEqualTo(KnownTrace.TRACERESPONSE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "123", "1-1-1-1-1", "%7Bid%7D", "%20", "..", "%2e%2e", "%F0%9F%98%80",
			"6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3", "6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d%20", "x;jsessionid=1",
			"6f1d1f0e52c14c418a540e6f3a1b2c3d", "NULL", "*" })
	void refusesAnIdThatIsNone(String id) {
		Door.Answer answer = this.door.get("/api/orders/" + id);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("gateway:invalid-request");
		assertThat(answer.errors()).containsExactly("id must be a UUID");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "", value = { "/api/orders | customer is missing",
			"/api/orders?page=0 | customer is missing",
			"/api/orders?customer= | customer must be a string: cust- and two digits, such as cust-01",
			"/api/orders?customer=bob | customer must be a string: cust- and two digits, such as cust-01",
			"/api/orders?customer=cust-01&customer=cust-02 | customer is said twice: say it once",
			"/api/orders?customer=cust-01&page=0&page=7 | page is said twice: say it once",
			"/api/orders?customer=cust-01%00 | customer must be a string: cust- and two digits, such as cust-01",
			"/api/orders?customer=cust-01&page=-1 | page must be a whole number from 0 to 10000",
			"/api/orders?customer=cust-01&page=10001 | page must be a whole number from 0 to 10000",
			"/api/orders?customer=cust-01&page=99999999999 | page must be a whole number",
			"/api/orders?customer=cust-01&page=x | page must be a whole number",
			"/api/orders?customer=cust-01&page=1.0 | page must be a whole number",
			"/api/orders?customer=cust-01&size=0 | size must be a whole number from 1 to 100",
			"/api/orders?customer=cust-01&size=101 | size must be a whole number from 1 to 100",
			"/api/orders?customer=cust-01&size=NaN | size must be a whole number",
			"/api/customers/bob/loyalty | customer must be a string: cust- and two digits, such as cust-01",
			"/api/customers/cust-01%0a/loyalty | customer must be a string: cust- and two digits, such as cust-01",
			"/api/notifications | order is missing", "/api/notifications?order= | order must be a UUID",
			"/api/notifications?order=x | order must be a UUID" })
	void namesTheParameterToChange(String target, String error) {
		Door.Answer answer = this.door.get(target);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("gateway:invalid-request");
		assertThat(answer.errors()).containsExactly(error);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "//", "//api/orders", "/api//orders", "/api", "/api/", "/api/orders/",
			"/api/orders/a/b", "/API/orders", "/api/orders/../products", "/api;x/nowhere", "/error", "/favicon.ico",
			"/actuator/env", "/WEB-INF/web.xml", "/META-INF/MANIFEST.MF", "/application.yaml", "/static/openapi.yaml",
			"/openapi.json", "/swagger-ui/index.html", "/.;/" })
	void hasNothingAtOtherPaths(String path) {
		Door.Answer answer = this.door.send("GET", path, NOTHING);
		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.problem()).isEqualTo("gateway:not-found");
		assertThat(answer.header("traceresponse")).isEqualTo(KnownTrace.TRACERESPONSE);
		assertThat(answer.json().path("traceId").stringValue()).isEqualTo(KnownTrace.ID);
		assertThat(this.door.send("POST", path, ORDER, "Content-Type: application/json").status()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /api/orders/%2F HTTP/1.1", "GET /api/orders/%5C HTTP/1.1",
			"GET /api/orders/%00 HTTP/1.1", "GET /api/orders/%C3%28 HTTP/1.1", "GET /api/orders/%zz HTTP/1.1",
			"GET /api/orders/% HTTP/1.1", "GET /api/orders/<x> HTTP/1.1", "GET /api/orders/\u00e4 HTTP/1.1",
			"GET /api/orders/a\\b HTTP/1.1", "GET /api/orders/%2e%2e/%2e%2e/%2e%2e/x HTTP/1.1",
			"GET /..;/..;/ HTTP/1.1", "GET /\u0001 HTTP/1.1", "GET api/orders HTTP/1.1",
			"GET /api/orders?customer=%zz HTTP/1.1", "GET /api/orders?% HTTP/1.1",
			"GET /api/orders?customer=%ff HTTP/1.1", "GET /api/orders?=&= HTTP/1.1",
			"GET /api/orders?customer=< HTTP/1.1", "GET http://elsewhere:99999/ HTTP/1.1", "GET /api/orders HTTP/9.9",
			"GET /api/orders HTTX/1.1", "POST /api/orders HTTP/1.1\r\nContent-Length: x",
			"POST /api/orders HTTP/1.1\r\nContent-Length: -1",
			"POST /api/orders HTTP/1.1\r\nTransfer-Encoding: nonsense", "GET /api/products HTTP/1.1\r\nHost: twice",
			"GET /api/products HTTP/1.1\r\nno colon", "GET /api/products HTTP/1.1\r\nX: \u0001" })
	void refusesWhatIsNotHttp(String head) {
		Door.Answer answer = this.door.raw(head + "\r\nHost: gateway\r\nConnection: close\r\n\r\n", NOTHING);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("gateway:bad-request");
		assertThat(answer.header("traceresponse")).isEqualTo(KnownTrace.TRACERESPONSE);
		assertThat(answer.json().path("traceId").stringValue()).isEqualTo(KnownTrace.ID);
		assertThat(answer.json().path("traceUrl").stringValue())
			.isEqualTo("http://127.0.0.1:16686/trace/" + KnownTrace.ID);
	}

	@Test
	void refusesTooManyAndTooLargeHeadersAndParameters() {
		assertThat(this.door.get("/api/products", "X: " + "x".repeat(20_000)).status()).isEqualTo(400);
		assertThat(this.door.get("/api/products", "X: x\r\n".repeat(200) + "X: x").status()).isEqualTo(400);
		assertThat(this.door.get("/api/orders?" + "a=1&".repeat(1200) + "customer=cust-01").status()).isEqualTo(400);
		assertThat(this.door.get("/api/orders/" + "x".repeat(20_000)).status()).isEqualTo(400);
	}

}
