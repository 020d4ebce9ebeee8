package io.twelveseconds.notification;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;

/** Where events go that were set aside, until somebody has them said again. */
@Configuration(proxyBeanMethods = false)
class DeadLetters {

	static final String TOPIC = "orders.events.notification-service.dlt";

	/**
	 * One partition, so that people find the letters in the order they were written; for
	 * ever, since a letter may wait longer for somebody than Kafka's usual week.
	 */
	@Bean
	NewTopic deadLetterTopic() {
		return TopicBuilder.name(TOPIC).partitions(1).replicas(1).config(TopicConfig.RETENTION_MS_CONFIG, "-1").build();
	}

}
