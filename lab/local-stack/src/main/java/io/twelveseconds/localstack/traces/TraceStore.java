package io.twelveseconds.localstack.traces;

import java.io.IOException;
import java.util.List;

import com.sun.net.httpserver.HttpServer;
import io.twelveseconds.localstack.Http;

/** The process: one port where spans come in, another where they are asked for. */
final class TraceStore implements AutoCloseable {

	private final String host;

	private final HttpServer otlp;

	private final HttpServer query;

	TraceStore(Settings settings) throws IOException {
		this.host = settings.host();
		Traces traces = new Traces(settings.maxTraces(), settings.maxBytes(), settings.maxSpansPerTrace());
		this.otlp = Http.start(this.host, settings.otlpPort(), new OtlpReceiver(traces));
		try {
			this.query = Http.start(this.host, settings.queryPort(), new QueryApi(traces));
		}
		catch (IOException ex) {
			this.otlp.stop(0);
			throw ex;
		}
	}

	public static void main(String[] args) {
		try {
			TraceStore store = new TraceStore(Settings.of(List.of(args), System.getenv()));
			Runtime.getRuntime().addShutdownHook(new Thread(store::close));
			System.out.printf("trace store: OTLP at %s, query at %s%n", store.otlpUrl(), store.queryUrl());
		}
		catch (IllegalArgumentException | IOException ex) {
			System.err.println("trace store: " + ex.getMessage());
			if (ex instanceof IllegalArgumentException) {
				System.err.println(Settings.USAGE);
			}
			System.exit(1);
		}
	}

	String otlpUrl() {
		return "http://%s:%d".formatted(this.host, this.otlp.getAddress().getPort());
	}

	String queryUrl() {
		return "http://%s:%d".formatted(this.host, this.query.getAddress().getPort());
	}

	/** At once: what is held goes with the process anyway. */
	@Override
	public void close() {
		this.otlp.stop(0);
		this.query.stop(0);
	}

}
