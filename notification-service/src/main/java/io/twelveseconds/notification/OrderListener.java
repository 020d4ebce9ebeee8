package io.twelveseconds.notification;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/**
 * Takes order events one by one: the spans of a batch could not be children of each
 * order's trace. What fails here is retried, then set aside by {@link BoundedRetries}.
 */
@Component
class OrderListener {

	private static final Logger log = LoggerFactory.getLogger(OrderListener.class);

	private final JsonMapper json;

	private final Notifier notifier;

	OrderListener(JsonMapper json, Notifier notifier) {
		this.json = json;
		this.notifier = notifier;
	}

	/**
	 * Parses here and not in a deserializer, whose failure would come back with every
	 * poll.
	 */
	@KafkaListener(topics = "orders.events")
	void on(String value) {
		OrderEvent event = OrderEvent.read(this.json, value);
		if (event instanceof OrderEvent.News news) {
			this.notifier.tell(news);
		}
		else if (event instanceof OrderEvent.Unknown unknown) {
			log.info("Ignored an event of type {}, unknown to this version", unknown.type());
		}
	}

}
