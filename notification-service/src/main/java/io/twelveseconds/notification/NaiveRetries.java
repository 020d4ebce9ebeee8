package io.twelveseconds.notification;

import java.util.Map;

import org.springframework.kafka.KafkaException;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.stereotype.Component;
import org.springframework.util.backoff.FixedBackOff;

/**
 * Retries for ever, every second, so that no event is ever lost. An event that nobody can
 * read is not lost either: it stays where it is, and so does everything behind it in its
 * partition.
 */
@Component
class NaiveRetries extends DefaultErrorHandler implements FailedEvents {

	NaiveRetries() {
		super(new FixedBackOff(1000, FixedBackOff.UNLIMITED_ATTEMPTS));
		// By default some exceptions would be logged once and their events skipped.
		setClassifications(Map.of(), true);
		setRetryListeners(new FailureLog());
		setLogLevel(KafkaException.Level.DEBUG);
	}

}
