package io.twelveseconds.order.outbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.twelveseconds.order.OrderSettings;
import org.apache.kafka.clients.admin.NewTopic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.annotation.Bean;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Sends the outbox to Kafka, in order for each order, at least once: an event leaves the
 * table only after the broker has acknowledged it, so a crash in between sends it twice
 * and the consumers must not mind.
 */
@Component
class OutboxRelay {

	private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

	private static final String TOPIC = "orders.events";

	private final Outbox outbox;

	private final KafkaTemplate<String, String> kafka;

	private final KafkaAdmin admin;

	private final int batch;

	private boolean topicMade;

	OutboxRelay(Outbox outbox, KafkaTemplate<String, String> kafka, KafkaAdmin admin, OrderSettings settings) {
		this.outbox = outbox;
		this.kafka = kafka;
		this.admin = admin;
		this.batch = settings.outbox().batch();
	}

	@Scheduled(fixedDelayString = "${order.outbox.every}")
	@Transactional
	void relay() {
		List<Long> sent = acknowledged(send(this.outbox.next(this.batch)));
		if (!sent.isEmpty()) {
			this.outbox.remove(sent);
		}
	}

	/**
	 * Each event is sent in the trace of its own order: the spans of its consumers become
	 * part of that trace.
	 */
	private Map<Long, CompletableFuture<?>> send(List<Outbox.Message> messages) {
		Map<Long, CompletableFuture<?>> sends = new LinkedHashMap<>();
		try {
			for (Outbox.Message message : messages) {
				message.trace()
					.run(() -> sends.put(message.position(),
							this.kafka.send(TOPIC, message.orderId().toString(), message.payload())));
			}
		}
		catch (KafkaException ex) {
			log.warn("Kafka takes no events, the rest stays in the outbox: {}", ex.getMessage());
		}
		return sends;
	}

	/**
	 * Waits without a bound of its own: the producer's {@code delivery.timeout.ms}
	 * completes every send.
	 */
	private List<Long> acknowledged(Map<Long, CompletableFuture<?>> sends) {
		List<Long> acknowledged = new ArrayList<>();
		sends.forEach((position, send) -> {
			try {
				send.get();
				acknowledged.add(position);
			}
			catch (ExecutionException ex) {
				log.warn("Event {} stays in the outbox: {}", position, ex.getCause().getMessage());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		return acknowledged;
	}

	/**
	 * Spring makes the topic at start-up only, and goes on without it if Kafka is away
	 * then.
	 */
	@Scheduled(fixedDelayString = "PT5S", initialDelayString = "PT5S")
	void makeTopic() {
		if (!this.topicMade) {
			try {
				this.topicMade = this.admin.initialize();
			}
			catch (IllegalStateException ex) {
				log.warn("Topic {} is not made yet: {}", TOPIC, ex.getMessage());
			}
		}
	}

	/**
	 * Three partitions: enough to show that only the events of one order keep their
	 * order.
	 */
	@Bean
	static NewTopic ordersEvents() {
		return TopicBuilder.name(TOPIC).partitions(3).replicas(1).build();
	}

}
