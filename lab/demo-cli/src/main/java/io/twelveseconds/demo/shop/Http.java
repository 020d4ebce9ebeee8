package io.twelveseconds.demo.shop;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.Times;

/** One neighbour over HTTP: no call without a timeout, no failure without a hint. */
public final class Http {

	// HTTP/1.1, since an upgrade to HTTP/2 is one more thing to see on the wire and gains
	// nothing here.
	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(3))
		.build();

	private final String name;

	private final URI base;

	private final Duration timeout;

	public Http(String name, URI base, Duration timeout) {
		this.name = name;
		this.base = base;
		this.timeout = timeout;
	}

	public URI at(String path) {
		return URI.create(this.base + path);
	}

	public HttpResponse<String> send(String path, HttpRequest.Builder request) throws IOException {
		try {
			return whole(this.client, request.uri(at(path)).build(), BodyHandlers.ofString(), this.timeout);
		}
		catch (ConnectException | HttpConnectTimeoutException ex) {
			throw new NotThereException("No %s at %s: is it up? Try %s".formatted(this.name, this.base,
					Environment.isCompose() ? "docker compose up --wait" : "./demo up"), ex);
		}
		catch (HttpTimeoutException ex) {
			throw new HttpTimeoutException(
					"No answer from the %s within %s".formatted(this.name, Times.format(this.timeout)));
		}
		catch (IOException ex) {
			throw new IOException("The %s at %s broke the connection off: %s".formatted(this.name, this.base,
					(ex.getMessage() != null) ? ex.getMessage() : ex.getClass().getSimpleName()), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while waiting for the " + this.name);
		}
	}

	/**
	 * The answer with all of its body, within that time. The client's own timeout ends
	 * with the headers: of a body that never ends it knows nothing.
	 */
	public static <T> HttpResponse<T> whole(HttpClient client, HttpRequest request, BodyHandler<T> body,
			Duration timeout) throws IOException, InterruptedException {
		CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, body);
		try {
			return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			throw new HttpTimeoutException(
					"%s is not answered within %s".formatted(request.uri(), Times.format(timeout)));
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof IOException known) ? known : new IOException(ex.getCause());
		}
		finally {
			answer.cancel(true);
		}
	}

	/** Nothing listens there: the request has certainly not been worked on. */
	public static final class NotThereException extends IOException {

		private static final long serialVersionUID = 1L;

		NotThereException(String message, IOException cause) {
			super(message, cause);
		}

	}

}
