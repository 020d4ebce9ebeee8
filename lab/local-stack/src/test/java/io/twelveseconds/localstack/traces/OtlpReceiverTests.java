package io.twelveseconds.localstack.traces;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.resource.v1.Resource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static io.twelveseconds.localstack.traces.Samples.request;
import static io.twelveseconds.localstack.traces.Samples.span;
import static io.twelveseconds.localstack.traces.Samples.traceId;
import static io.twelveseconds.localstack.traces.StoreClient.JSON;
import static io.twelveseconds.localstack.traces.StoreClient.PROTOBUF;
import static io.twelveseconds.localstack.traces.StoreClient.gzip;
import static io.twelveseconds.localstack.traces.StoreClient.json;
import static org.assertj.core.api.Assertions.assertThat;

class OtlpReceiverTests {

	private final StoreClient store = new StoreClient("--max-traces=100");

	@AfterEach
	void stop() {
		this.store.close();
	}

	@Test
	void keepsSpansSentAsProtobuf() throws IOException {
		HttpResponse<byte[]> response = this.store.export(request("shop", span(1, 1), span(1, 2), span(2, 3)));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue(PROTOBUF);
		assertThat(ExportTraceServiceResponse.parseFrom(response.body()))
			.isEqualTo(ExportTraceServiceResponse.getDefaultInstance());
		assertThat(spansOf(1)).hasSize(2);
		assertThat(spansOf(2)).hasSize(1);
		assertThat(this.store.metric("spans_received_total")).isEqualTo(3);
	}

	@Test
	void keepsSpansSentAsJson() {
		HttpResponse<byte[]> response = this.store.export(JSON + "; charset=utf-8",
				utf8("""
						{"resourceSpans": [{
						  "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]},
						  "scopeSpans": [{
						    "scope": {"name": "hand"},
						    "fromTheFuture": {"a": [1, {"b": [2]}]},
						    "spans": [
						      {"traceId": "0000000000000000000000000000000A", "spanId": "0000000000000001", "name": "a", "kind": 2,
						       "startTimeUnixNano": "1767225600000000000", "endTimeUnixNano": 1767225601000000000, "parentSpanId": "",
						       "attributes": [{"key": "n", "value": {"intValue": 7}}, {"key": "d", "value": {"doubleValue": "NaN"}},
						                      {"key": "b", "value": {"bytesValue": "aGk="}}, {"key": "none", "value": null}],
						       "status": {"code": "STATUS_CODE_ERROR", "message": "é\\u0000"}},
						      {"traceId": "0000000000000000000000000000000a", "spanId": "0000000000000002", "name": "b",
						       "kind": "SPAN_KIND_CLIENT", "status": null}]}]}]}
						"""));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue(JSON);
		assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("{\"partialSuccess\":{}}");
		List<JsonNode> spans = spansOf(10);
		assertThat(spans.get(0)).isEqualTo(JsonMapper.shared().readTree("""
				{"traceId": "0000000000000000000000000000000a", "spanId": "0000000000000001", "name": "a", "kind": 2,
				 "startTimeUnixNano": "1767225600000000000", "endTimeUnixNano": "1767225601000000000",
				 "attributes": [{"key": "n", "value": {"intValue": "7"}}, {"key": "d", "value": {"doubleValue": "NaN"}},
				                {"key": "b", "value": {"bytesValue": "aGk="}}, {"key": "none", "value": {}}],
				 "status": {"code": 2, "message": "é\\u0000"}}"""));
		assertThat(spans.get(1).path("kind").asInt()).isEqualTo(3);
	}

	@Test
	void unpacksGzip() {
		byte[] zipped = gzip(request("shop", span(1, 1)).toByteArray());
		assertThat(this.store.export(PROTOBUF, zipped, "Content-Encoding", "gzip").statusCode()).isEqualTo(200);
		byte[] json = gzip(utf8(spanAsJson(traceId(1), "0000000000000002")));
		assertThat(this.store.export(JSON, json, "Content-Encoding", "GZIP").statusCode()).isEqualTo(200);
		assertThat(spansOf(1)).hasSize(2);
	}

