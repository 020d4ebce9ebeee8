package io.twelveseconds.teststack;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads plain records from outside a service, on the broker of
 * {@link RealKafka @RealKafka}.
 */
public final class KafkaProbe implements AutoCloseable {

	static final String BOOTSTRAP_SERVERS = "spring.kafka.bootstrap-servers";

	private final Map<String, Object> broker = Map.of("bootstrap.servers",
			Objects.requireNonNull(System.getProperty(BOOTSTRAP_SERVERS), "the test class lacks @RealKafka"));

	private final KafkaProducer<String, String> producer = new KafkaProducer<>(this.broker, new StringSerializer(),
			new StringSerializer());

	/** Returns when the broker has the record. */
	public void send(String topic, String key, String value, Map<String, String> headers)
			throws InterruptedException, ExecutionException, TimeoutException {
		ProducerRecord<String, String> message = new ProducerRecord<>(topic, key, value);
		headers.forEach((name, text) -> message.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
		this.producer.send(message).get(30, TimeUnit.SECONDS);
	}

	/**
	 * All records of a topic since its beginning, as soon as there are that many of them.
	 */
	public List<ConsumerRecord<String, String>> awaitRecords(String topic, int count, Duration deadline)
			throws InterruptedException {
		Instant end = Instant.now().plus(deadline);
		List<ConsumerRecord<String, String>> records = new ArrayList<>();
		try (var consumer = new KafkaConsumer<>(this.broker, new StringDeserializer(), new StringDeserializer())) {
			while (records.size() < count) {
				if (Instant.now().isAfter(end)) {
					throw new AssertionError("%d of %d records in %s after %s: %s".formatted(records.size(), count,
							topic, deadline, records));
				}
				if (consumer.assignment().isEmpty()) {
					List<TopicPartition> partitions = partitions(consumer, topic);
					if (partitions.isEmpty()) {
						// Not created yet.
						TimeUnit.MILLISECONDS.sleep(100);
						continue;
					}
					consumer.assign(partitions);
					consumer.seekToBeginning(partitions);
				}
				consumer.poll(Duration.ofMillis(100)).forEach(records::add);
			}
		}
		return records;
	}

	private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
		return consumer.partitionsFor(topic)
			.stream()
			.map((partition) -> new TopicPartition(topic, partition.partition()))
			.toList();
	}

	/** The text of a header, or null if the record has none of that name. */
	public static @Nullable String header(ConsumerRecord<?, ?> message, String name) {
		Header header = message.headers().lastHeader(name);
		return (header != null) ? new String(header.value(), StandardCharsets.UTF_8) : null;
	}

	@Override
	public void close() {
		this.producer.close();
	}

}
