package io.twelveseconds.trace;

import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TraceReaderTests {

	private static final String SERVER_SPAN = """
			{"resourceSpans": [{
			  "resource": {"attributes": [
			    {"key": "service.name", "value": {"stringValue": "inventory-service"}},
			    {"key": "service.version", "value": {"stringValue": "0.1.0"}}]},
			  "scopeSpans": [{
			    "scope": {"name": "io.opentelemetry.tomcat-10.0"},
			    "spans": [{
			      "traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "B7AD6B7169203331",
			      "parentSpanId": "00f067aa0ba902b7", "name": "POST /reservations", "kind": 2,
			      "startTimeUnixNano": "1772366400000000001", "endTimeUnixNano": "1772366400012000001",
			      "attributes": [
			        {"key": "http.request.method", "value": {"stringValue": "POST"}},
			        {"key": "http.response.status_code", "value": {"intValue": "500"}},
			        {"key": "demo.sampled", "value": {"boolValue": true}},
			        {"key": "demo.share", "value": {"doubleValue": 0.25}},
			        {"key": "demo.list", "value": {"arrayValue": {"values": [{"stringValue": "a"}, {"intValue": 7}]}}},
			        {"key": "demo.none", "value": {}}],
			      "events": [{"name": "exception", "timeUnixNano": "1772366400002000001", "attributes": [
			        {"key": "exception.type", "value": {"stringValue": "java.io.IOException"}}]}],
			      "links": [{"traceId": "11111111111111111111111111111111", "spanId": "2222222222222222"}],
			      "status": {"code": 2, "message": "it broke"}}]}]}]}
			""";

	@Test
	void readsEverythingASpanSays() {
		Span span = TraceReader.read(SERVER_SPAN).root();
		assertThat(span.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
		assertThat(span.id()).isEqualTo("b7ad6b7169203331");
		assertThat(span.parentId()).isEqualTo("00f067aa0ba902b7");
		assertThat(span.service()).isEqualTo("inventory-service");
		assertThat(span.version()).isEqualTo("0.1.0");
		assertThat(span.scope()).isEqualTo("io.opentelemetry.tomcat-10.0");
		assertThat(span.name()).isEqualTo("POST /reservations");
		assertThat(span.kind()).isEqualTo(Span.Kind.SERVER);
		assertThat(span.start()).isEqualTo(Instant.parse("2026-03-01T12:00:00.000000001Z"));
		assertThat(span.duration()).isEqualTo(Duration.ofMillis(12));
		assertThat(span.failed()).isTrue();
		assertThat(span.statusMessage()).isEqualTo("it broke");
		assertThat(span.attributes()).isEqualTo(Map.of("http.request.method", "POST", "http.response.status_code", 500L,
				"demo.sampled", true, "demo.share", 0.25, "demo.list", List.of("a", 7L)));
		assertThat(span.events()).singleElement().satisfies((event) -> {
			assertThat(event.name()).isEqualTo("exception");
			assertThat(event.attributes()).containsEntry("exception.type", "java.io.IOException");
		});
		assertThat(span.links()).containsExactly(new Span.Link("11111111111111111111111111111111", "2222222222222222"));
	}

	@Test
	void readsTheSameWithinTheResultOfJaeger() {
		Trace bare = TraceReader.read(SERVER_SPAN);
		Trace wrapped = TraceReader.read("{\"result\": " + SERVER_SPAN + "}");
		assertThat(wrapped.spans()).isEqualTo(bare.spans());
	}

	@Test
	void readsNamesBase64AndPlainNumbersTheSame() {
		Trace other = TraceReader.read(SERVER_SPAN.replace("\"kind\": 2", "\"kind\": \"SPAN_KIND_SERVER\"")
			.replace("\"code\": 2", "\"code\": \"STATUS_CODE_ERROR\"")
			.replace("0af7651916cd43dd8448eb211c80319c", "CvdlGRbNQ92ESOshHIAxnA==")
			.replace("B7AD6B7169203331", "t61rcWkgMzE=")
			.replace("\"1772366400000000001\"", "1772366400000000001"));
		assertThat(other.spans()).isEqualTo(TraceReader.read(SERVER_SPAN).spans());
	}

	@Test
	void readsWhatHasOnlyDefaults() {
		// As in Jaeger's own snapshot of GetTrace: no resource, no times.
		Span span = TraceReader.read("""
				{"result": {"resourceSpans": [{"resource": {}, "scopeSpans": [{"scope": {}, "spans": [{
				  "name": "foobar", "spanId": "0000000000000002", "traceId": "00000000000000000000000000000001"}]}]}]}}
				""").root();
		assertThat(span.service()).isEqualTo("unknown_service");
		assertThat(span.kind()).isEqualTo(Span.Kind.UNSPECIFIED);
		assertThat(span.duration()).isZero();
		assertThat(span.failed()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0000000000000000", "AAAAAAAAAAA=" })
	void takesAnEmptyParentIdForNone(String parentId) {
		assertThat(TraceReader.read(SERVER_SPAN.replace("00f067aa0ba902b7", parentId)).roots()).hasSize(1);
	}

	@Test
	void toleratesAnEndBeforeTheStart() {
		Trace trace = TraceReader.read(SERVER_SPAN.replace("1772366400012000001", "1772366399000000000"));
		assertThat(trace.duration()).isZero();
	}

	@Test
	void sortsSeveralTracesNewestFirst() {
		String older = SERVER_SPAN.replace("0af7651916cd43dd8448eb211c80319c", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
			.replace("1772366400000000001", "1772366300000000001");
		String both = SERVER_SPAN.strip().replaceAll("]}$", "") + ","
				+ older.strip().replaceFirst("^\\{\"resourceSpans\": \\[", "");
		assertThat(TraceReader.readAll(both)).extracting(Trace::id)
			.containsExactly("0af7651916cd43dd8448eb211c80319c", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
		assertThatExceptionOfType(MalformedTraceException.class).isThrownBy(() -> TraceReader.read(both))
			.withMessageContaining("2 traces");
	}

	@Test
	void findsNoTraceInAnEmptyResult() {
		assertThat(TraceReader.readAll("{\"result\": {}}")).isEmpty();
		assertThatExceptionOfType(MalformedTraceException.class)
			.isThrownBy(() -> TraceReader.read("{\"resourceSpans\": []}"))
			.withMessageContaining("0 traces");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "<html>", "{\"resourceSpans\": [", "{\"resourceSpans\": []} trailing" })
	void refusesWhatIsNotJson(String text) {
		assertThatExceptionOfType(MalformedTraceException.class).isThrownBy(() -> TraceReader.read(text));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[]", "7", "{}", "{\"resourceSpans\": \"none\"}", "{\"error\": {\"httpCode\": 404}}" })
	void refusesJsonThatIsNotOtlp(String text) {
		assertThatExceptionOfType(MalformedTraceException.class).isThrownBy(() -> TraceReader.readAll(text))
			.withMessageContaining("resourceSpans");
	}

	@Test
	void readsLinesOfJson() {
		String line = SERVER_SPAN.replace("\n", " ");
		List<Trace> traces = TraceReader
			.readAll(line + "\n" + line.replace("0af7651916cd43dd8448eb211c80319c", "bb".repeat(16)) + "\n\n");
		assertThat(traces).hasSize(2);
		assertThat(TraceReader.read(line + "\n" + line).spans()).hasSize(1);
	}

	/** Windows writes files like these. */
	@ParameterizedTest
	@ValueSource(strings = { "UTF-8", "UTF-16LE", "UTF-16BE" })
	void readsAFileWithAByteOrderMark(String charset) {
		byte[] file = ("\uFEFF" + SERVER_SPAN).getBytes(Charset.forName(charset));
		assertThat(TraceReader.readAll(file)).hasSize(1);
	}

	/**
	 * The last character of base64 may have bits to spare, the last of a text has not.
	 */
	@Test
	void tellsIdsApartThatOnlyLookLikeBase64() {
		String first = SERVER_SPAN.replace("0af7651916cd43dd8448eb211c80319c", "order00000000000000000");
		String second = SERVER_SPAN.replace("0af7651916cd43dd8448eb211c80319c", "order00000000000000001");
		assertThat(TraceReader.readAll(first + second)).extracting(Trace::id)
			.containsExactlyInAnyOrder("order00000000000000000", "order00000000000000001");
	}

	@Test
	void takesAWholeNumberForOneHoweverItIsWritten() {
		String status = """
				{"resourceSpans": [{
				  "resource": {"attributes": [{"key": "process.pid", "value": {"intValue": 12.0}}]},
				  "scopeSpans": [{"spans": [{"traceId": "a", "spanId": "b", "attributes": [
				    {"key": "whole", "value": {"doubleValue": 500}}, {"key": "part", "value": {"doubleValue": 0.5}}]}]}]}]}
				""";
		Span span = TraceReader.read(status).spans().get(0);
		assertThat(span.attributes()).isEqualTo(Map.of("whole", 500L, "part", 0.5));
		assertThat(span.resource()).isEqualTo(Map.of("process.pid", 12L));
	}

	/** A time of zero would make every span of the file a healthy one. */
	@ParameterizedTest
	@ValueSource(strings = { "{\"low\": 1, \"high\": 2}", "[1]", "true", "1.5", "1e40" })
	void refusesATimeThatIsNoNumber(String time) {
		String span = SERVER_SPAN.replaceFirst("\"startTimeUnixNano\": \"\\d+\"", "\"startTimeUnixNano\": " + time);
		assertThat(span).contains(": " + time);
		assertThatExceptionOfType(MalformedTraceException.class).isThrownBy(() -> TraceReader.readAll(span))
			.withMessageContaining("is not a whole number");
	}

	@Test
	void knowsNoDurationOfASpanThatDoesNotSayWhenItBegan() {
		String span = SERVER_SPAN.replaceFirst("\"startTimeUnixNano\": \"\\d+\"", "\"startTimeUnixNano\": null");
		assertThat(TraceReader.read(span).duration()).isZero();
	}

	@Test
	void namesTheResourceThatIsWrong() {
		String text = """
				{"resourceSpans": [{"resource": {"attributes": [{"key": "n", "value": {"intValue": "x"}}]}, "scopeSpans": []}]}
				""";
		assertThatExceptionOfType(MalformedTraceException.class).isThrownBy(() -> TraceReader.readAll(text))
			.withMessageContaining("Resource")
			.withMessageContaining("is not a whole number");
	}

	@Test
	void readsTagsThatElasticsearchKeepsAsFields() {
		Span span = TraceReader.read("""
				{"traceID": "1", "spanID": "2", "operationName": "GET /", "startTime": 1000, "duration": 5,
				 "tag": {"http@status_code": 500, "error": true},
				 "process": {"serviceName": "w", "tag": {"host@name": "h"}}}
				""").spans().get(0);
		assertThat(span.attributes()).containsEntry("http.status_code", 500L);
		assertThat(span.failed()).isTrue();
		assertThat(span.resource()).containsEntry("host.name", "h");
	}

	@ParameterizedTest
	@CsvSource({ "http.client, CLIENT", "http.server, SERVER", "http.other, INTERNAL" })
	void knowsASideByMicronautsAttribute(String attribute, Span.Kind kind) {
		Span span = TraceReader.read("""
				{"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "a", "spanId": "b", "kind": 1,
				  "attributes": [{"key": "%s", "value": {"boolValue": true}}]}]}]}]}
				""".formatted(attribute)).spans().get(0);
		assertThat(span.kind()).isEqualTo(kind);
	}

	@Test
	void refusesAFileThatIsNotText() {
		byte[] gzip = { 0x1f, (byte) 0x8b, 8, 0, 0, 0 };
		assertThatExceptionOfType(MalformedTraceException.class).isThrownBy(() -> TraceReader.readAll(gzip))
			.withMessageContaining("Not JSON");
	}

	@Test
	void readsWhatJaegersPageDownloads() {
		Trace trace = TraceReader
			.read("""
					{"data": [{"traceID": "af7651916cd43dd", "spans": [
					  {"traceID": "af7651916cd43dd", "spanID": "b7", "operationName": "SELECT", "startTime": 1772366400001000,
					   "duration": 2000, "processID": "p2", "references": [
					     {"refType": "FOLLOWS_FROM", "traceID": "af7651916cd43dd", "spanID": "cc"},
					     {"refType": "CHILD_OF", "traceID": "af7651916cd43dd", "spanID": "a1"}],
					   "tags": [{"key": "span.kind", "type": "string", "value": "client"},
					            {"key": "error", "type": "bool", "value": true},
					            {"key": "rows", "type": "int64", "value": 7}],
					   "logs": [{"timestamp": 1772366400002000, "fields": [{"key": "event", "type": "string", "value": "lock"}]}]},
					  {"traceID": "af7651916cd43dd", "spanID": "a1", "operationName": "GET /", "references": [],
					   "startTime": 1772366400000000, "duration": 5000, "processID": "p1",
					   "tags": [{"key": "span.kind", "type": "string", "value": "server"}], "logs": []}],
					  "processes": {"p1": {"serviceName": "web", "tags": []}, "p2": {"serviceName": "mysql", "tags": [
					    {"key": "hostname", "type": "string", "value": "db-1"}]}}}]}
					""");
		assertThat(trace.id()).isEqualTo("00000000000000000af7651916cd43dd");
		assertThat(trace.root().service()).isEqualTo("web");
		Span child = trace.children(trace.root()).get(0);
		assertThat(child.id()).isEqualTo("00000000000000b7");
		assertThat(child.kind()).isEqualTo(Span.Kind.CLIENT);
		assertThat(child.failed()).isTrue();
		assertThat(child.duration()).isEqualTo(Duration.ofMillis(2));
		assertThat(child.attribute("rows")).isEqualTo(7L);
		assertThat(child.resource()).containsEntry("hostname", "db-1");
		assertThat(child.events()).singleElement().satisfies((event) -> assertThat(event.name()).isEqualTo("lock"));
	}

	@Test
	void takesIdsAsSomebodyMadeThemUp() {
		Trace trace = TraceReader.read("""
				{"data": [{"processes": {"p1": {"serviceName": "web"}}, "spans": [
				  {"traceID": "trace-7", "spanID": "the-root", "operationName": "GET /", "processID": "p1"},
				  {"traceID": "trace-7", "spanID": "below", "operationName": "render", "processID": "p1",
				   "references": [{"refType": "CHILD_OF", "spanID": "the-root"}]}]}]}
				""");
		assertThat(trace.id()).isEqualTo("trace-7");
		assertThat(trace.children(trace.root())).extracting(Span::id).containsExactly("below");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0000000000000000" })
	void takesALinkThatLeadsNowhereForNone(String spanId) {
		assertThat(TraceReader.read(SERVER_SPAN.replace("2222222222222222", spanId)).root().links()).isEmpty();
	}

	@Test
	void readsSpansAsJaegerKeepsThemInElasticsearch() {
		Trace trace = TraceReader
			.read("""
					[{"traceID": "af7651916cd43dd", "spanID": "a1", "operationName": "GET /", "startTime": 1772366400000000,
					  "duration": 5000, "process": {"serviceName": "web", "tags": []}, "tags": []},
					 {"traceID": "af7651916cd43dd", "spanID": "b7", "operationName": "SELECT", "startTime": 1772366400001000,
					  "duration": 2000, "process": {"serviceName": "mysql", "tags": []}, "tags": [],
					  "references": [{"refType": "CHILD_OF", "traceID": "af7651916cd43dd", "spanID": "a1"}]}]
					""");
		assertThat(trace.edges()).singleElement()
			.hasToString(Edge.between(trace.root(), trace.spans().get(1)).toString());
	}

	/** Internal is what a span is if nobody says otherwise. */
	@ParameterizedTest
	@CsvSource({ "'', UNSPECIFIED", "internal, INTERNAL" })
	void tellsTheSidesOfACallWhereNobodySays(String said, Span.Kind kind) {
		String tags = said.isEmpty() ? "" : ", \"tags\": [{\"key\": \"span.kind\", \"value\": \"" + said + "\"}]";
		Trace trace = TraceReader
			.read("""
					{"data": [{"processes": {"web": {"serviceName": "web"}, "posts": {"serviceName": "posts"}}, "spans": [
					  {"traceID": "7", "spanID": "1", "operationName": "GET /home", "processID": "web", "startTime": 1 TAGS},
					  {"traceID": "7", "spanID": "2", "operationName": "read posts", "processID": "web", "startTime": 2 TAGS,
					   "references": [{"refType": "CHILD_OF", "traceID": "7", "spanID": "1"}]},
					  {"traceID": "7", "spanID": "3", "operationName": "read posts", "processID": "posts", "startTime": 3 TAGS,
					   "references": [{"refType": "CHILD_OF", "traceID": "7", "spanID": "2"}]},
					  {"traceID": "7", "spanID": "4", "operationName": "find", "processID": "posts", "startTime": 4 TAGS,
					   "references": [{"refType": "CHILD_OF", "traceID": "7", "spanID": "3"}]}]}]}
					"""
				.replace(" TAGS", tags));
		assertThat(trace.spans()).extracting(Span::kind)
			.containsExactly(kind, Span.Kind.CLIENT, Span.Kind.SERVER, kind);
	}

	@Test
	void namesTheSpanAndTheFieldThatAreWrong() {
		assertThatExceptionOfType(MalformedTraceException.class)
			.isThrownBy(() -> TraceReader.read(SERVER_SPAN.replace("\"spanId\": \"B7AD6B7169203331\",", "")))
			.withMessage("Span \"POST /reservations\": \"spanId\" is missing");
		assertThatExceptionOfType(MalformedTraceException.class)
			.isThrownBy(() -> TraceReader.read(SERVER_SPAN.replace("1772366400012000001", "soon")))
			.withMessage("Span \"POST /reservations\": \"soon\" is not a whole number");
	}

}
