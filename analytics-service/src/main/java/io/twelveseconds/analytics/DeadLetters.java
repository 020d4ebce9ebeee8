package io.twelveseconds.analytics;

import io.twelveseconds.analytics.tracing.TracedRecoverer;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.RetryListener;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * What becomes of an event that cannot be handled: it is retried in its place, so that
 * the events behind it wait and keep their order, and then set aside with its reason.
 */
@Configuration(proxyBeanMethods = false)
class DeadLetters {

	static final String TOPIC = "orders.events.analytics-service.dlt";

	private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

	/**
	 * One partition, so that people find the letters in the order they were written; for
	 * ever, since a letter may wait longer for somebody than Kafka's usual week.
	 */
	@Bean
	NewTopic deadLetterTopic() {
		return TopicBuilder.name(TOPIC).partitions(1).replicas(1).config(TopicConfig.RETENTION_MS_CONFIG, "-1").build();
	}

	/** Boot gives it to every listener. */
	@Bean
	DefaultErrorHandler errorHandler(KafkaOperations<?, ?> kafka, AnalyticsSettings settings) {
		DeadLetterPublishingRecoverer publish = new DeadLetterPublishingRecoverer(kafka,
				(record, ex) -> new TopicPartition(TOPIC, 0));
		DefaultErrorHandler handler = new DefaultErrorHandler(new TracedRecoverer(publish), backOff(settings.retry()));
		// Neither becomes better by waiting.
		handler.addNotRetryableExceptions(JacksonException.class, DataIntegrityViolationException.class);
		// Otherwise two failures that take turns would be retried for ever.
		handler.setResetStateOnExceptionChange(false);
		handler.setRetryListeners(new FailureLog());
		// The handler would log every attempt with its stack trace; FailureLog does it in
		// a line.
		handler.setLogLevel(KafkaException.Level.DEBUG);
		return handler;
	}

	private static ExponentialBackOff backOff(AnalyticsSettings.Retry retry) {
		ExponentialBackOff backOff = new ExponentialBackOff(retry.backoff().toMillis(), 2);
		backOff.setMaxInterval(retry.maxBackoff().toMillis());
		backOff.setJitter(retry.jitter().toMillis());
		backOff.setMaxAttempts(retry.attempts());
		return backOff;
	}

	private static final class FailureLog implements RetryListener {

		@Override
		public void failedDelivery(ConsumerRecord<?, ?> record, Exception ex, int attempt) {
			log.warn("Order {}: attempt {} failed: {}", record.key(), attempt, reason(ex));
		}

		@Override
		public void recovered(ConsumerRecord<?, ?> record, Exception ex) {
			log.error("Order {}: event set aside in {}: {}", record.key(), TOPIC, reason(ex));
		}

		private static String reason(Exception ex) {
			return String.valueOf(NestedExceptionUtils.getMostSpecificCause(ex).getMessage());
		}

	}

}
