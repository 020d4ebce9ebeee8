package io.twelveseconds.localstack.traces;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A store on free ports, and the requests that exporters and readers send to it. */
final class StoreClient implements AutoCloseable {

	static final String PROTOBUF = "application/x-protobuf";

	static final String JSON = "application/json";

	private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

	private final TraceStore store;

	StoreClient(String... options) {
		try {
			Settings settings = Settings.of(List.of(options), Map.of());
			this.store = new TraceStore(new Settings(settings.host(), 0, 0, settings.maxTraces(), settings.maxBytes(),
					settings.maxSpansPerTrace()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	HttpResponse<byte[]> export(ExportTraceServiceRequest request) {
		return export(PROTOBUF, request.toByteArray());
	}

	HttpResponse<byte[]> export(String contentType, byte[] body, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.store.otlpUrl() + "/v1/traces"))
			.header("Content-Type", contentType)
			.POST(HttpRequest.BodyPublishers.ofByteArray(body));
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		return send(request, HttpResponse.BodyHandlers.ofByteArray());
	}

	HttpResponse<String> otlp(String method, String path) {
		return send(HttpRequest.newBuilder(URI.create(this.store.otlpUrl() + path))
			.method(method, HttpRequest.BodyPublishers.noBody()), HttpResponse.BodyHandlers.ofString());
	}

	HttpResponse<String> get(String path) {
		return query("GET", path);
	}

	HttpResponse<String> query(String method, String path) {
		return send(HttpRequest.newBuilder(URI.create(this.store.queryUrl() + path))
			.method(method, HttpRequest.BodyPublishers.noBody()), HttpResponse.BodyHandlers.ofString());
	}

	/**
	 * A search over all times for at most 100 traces, narrowed down by these parameters.
	 */
	HttpResponse<String> search(String... namesAndValues) {
		StringBuilder path = new StringBuilder("/api/v3/traces?query.start_time_min=1970-01-01T00:00:00Z"
				+ "&query.start_time_max=2100-01-01T00:00:00Z&query.num_traces=100");
		for (int i = 0; i < namesAndValues.length; i += 2) {
			path.append('&')
				.append(namesAndValues[i])
				.append('=')
				.append(URLEncoder.encode(namesAndValues[i + 1], StandardCharsets.UTF_8));
		}
		return get(path.toString());
	}

	long metric(String name) {
		return get("/metrics").body()
			.lines()
			.filter((line) -> line.startsWith("tracestore_" + name + " "))
			.mapToLong((line) -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
			.sum();
	}

	private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> as) {
		try {
			return this.http.send(request.timeout(Duration.ofSeconds(30)).build(), as);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	static JsonNode json(HttpResponse<String> response) {
		return JsonMapper.shared().readTree(response.body());
	}

	static byte[] gzip(byte[] bytes) {
		return gzip(bytes, 1);
	}

	static byte[] gzip(byte[] bytes, int times) {
		ByteArrayOutputStream zipped = new ByteArrayOutputStream();
		try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
			for (int i = 0; i < times; i++) {
				out.write(bytes);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return zipped.toByteArray();
	}

	@Override
	public void close() {
		this.store.close();
	}

}
