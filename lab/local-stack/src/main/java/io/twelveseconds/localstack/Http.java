package io.twelveseconds.localstack;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

/** The little that the JDK's HTTP server leaves to its users. */
public final class Http {

	static {
		// Read once, when the first server is made. Without the first, each answer on a
		// kept connection waits 40 ms for the client's delayed ACK. The others free a
		// thread from a client that stops in the middle of its request, or of its answer.
		System.setProperty("sun.net.httpserver.nodelay", "true");
		System.setProperty("sun.net.httpserver.maxReqTime", "30");
		System.setProperty("sun.net.httpserver.maxRspTime", "60");
	}

	private Http() {
	}

	public static HttpServer start(String host, int port, HttpHandler handler) throws IOException {
		HttpServer server;
		try {
			server = HttpServer.create(new InetSocketAddress(host, port), 0);
		}
		catch (BindException ex) {
			throw new IOException("cannot listen on %s:%d: %s".formatted(host, port, ex.getMessage()), ex);
		}
		// Few threads, since each may hold a whole request; a burst waits in the queue,
		// then in the kernel.
		ThreadPoolExecutor threads = new ThreadPoolExecutor(4, 4, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(256),
				new ThreadPoolExecutor.CallerRunsPolicy());
		threads.allowCoreThreadTimeOut(true);
		server.setExecutor(threads);
		server.createContext("/", (exchange) -> {
			// Closed last of all: a try-with-resources would close it before its catch.
			try {
				handler.handle(exchange);
			}
			catch (RuntimeException ex) {
				// Otherwise the JDK's server drops the connection without a word.
				System.err.printf("%s %s failed: %s%n", exchange.getRequestMethod(), exchange.getRequestURI(), ex);
				if (exchange.getResponseCode() == -1) {
					text(exchange, 500, "internal error, see the log of this server");
				}
			}
			finally {
				exchange.close();
			}
		});
		server.start();
		return server;
	}

	public static void send(HttpExchange exchange, int status, String contentType, byte[] body) throws IOException {
		exchange.getResponseHeaders().set("Content-Type", contentType);
		exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
		// For this server 0 means "length not known", -1 means "no body".
		exchange.sendResponseHeaders(status, (body.length == 0) ? -1 : body.length);
		exchange.getResponseBody().write(body);
	}

	public static void text(HttpExchange exchange, int status, String text) throws IOException {
		send(exchange, status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
	}

	/** A request that cannot be served, and the status that says so. */
	@SuppressWarnings("serial")
	public static final class Refusal extends RuntimeException {

		private final int status;

		public Refusal(int status, String message) {
			super(message);
			this.status = status;
		}

		public int status() {
			return this.status;
		}

	}

}
