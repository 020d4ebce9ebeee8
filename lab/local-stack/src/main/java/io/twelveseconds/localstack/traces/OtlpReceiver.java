package io.twelveseconds.localstack.traces;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.twelveseconds.localstack.Http;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;

/** OTLP/HTTP: {@code POST /v1/traces}, as protobuf or JSON. */
final class OtlpReceiver implements HttpHandler {

	/** After decompression. Exporters send 512 spans at a time, less than 1 MB. */
	static final int MAX_BODY = 8 * 1024 * 1024;

	private static final String PROTOBUF = "application/x-protobuf";

	private static final String JSON = "application/json";

	private static final int INVALID_ARGUMENT = 3;

	private final Traces traces;

	OtlpReceiver(Traces traces) {
		this.traces = traces;
	}

	@Override
	public void handle(HttpExchange exchange) throws IOException {
		String type = header(exchange, "Content-Type", "").split(";", 2)[0].strip();
		try {
			Http.send(exchange, 200, type, response(receive(exchange, type), type));
		}
		catch (Http.Refusal ex) {
			System.err.printf("trace store: %s %s answered %d: %s%n", exchange.getRequestMethod(),
					exchange.getRequestURI().getRawPath(), ex.status(), ex.getMessage());
			// Read to the end, or the client sees a broken connection instead of the
			// answer.
			exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
			if (ex.status() == 400 || ex.status() == 413) {
				Http.send(exchange, ex.status(), type, status(ex.getMessage(), type));
			}
			else {
				Http.text(exchange, ex.status(), ex.getMessage());
			}
		}
	}

	private int receive(HttpExchange exchange, String type) throws IOException {
		if (!exchange.getRequestURI().getPath().equals("/v1/traces")) {
			throw new Http.Refusal(404, "only traces are kept here: POST /v1/traces");
		}
		if (!exchange.getRequestMethod().equals("POST")) {
			exchange.getResponseHeaders().set("Allow", "POST");
			throw new Http.Refusal(405, "only POST is answered here");
		}
		if (!type.equals(PROTOBUF) && !type.equals(JSON)) {
			throw new Http.Refusal(415, "Content-Type must be %s or %s".formatted(PROTOBUF, JSON));
		}
		byte[] body = body(exchange);
		// One at a time, since a request takes much more memory while it is taken apart.
		synchronized (this) {
			return this.traces.add(spans(body, type));
		}
	}

	private byte[] body(HttpExchange exchange) throws IOException {
		String encoding = header(exchange, "Content-Encoding", "identity");
		byte[] body = limited(exchange.getRequestBody());
		if (encoding.equals("identity")) {
			return body;
		}
		if (!encoding.equals("gzip")) {
			throw new Http.Refusal(415, "Content-Encoding must be gzip, or none");
		}
		try (InputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(body))) {
			return limited(unzipped);
		}
		catch (IOException ex) {
			throw new Http.Refusal(400, "malformed gzip: " + ex.getMessage());
		}
	}

	private static byte[] limited(InputStream in) throws IOException {
		byte[] body = in.readNBytes(MAX_BODY + 1);
		if (body.length > MAX_BODY) {
			throw new Http.Refusal(413, "at most %d bytes are taken in one request".formatted(MAX_BODY));
		}
		return body;
	}

	private static List<ReceivedSpan> spans(byte[] body, String type) {
		try {
			if (type.equals(PROTOBUF)) {
				return OtlpRequest.spans(body);
			}
			ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
			OtlpJson.read(OtlpJson.parser(body), request);
			return OtlpRequest.spans(request.build().toByteArray());
		}
		catch (InvalidProtocolBufferException ex) {
			throw new Http.Refusal(400, "malformed OTLP: " + ex.getMessage());
		}
		catch (JacksonException ex) {
			throw new Http.Refusal(400, "malformed JSON: " + ex.getOriginalMessage());
		}
	}

	private static byte[] response(int refused, String type) {
		ExportTraceServiceResponse.Builder response = ExportTraceServiceResponse.newBuilder();
		if (refused > 0) {
			response.getPartialSuccessBuilder()
				.setRejectedSpans(refused)
				.setErrorMessage("their traces are full, or were evicted before");
		}
		return type.equals(PROTOBUF) ? response.build().toByteArray()
				: json((json) -> OtlpJson.write(response.build(), json));
	}

	/** OTLP wants a {@code google.rpc.Status}: its field 1 is the code, 2 the message. */
	private static byte[] status(String message, String type) throws IOException {
		if (type.equals(JSON)) {
			return json((json) -> json.writeStartObject()
				.writeNumberProperty("code", INVALID_ARGUMENT)
				.writeStringProperty("message", message)
				.writeEndObject());
		}
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		CodedOutputStream status = CodedOutputStream.newInstance(bytes);
		status.writeInt32(1, INVALID_ARGUMENT);
		status.writeString(2, message);
		status.flush();
		return bytes.toByteArray();
	}

	private static byte[] json(Consumer<JsonGenerator> content) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (JsonGenerator json = OtlpJson.generator(bytes)) {
			content.accept(json);
		}
		return bytes.toByteArray();
	}

	private static String header(HttpExchange exchange, String name, String otherwise) {
		String value = exchange.getRequestHeaders().getFirst(name);
		return (value != null) ? value.toLowerCase(Locale.ROOT) : otherwise;
	}

}
