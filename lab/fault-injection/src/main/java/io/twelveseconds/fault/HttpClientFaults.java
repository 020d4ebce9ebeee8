package io.twelveseconds.fault;

import java.io.IOException;
import java.net.URI;

import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.support.HttpRequestWrapper;
import org.springframework.web.util.UriComponentsBuilder;

/** Disturbs the requests that go out: on a slow network, or to a port that refuses. */
final class HttpClientFaults implements ClientHttpRequestInterceptor {

	private final Faults faults;

	private final ClosedPort closed;

	HttpClientFaults(Faults faults, ClosedPort closed) {
		this.faults = faults;
		this.closed = closed;
	}

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		HttpRequest sent = request;
		for (Fault fault : this.faults.strike(Edge.HTTP_CLIENT,
				request.getMethod() + " " + request.getURI().getPath())) {
			fault.time("latency").ifPresent((latency) -> this.faults.hold(fault, latency));
			if (fault.is("refuse")) {
				sent = new Elsewhere(request);
			}
		}
		return execution.execute(sent, body);
	}

	/** The same request, to where nobody listens. */
	private final class Elsewhere extends HttpRequestWrapper {

		Elsewhere(HttpRequest request) {
			super(request);
		}

		@Override
		public URI getURI() {
			return UriComponentsBuilder.fromUri(super.getURI())
				.host(HttpClientFaults.this.closed.host())
				.port(HttpClientFaults.this.closed.number())
				.build(true)
				.toUri();
		}

	}

}
