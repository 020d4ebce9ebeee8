package io.twelveseconds.localstack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HttpTests {

	@Test
	void answersEvenWhenAHandlerFails() throws IOException, InterruptedException {
		HttpServer server = Http.start("127.0.0.1", 0, (exchange) -> {
			throw new IllegalStateException("secret");
		});
		try {
			URI uri = URI.create("http://127.0.0.1:%d/".formatted(server.getAddress().getPort()));
			HttpResponse<String> response = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
						HttpResponse.BodyHandlers.ofString());
			assertThat(response.statusCode()).isEqualTo(500);
			assertThat(response.body()).startsWith("internal error").doesNotContain("secret");
		}
		finally {
			server.stop(0);
		}
	}

}