	@Test
	void takesAResourceThatComesAfterItsSpans() {
		ExportTraceServiceRequest request = request("shop", span(1, 1));
		UnknownFieldSet resourceSpans = parsed(request.getResourceSpans(0).toByteString());
		ByteString reversed = UnknownFieldSet.newBuilder()
			.addField(2, resourceSpans.getField(2))
			.build()
			.toByteString()
			.concat(UnknownFieldSet.newBuilder().addField(1, resourceSpans.getField(1)).build().toByteString());
		UnknownFieldSet body = UnknownFieldSet.newBuilder()
			.addField(1, UnknownFieldSet.Field.newBuilder().addLengthDelimited(reversed).build())
			.build();
		assertThat(this.store.export(PROTOBUF, body.toByteArray()).statusCode()).isEqualTo(200);
		assertThat(this.store.get("/api/v3/services").body()).isEqualTo("{\"services\":[\"shop\"]}");
	}

	@Test
	void refusesEveryTruncationOfARequest() {
		byte[] request = request("shop", span(1, 1), span(1, 2)).toByteArray();
		for (int length = 1; length < request.length; length++) {
			HttpResponse<byte[]> response = this.store.export(PROTOBUF, Arrays.copyOf(request, length));
			assertThat(response.statusCode()).as("first %d bytes", length).isEqualTo(400);
		}
		assertThatNothingIsKept();
	}

	@Test
	void survivesRandomBytesAndFlippedBits() {
		Random random = new Random(12);
		byte[] request = request("shop", span(1, 1), span(1, 2)).toByteArray();
		for (int i = 0; i < 200; i++) {
			byte[] noise = new byte[random.nextInt(200)];
			random.nextBytes(noise);
			assertThat(this.store.export(PROTOBUF, noise).statusCode()).isIn(200, 400);
			assertThat(this.store.export(PROTOBUF, noise, "Content-Encoding", "gzip").statusCode()).isEqualTo(400);
			assertThat(this.store.export(JSON, noise).statusCode()).isEqualTo(400);
		}
		assertThatNothingIsKept();
		for (int i = 0; i < 500; i++) {
			byte[] flipped = request.clone();
			flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
			assertThat(this.store.export(PROTOBUF, flipped).statusCode()).isIn(200, 400);
		}
		assertThat(this.store.search().statusCode()).isEqualTo(200);
		assertThat(this.store.metric("spans_received_total")).isPositive();
	}

	@Test
	void keepsNothingOfARequestWithOneBadSpan() {
		HttpResponse<byte[]> response = this.store
			.export(request("shop", span(1, 1), span(1, 2).setTraceId(ByteString.copyFrom(new byte[15]))));
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(this.store.export(request("shop", span(1, 1), span(1, 0))).statusCode()).isEqualTo(400);
		assertThatNothingIsKept();
	}

