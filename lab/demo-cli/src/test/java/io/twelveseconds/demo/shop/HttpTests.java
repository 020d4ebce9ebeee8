package io.twelveseconds.demo.shop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

import io.twelveseconds.demo.OwnHome;
import io.twelveseconds.demo.RawServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HttpTests extends OwnHome {

	@Test
	void saysHowToStartTheShopWhereWeAre() {
		Http nobody = new Http("gateway", URI.create("http://127.0.0.1:1"), Duration.ofSeconds(1));
		assertThatExceptionOfType(Http.NotThereException.class)
			.isThrownBy(() -> nobody.send("/", HttpRequest.newBuilder().GET()))
			.withMessageEndingWith("is it up? Try ./demo up");
		System.setProperty("DEMO_STACK", "compose");
		assertThatExceptionOfType(Http.NotThereException.class)
			.isThrownBy(() -> nobody.send("/", HttpRequest.newBuilder().GET()))
			.withMessageEndingWith("is it up? Try docker compose up --wait");
	}

	@Test
	@Timeout(10)
	void bodyThatNeverEndsIsNoAnswer() throws IOException {
		try (RawServer endless = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", false)) {
			Http http = new Http("gateway", URI.create(endless.url()), Duration.ofMillis(300));
			assertThatExceptionOfType(HttpTimeoutException.class)
				.isThrownBy(() -> http.send("/", HttpRequest.newBuilder().GET()))
				.withMessage("No answer from the gateway within 300 ms");
		}
	}

}
