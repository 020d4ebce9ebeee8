package io.twelveseconds.notification;

import io.twelveseconds.notification.tracing.TracedRecoverer;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.core.JacksonException;

import org.springframework.context.annotation.Primary;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.stereotype.Component;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Retries what waiting may help, for about a minute, and then sets the event aside with
 * its reason: {@code ./demo dead-letters} shows it. Those behind it go on.
 */
@Component
@Primary
class BoundedRetries extends DefaultErrorHandler implements FailedEvents {

	BoundedRetries(KafkaOperations<?, ?> kafka, NotificationSettings settings) {
		super(new TracedRecoverer(
				new DeadLetterPublishingRecoverer(kafka, (record, ex) -> new TopicPartition(DeadLetters.TOPIC, 0))),
				backOff(settings.retry()));
		// None of them becomes better by waiting.
		addNotRetryableExceptions(JacksonException.class, DataIntegrityViolationException.class,
				Notifier.UnknownRecipient.class);
		// Otherwise two failures that take turns would be retried for ever.
		setResetStateOnExceptionChange(false);
		setRetryListeners(new FailureLog());
		// The handler would log every attempt with its stack trace; FailureLog does it in
		// a line.
		setLogLevel(KafkaException.Level.DEBUG);
	}

	private static ExponentialBackOff backOff(NotificationSettings.Retry retry) {
		ExponentialBackOff backOff = new ExponentialBackOff(retry.backoff().toMillis(), 2);
		backOff.setMaxInterval(retry.maxBackoff().toMillis());
		backOff.setJitter(retry.jitter().toMillis());
		backOff.setMaxAttempts(retry.attempts());
		return backOff;
	}

}
