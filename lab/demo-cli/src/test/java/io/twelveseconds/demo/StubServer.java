package io.twelveseconds.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;

/** Answers on a real port as it is told to, and keeps what it was asked. */
public final class StubServer implements AutoCloseable {

	static {
		// Otherwise each small answer comes 40 ms late: headers and body are sent apart.
		System.setProperty("sun.net.httpserver.nodelay", "true");
	}

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	private final HttpServer server;

	public StubServer(Function<Request, Reply> answers) {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext("/", (exchange) -> {
			Request request = new Request(exchange.getRequestMethod(), exchange.getRequestURI(),
					exchange.getRequestHeaders(),
					new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
			this.requests.add(request);
			Reply reply = answers.apply(request);
			reply.headers().forEach(exchange.getResponseHeaders()::set);
			byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(reply.status(), (body.length > 0) ? body.length : -1);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		this.server.start();
	}

	public String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	public List<Request> requests() {
		return this.requests;
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

	public record Request(String method, URI uri, Headers headers, String body) {
	}

	public record Reply(int status, String body, Map<String, String> headers) {

		public static Reply of(int status, String body) {
			return new Reply(status, body, Map.of());
		}

	}

}
