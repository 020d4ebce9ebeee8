package io.twelveseconds.demo.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.twelveseconds.demo.StubServer;
import io.twelveseconds.demo.StubServer.Reply;
import io.twelveseconds.demo.shop.Http;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class ByteRelayTests {

	@Test
	void handsOnWhatItCounts() throws IOException {
		try (StubServer collector = new StubServer((request) -> Reply.of(200, "taken: " + request.body()));
				ByteRelay relay = new ByteRelay(URI.create(collector.url()).getPort())) {
			String head = "POST /v1/traces HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\nConnection: close\r\n\r\n";
			try (Socket agent = new Socket(InetAddress.getLoopbackAddress(), URI.create(relay.url()).getPort())) {
				agent.getOutputStream().write((head + "spans").getBytes(StandardCharsets.US_ASCII));
				assertThat(new String(agent.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
					.startsWith("HTTP/1.1 200")
					.endsWith("taken: spans");
			}
			assertThat(relay.sent()).isEqualTo(head.length() + 5);
		}
	}

	@Test
	void agentSeesThatNobodyIsThere() throws IOException {
		StubServer gone = new StubServer((request) -> Reply.of(200, ""));
		gone.close();
		try (ByteRelay relay = new ByteRelay(URI.create(gone.url()).getPort())) {
			Http agent = new Http("collector", URI.create(relay.url()), Duration.ofSeconds(5));
			assertThatIOException().isThrownBy(() -> send(agent)).withMessageContaining("broke the connection off");
			assertThat(relay.sent()).isZero();
		}
	}

	private static HttpResponse<String> send(Http agent) throws IOException {
		return agent.send("/v1/traces", HttpRequest.newBuilder().GET());
	}

}
