package io.twelveseconds.notification;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.listener.RetryListener;

/** One line for each attempt that failed, and one for an event that was set aside. */
final class FailureLog implements RetryListener {

	private static final Logger log = LoggerFactory.getLogger(FailureLog.class);

	@Override
	public void failedDelivery(ConsumerRecord<?, ?> record, Exception ex, int attempt) {
		log.warn("Order {}: attempt {} failed: {}", record.key(), attempt, reason(ex));
	}

	@Override
	public void recovered(ConsumerRecord<?, ?> record, Exception ex) {
		log.error("Order {}: event set aside in {}: {}", record.key(), DeadLetters.TOPIC, reason(ex));
	}

	private static String reason(Exception ex) {
		return String.valueOf(NestedExceptionUtils.getMostSpecificCause(ex).getMessage());
	}

}
