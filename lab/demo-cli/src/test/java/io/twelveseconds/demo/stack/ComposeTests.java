package io.twelveseconds.demo.stack;

import java.net.URI;

import io.twelveseconds.demo.StubServer;
import io.twelveseconds.demo.StubServer.Reply;
import io.twelveseconds.demo.stack.Compose.Container;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ComposeTests {

	@Test
	void containerThatIsNotReadyRunsAllTheSame() {
		StubServer unready = new StubServer((request) -> Reply.of(503, ""));
		Container container = new Container("127.0.0.1", URI.create(unready.url()).getPort(), "/actuator/health");
		assertThat(container.runs()).isTrue();
		assertThat(container.answers()).isFalse();
		unready.close();
		assertThat(container.runs()).isFalse();
	}

}
