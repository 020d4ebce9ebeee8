package io.twelveseconds.localstack.traces;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.twelveseconds.localstack.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static io.twelveseconds.localstack.traces.Samples.NEW_YEAR;
import static io.twelveseconds.localstack.traces.Samples.attribute;
import static io.twelveseconds.localstack.traces.Samples.hex;
import static io.twelveseconds.localstack.traces.Samples.request;
import static io.twelveseconds.localstack.traces.Samples.span;
import static io.twelveseconds.localstack.traces.Samples.traceId;
import static io.twelveseconds.localstack.traces.StoreClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * The shapes and status codes expected here are those that Jaeger 2.13 answered to the
 * same requests. Two are our own: Jaeger ignores {@code query.attributes}, and calls a
 * search without {@code query.num_traces} its own fault (500).
 */
class QueryApiTests {

	private final StoreClient store = new StoreClient("--max-traces=1000");

	@AfterEach
	void stop() {
		this.store.close();
	}

	@Test
	void showsATraceAsJaegerDoes() {
		Span.Builder full = span(1, 2).setParentSpanId(hex("0000000000000001"))
			.setName("GET /a")
			.setKind(Span.SpanKind.SPAN_KIND_SERVER)
			.setTraceState("a=b")
			.setFlags(257)
			.setDroppedAttributesCount(3)
			.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).setMessage("bad"))
			.addAttributes(attribute("empty", ""))
			.addAttributes(KeyValue.newBuilder().setKey("none").setValue(AnyValue.getDefaultInstance()))
			.addAttributes(attribute("zero", 0L))
			.addAttributes(attribute("most", Long.MAX_VALUE))
			.addAttributes(attribute("false", false))
			.addAttributes(attribute("half", 0.5))
			.addAttributes(KeyValue.newBuilder()
				.setKey("list")
				.setValue(AnyValue.newBuilder()
					.setArrayValue(ArrayValue.newBuilder().addValues(AnyValue.newBuilder().setStringValue("<b>")))))
			.addEvents(
					Span.Event.newBuilder().setTimeUnixNano(NEW_YEAR).setName("e").addAttributes(attribute("k", "v")))
			.addLinks(
					Span.Link.newBuilder().setTraceId(hex(traceId(9))).setSpanId(hex("0000000000000009")).setFlags(1));
		Span.Builder bare = span(1, 3).setName("").setKindValue(0).setStartTimeUnixNano(0).setEndTimeUnixNano(0);
		this.store.export(request("shop", full, bare));
		HttpResponse<String> response = this.store.get("/api/v3/traces/" + traceId(1));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
		assertThat(json(response)).isEqualTo(JsonMapper.shared()
			.readTree(
					"""
							{"result": {"resourceSpans": [{
							  "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]},
							  "scopeSpans": [{"scope": {"name": "sample"}, "spans": [
							    {"traceId": "00000000000000000000000000000001", "spanId": "0000000000000002",
							     "traceState": "a=b", "parentSpanId": "0000000000000001", "flags": 257, "name": "GET /a", "kind": 2,
							     "startTimeUnixNano": "1767225600000000000", "endTimeUnixNano": "1767225600001000000",
							     "attributes": [
							       {"key": "empty", "value": {"stringValue": ""}}, {"key": "none", "value": {}},
							       {"key": "zero", "value": {"intValue": "0"}},
							       {"key": "most", "value": {"intValue": "9223372036854775807"}},
							       {"key": "false", "value": {"boolValue": false}}, {"key": "half", "value": {"doubleValue": 0.5}},
							       {"key": "list", "value": {"arrayValue": {"values": [{"stringValue": "<b>"}]}}}],
							     "droppedAttributesCount": 3,
							     "events": [{"timeUnixNano": "1767225600000000000", "name": "e",
							                 "attributes": [{"key": "k", "value": {"stringValue": "v"}}]}],
							     "links": [{"traceId": "00000000000000000000000000000009", "spanId": "0000000000000009", "flags": 1}],
							     "status": {"message": "bad", "code": 2}},
							    {"traceId": "00000000000000000000000000000001", "spanId": "0000000000000003", "status": {}}
							  ]}]}]}}"""));
	}

	@Test
	void findsATraceByItsIdInAnySpelling() {
		this.store.export(request("shop", span(0xabc, 1)));
		assertThat(this.store.get("/api/v3/traces/abc").statusCode()).isEqualTo(200);
		assertThat(this.store.get("/api/v3/traces/0ABC?start_time=2026-01-01T00:00:00Z").statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					traces/1                                      | 404 | No traces found
					traces/xyz                                    | 400 | malformed parameter trace_id
					traces/000000000000000000000000000000001      | 400 | malformed parameter trace_id
					traces/1?start_time=abc                       | 400 | malformed parameter start_time
					traces/1?end_time=abc                         | 400 | malformed parameter end_time
					traces                                        | 400 | query.start_time_min and query.start_time_max are required
					traces?TIMES&query.num_traces=1               | 404 | No traces found
					traces?TIMES                                  | 400 | query.num_traces must be greater than 0
					traces?TIMES&query.num_traces=1001            | 400 | query.num_traces must be greater than 0
					traces?TIMES&query.num_traces=x               | 400 | malformed parameter query.num_traces
					traces?TIMES&query.duration_min=1             | 400 | malformed parameter query.duration_min
					traces?TIMES&query.duration_max=1d            | 400 | malformed parameter query.duration_max
					traces?TIMES&query.attributes=x               | 400 | malformed parameter query.attributes
					traces?TIMES&query.attributes=[]              | 400 | malformed parameter query.attributes
					traces?query.start_time_min=x&query.start_time_max=y | 400 | malformed parameter query.start_time_min
					nothing                                       | 404 | nothing here""")
	void answersErrorsAsJaegerDoes(String request, int status, String message) {
		HttpResponse<String> response = this.store.get("/api/v3/" + request
			.replace("TIMES",
					"query.start_time_min=2026-01-01T00:00:00Z&query.start_time_max=2026-01-02T00:00:00%2B01:00")
			.replace("[", "%5B")
			.replace("]", "%5D"));
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(json(response).at("/error/httpCode").asInt()).isEqualTo(status);
		assertThat(json(response).at("/error/message").asString()).startsWith(message);
	}

	@Test
	void answersOnlyGet() {
		assertThat(this.store.query("POST", "/api/v3/services").statusCode()).isEqualTo(405);
		assertThat(this.store.query("DELETE", "/").statusCode()).isEqualTo(405);
	}

	@Test
	void listsServicesAndOperations() {
		assertThat(this.store.get("/api/v3/services").body()).isEqualTo("{}");
		assertThat(this.store.get("/api/v3/operations?service=shop").body()).isEqualTo("{\"operations\":[]}");
		this.store.export(request("shop", span(1, 1).setName("b"), span(1, 2).setName("b"),
				span(2, 3).setName("a").setKind(Span.SpanKind.SPAN_KIND_CLIENT),
				span(2, 4).setName("c").setKindValue(0)));
		this.store.export(request("cellar", span(1, 5)));
		assertThat(this.store.get("/api/v3/services").body()).isEqualTo("{\"services\":[\"cellar\",\"shop\"]}");
		assertThat(json(this.store.get("/api/v3/operations?service=shop"))).isEqualTo(JsonMapper.shared()
			.readTree(
					"""
							{"operations": [{"name": "a", "spanKind": "client"}, {"name": "b", "spanKind": "internal"}, {"name": "c"}]}"""));
		assertThat(this.store.get("/api/v3/operations?service=shop&span_kind=client").body())
			.isEqualTo("{\"operations\":[{\"name\":\"a\",\"spanKind\":\"client\"}]}");
		assertThat(this.store.get("/api/v3/operations").body()).isEqualTo("{\"operations\":[]}");
	}

	@Test
	void findsTracesNewestFirstAndNoMoreThanWanted() {
		for (int i = 1; i <= 5; i++) {
			this.store.export(request("shop", span(i, 1), span(i, 2)));
		}
		assertThat(found()).containsExactly(5, 4, 3, 2, 1);
		assertThat(found("query.service_name", "shop")).hasSize(5);
		HttpResponse<String> two = this.store.get("/api/v3/traces?query.start_time_min=2025-12-31T23:00:00-01:00"
				+ "&query.start_time_max=2026-01-01T00:00:00Z&query.num_traces=2");
		assertThat(ids(two)).containsExactly(5, 4);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			query.service_name   | shop       | 2,1
			query.service_name   | cellar     | 3,2
			query.service_name   | attic      |
			query.operation_name | pay        | 3,2
			query.duration_min   | 2s         | 3
			query.duration_min   | 1m59.5s    | 3
			query.duration_min   | 1ms        | 3,2,1
			query.duration_max   | 999us      |
			query.duration_max   | 1500µs     | 2,1
			query.start_time_min | 2026-01-01T00:00:01Z |
			query.attributes     | {"error":"true"}     | 2
			query.attributes     | {"error":false}      | 3,2,1
			query.attributes     | {"n":"7"}            | 1
			query.attributes     | {"d":"72.5"}         | 1
			query.attributes     | {"d":"1"}            | 2
			query.attributes     | {"b":"true","n":7}   | 1
			query.attributes     | {"b":"true","n":8}   |
			query.attributes     | {"in.event":"yes"}   | 1
			query.attributes     | {"service.name":"cellar"} | 3,2
			query.attributes     | {}                   | 3,2,1""")
	void findsTracesOfWhichOneSpanMeetsEveryCondition(String parameter, String value, String expected) {
		this.store.export(request("shop",
				span(1, 1).addAttributes(attribute("n", 7L))
					.addAttributes(attribute("b", true))
					.addAttributes(attribute("d", 72.5))
					.addEvents(Span.Event.newBuilder().addAttributes(attribute("in.event", "yes"))),
				span(2, 2).setName("order")));
		this.store.export(request("cellar",
				span(2, 3).setName("pay")
					.addAttributes(attribute("d", 1.0))
					.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR)),
				span(3, 4).setName("pay").setEndTimeUnixNano(NEW_YEAR + 120_000_000_000L)));
		List<Integer> ids = (expected == null) ? List.of()
				: List.of(expected.split(",")).stream().map(Integer::valueOf).toList();
		if (parameter.startsWith("query.start")) {
			assertThat(ids(this.store.get("/api/v3/traces?query.start_time_max=2100-01-01T00:00:00Z&query.num_traces=9&"
					+ parameter + "=" + value)))
				.isEqualTo(ids);
		}
		else {
			assertThat(found(parameter, value)).isEqualTo(ids);
		}
	}

	@Test
	void meetsConditionsOnOneSpanNotAcrossThem() {
		this.store.export(request("shop", span(1, 1).setName("order")));
		this.store.export(request("cellar", span(1, 2).setName("pay")));
		assertThat(found("query.service_name", "shop", "query.operation_name", "order")).containsExactly(1);
		assertThat(found("query.service_name", "shop", "query.operation_name", "pay")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/search?service=shop", "/trace/0000000000000000000000000000abcd" })
	void servesThePage(String path) {
		HttpResponse<String> page = this.store.get(path);
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().map()).containsEntry("content-type", List.of("text/html; charset=utf-8"))
			.containsKey("content-security-policy");
		for (Map.Entry<String, String> asset : Map
			.of("/assets/app.js", "text/javascript; charset=utf-8", "/assets/style.css", "text/css; charset=utf-8")
			.entrySet()) {
			assertThat(page.body()).contains("\"" + asset.getKey() + "\"");
			assertThat(this.store.get(asset.getKey()).headers().firstValue("content-type")).hasValue(asset.getValue());
		}
		assertThat(this.store.get("/assets/app.js").body()).doesNotContain("innerHTML", "insertAdjacentHTML", "http");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/favicon.ico", "/assets/", "/assets/TraceStore.class", "/assets/%2e%2e/x", "/%00" })
	void servesNothingElse(String path) {
		assertThat(this.store.get(path).statusCode()).isEqualTo(404);
	}

	@Test
	void countsForPrometheus() {
		this.store.export(request("shop", span(1, 1)));
		this.store.export(request("shop", span(1, 1)));
		HttpResponse<String> metrics = this.store.get("/metrics");
		assertThat(metrics.headers().firstValue("content-type").orElse("")).startsWith("text/plain; version=0.0.4");
		assertThat(metrics.body()).contains("# TYPE tracestore_spans_received_total counter\n",
				"\ntracestore_spans_received_total 2\n", "\ntracestore_spans_dropped_total{reason=\"duplicate\"} 1\n",
				"\ntracestore_traces_evicted_total 0\n", "\ntracestore_spans 1\n");
	}

	@Test
	void saysWhichPortIsTakenAndLetsGoOfTheOther() throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			int otlpPort = Ports.anyFree();
			Settings settings = new Settings("127.0.0.1", otlpPort, taken.getLocalPort(), 1, 1, 1);
			assertThatIOException().isThrownBy(() -> new TraceStore(settings))
				.withMessageContaining("127.0.0.1:" + taken.getLocalPort());
			new ServerSocket(otlpPort, 1, InetAddress.getByName("127.0.0.1")).close();
		}
	}

	private List<Integer> found(String... namesAndValues) {
		return ids(this.store.search(namesAndValues));
	}

	/** The ids of the traces in this answer, each once, in order. */
	private static List<Integer> ids(HttpResponse<String> response) {
		List<Integer> ids = new ArrayList<>();
		for (JsonNode ofResource : json(response).at("/result/resourceSpans")) {
			int id = Integer.parseInt(ofResource.at("/scopeSpans/0/spans/0/traceId").asString(), 16);
			if (!ids.contains(id)) {
				ids.add(id);
			}
		}
		return ids;
	}

}
