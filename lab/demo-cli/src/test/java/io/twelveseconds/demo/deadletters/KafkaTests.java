package io.twelveseconds.demo.deadletters;

import java.time.Duration;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class KafkaTests {

	/** As under compose, where only a container that runs has a name. */
	@Test
	void brokerWhoseNameIsUnknownDoesNotAnswer() {
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> DeadLetters.count("kafka.invalid:9092", Duration.ofSeconds(1)))
			.withMessageContaining("bootstrap");
	}

}