	@Test
	void explainsARefusalInTheFormatOfTheRequest() {
		HttpResponse<byte[]> protobuf = this.store.export(PROTOBUF, new byte[] { 10, 100, 1 });
		assertThat(protobuf.headers().firstValue("Content-Type")).hasValue(PROTOBUF);
		UnknownFieldSet status = parsed(ByteString.copyFrom(protobuf.body()));
		assertThat(status.getField(1).getVarintList()).containsExactly(3L);
		assertThat(status.getField(2).getLengthDelimitedList().get(0).toStringUtf8()).startsWith("malformed OTLP: ");

		HttpResponse<byte[]> json = this.store.export(JSON, utf8("{\"resourceSpans\":[{\"resource\":3}]}"));
		assertThat(json.headers().firstValue("Content-Type")).hasValue(JSON);
		assertThat(JsonMapper.shared().readTree(json.body())).isEqualTo(JsonMapper.shared().readTree("""
				{"code": 3, "message": "malformed OTLP JSON at /resourceSpans/0/resource: expected an object"}"""));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "null", "3", "{", "{\"resourceSpans\":", "{\"resourceSpans\":[}", "{} {}",
			"{\"resourceSpans\":{}}", "{\"resourceSpans\":[[]]}", "{\"resourceSpans\":[null]}" })
	void refusesMalformedJson(String body) {
		assertThat(this.store.export(JSON, utf8(body)).statusCode()).isEqualTo(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"traceId\":\"12\"", "\"traceId\":\"zz\"", "\"traceId\":5", "\"kind\":\"WHAT\"",
			"\"kind\":1.5", "\"kind\":true", "\"name\":3", "\"name\":{}", "\"startTimeUnixNano\":\"x\"",
			"\"startTimeUnixNano\":-1", "\"startTimeUnixNano\":\"99999999999999999999\"", "\"flags\":4294967296",
			"\"attributes\":{}", "\"attributes\":[{\"value\":{\"boolValue\":\"yes\"}}]",
			"\"attributes\":[{\"value\":{\"bytesValue\":\"*\"}}]",
			"\"attributes\":[{\"value\":{\"doubleValue\":\"\"}}]" })
	void refusesJsonOfTheWrongType(String field) {
		String body = spanAsJson(traceId(1), "0000000000000001").replace("\"name\":\"n\"", field);
		assertThat(this.store.export(JSON, utf8(body)).statusCode()).isEqualTo(400);
		assertThatNothingIsKept();
	}

	@Test
	void refusesWhatItCannotRead() {
		byte[] request = request("shop", span(1, 1)).toByteArray();
		assertThat(this.store.export("text/plain", request).statusCode()).isEqualTo(415);
		assertThat(this.store.export(PROTOBUF, request, "Content-Encoding", "br").statusCode()).isEqualTo(415);
		HttpResponse<String> get = this.store.otlp("GET", "/v1/traces");
		assertThat(get.statusCode()).isEqualTo(405);
		assertThat(get.headers().firstValue("Allow")).hasValue("POST");
		for (String path : List.of("/v1/metrics", "/v1/logs", "/v1/tracesx", "/")) {
			assertThat(this.store.otlp("POST", path).statusCode()).isEqualTo(404);
		}
		assertThat(this.store.otlp("POST", "/v1/logs").body()).contains("only traces are kept here");
		assertThatNothingIsKept();
	}

	@Test
	void refusesHugeBodiesAndDecompressionBombs() {
		assertThat(this.store.export(PROTOBUF, new byte[OtlpReceiver.MAX_BODY + 1]).statusCode()).isEqualTo(413);
		assertThat(this.store.export(JSON, new byte[3 * OtlpReceiver.MAX_BODY]).statusCode()).isEqualTo(413);
		byte[] bomb = gzip(new byte[OtlpReceiver.MAX_BODY], 20);
		assertThat(bomb).hasSizeLessThan(OtlpReceiver.MAX_BODY / 10);
		assertThat(this.store.export(PROTOBUF, bomb, "Content-Encoding", "gzip").statusCode()).isEqualTo(413);
		assertThatNothingIsKept();
	}

	@Test
	void refusesWhatIsSmallOnTheWireAndHugeInMemory() {
		byte[] emptySpans = new byte[OtlpReceiver.MAX_BODY / 2];
		for (int i = 0; i < emptySpans.length; i += 2) {
			emptySpans[i] = 18;
		}
		ByteString attributes = ByteString.copyFrom(new byte[] { 74, 0 });
		while (attributes.size() < 4_000_000) {
			attributes = attributes.concat(attributes);
		}
		byte[] emptyAttributes = nested(
				nested(nested(ByteString.copyFrom(span(1, 1).build().toByteArray()).concat(attributes), 2), 2), 1)
			.toByteArray();
		byte[] emptyScopes = nested(ByteString.copyFrom(emptySpans), 1).toByteArray();
		assertThat(this.store.export(PROTOBUF, emptyAttributes).statusCode()).isEqualTo(400);
		assertThat(this.store.export(PROTOBUF, emptyScopes).statusCode()).as("scopes without spans").isEqualTo(200);
		String manyObjects = "{\"resourceSpans\":[" + "{},".repeat(500_000) + "{}]}";
		assertThat(this.store.export(JSON, utf8(manyObjects)).statusCode()).isEqualTo(400);
		assertThat(this.store.export(JSON, utf8("{\"a\":" + "[".repeat(1_000_000))).statusCode()).isEqualTo(400);
		assertThatNothingIsKept();
	}

	/** As objects they would take fifty megabytes. */
	@Test
	void keepsResourcesAsSmallAsTheyCame() throws IOException {
		ByteString request = ByteString.EMPTY;
		for (int i = 0; i < 100; i++) {
			Resource distinct = Resource.newBuilder().setDroppedAttributesCount(i + 1).build();
			ByteString resource = distinct.toByteString().concat(repeated(OtlpRequest.MAX_FIELDS - 10, 10, 0));
			ByteString spans = nested(nested(ByteString.copyFrom(span(1, i + 1).build().toByteArray()), 2), 2);
			request = request.concat(nested(nested(resource, 1).concat(spans), 1));
		}
		long before = usedMemory();
		List<ReceivedSpan> spans = OtlpRequest.spans(request.toByteArray());
		assertThat(usedMemory() - before).isLessThan(20_000_000);
		assertThat(spans).hasSize(100)
			.allSatisfy((span) -> assertThat(span.origin().resource().getAttributesList()).hasSizeGreaterThan(9000));
	}

	private static long usedMemory() {
		System.gc();
		return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
	}

	/**
	 * Ten such spans would be more than the store has memory for, whenever it is asked.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "empty attributes", "empty values within one attribute", "unknown groups" })
	void refusesASpanThatWouldBeHugeWhenItIsRead(String kind) {
		int tags = OtlpRequest.MAX_FIELDS + 1;
		ByteString huge = switch (kind) {
			case "empty attributes" -> repeated(tags, 74, 0);
			case "empty values within one attribute" -> nested(nested(nested(repeated(tags, 10, 0), 5), 2), 9);
			default -> repeated(tags, 0x7b, 0x7c);
		};
		byte[] request = nested(
				nested(nested(ByteString.copyFrom(span(1, 1).build().toByteArray()).concat(huge), 2), 2), 1)
			.toByteArray();
		HttpResponse<byte[]> response = this.store.export(PROTOBUF, request);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(
				parsed(ByteString.copyFrom(response.body())).getField(2).getLengthDelimitedList().get(0).toStringUtf8())
			.startsWith("malformed OTLP: a ");
		assertThatNothingIsKept();
	}

	@Test
	void saysHowManySpansItCouldNotKeep() throws IOException {
		StoreClient small = new StoreClient("--max-spans-per-trace=1");
		try (small) {
			HttpResponse<byte[]> response = small.export(request("shop", span(1, 1), span(1, 2), span(1, 3)));
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(ExportTraceServiceResponse.parseFrom(response.body()).getPartialSuccess().getRejectedSpans())
				.isEqualTo(2);
			assertThat(small.metric("spans_dropped_total{reason=\"trace_full\"}")).isEqualTo(2);
		}
	}

	@Test
	void takesManyWritersAtOnce() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Callable<Integer>> exports = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				int batch = i;
				exports.add(() -> this.store
					.export(PROTOBUF,
							gzip(request("s" + batch % 7, span(1 + batch % 20, 2 * batch + 1),
									span(1 + batch % 20, 2 * batch + 2))
								.toByteArray()),
							"Content-Encoding", "gzip")
					.statusCode());
			}
			for (Future<Integer> status : threads.invokeAll(exports, 60, TimeUnit.SECONDS)) {
				assertThat(status.get()).isEqualTo(200);
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(this.store.metric("spans")).isEqualTo(400);
		assertThat(this.store.metric("traces")).isEqualTo(20);
		assertThat(spansOf(7)).hasSize(20);
	}

	private void assertThatNothingIsKept() {
		assertThat(this.store.metric("spans_received_total")).isZero();
		assertThat(this.store.metric("traces")).isZero();
		assertThat(this.store.get("/health").statusCode()).isEqualTo(200);
	}

	private List<JsonNode> spansOf(long traceId) {
		List<JsonNode> spans = new ArrayList<>();
		for (JsonNode ofResource : json(this.store.get("/api/v3/traces/" + traceId(traceId)))
			.at("/result/resourceSpans")) {
			ofResource.path("scopeSpans").forEach((ofScope) -> ofScope.path("spans").forEach(spans::add));
		}
		return spans;
	}

	private static String spanAsJson(String traceId, String spanId) {
		return """
				{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%s","spanId":"%s","name":"n"}]}]}]}"""
			.formatted(traceId, spanId);
	}

	private static ByteString nested(ByteString message, int field) {
		return UnknownFieldSet.newBuilder()
			.addField(field, UnknownFieldSet.Field.newBuilder().addLengthDelimited(message).build())
			.build()
			.toByteString();
	}

	private static ByteString repeated(int times, int... bytes) {
		ByteString.Output repeated = ByteString.newOutput();
		for (int i = 0; i < times; i++) {
			for (int single : bytes) {
				repeated.write(single);
			}
		}
		return repeated.toByteString();
	}

	private static UnknownFieldSet parsed(ByteString message) {
		try {
			return UnknownFieldSet.parseFrom(message);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
