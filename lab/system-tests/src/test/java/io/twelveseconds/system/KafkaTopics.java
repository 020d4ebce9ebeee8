package io.twelveseconds.system;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

import io.twelveseconds.demo.deadletters.Kafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Reads and writes the shop's topics from outside.
 */
final class KafkaTopics {

	private final String bootstrapServers;

	private final Map<String, Object> settings;

	KafkaTopics(String bootstrapServers) {
		this.bootstrapServers = bootstrapServers;
		this.settings = Map.of("bootstrap.servers", bootstrapServers);
	}

	void publish(String topic, String key, String value, Map<String, String> headers) {
		try (KafkaProducer<String, String> producer = new KafkaProducer<>(this.settings, new StringSerializer(),
				new StringSerializer())) {
			ProducerRecord<String, String> record = new ProducerRecord<>(topic, key, value);
			headers.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
			await(producer.send(record));
		}
	}

	/**
	 * Every record of the topic from its beginning, until one is found or the time is
	 * over.
	 */
	ConsumerRecord<String, String> find(String topic, Predicate<ConsumerRecord<String, String>> wanted, Duration time) {
		Instant end = Instant.now().plus(time);
		try (KafkaConsumer<String, String> consumer = consumer(topic)) {
			while (Instant.now().isBefore(end)) {
				for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
					if (wanted.test(record)) {
						return record;
					}
				}
			}
		}
		throw new AssertionError("No such record in " + topic + " within " + time);
	}

	/** Writes every record of the topic again, headers included. Returns how many. */
	long deliverAgain(String topic) {
		List<ConsumerRecord<String, String>> records = new ArrayList<>();
		try (KafkaConsumer<String, String> consumer = consumer(topic);
				KafkaProducer<String, String> producer = new KafkaProducer<>(this.settings, new StringSerializer(),
						new StringSerializer())) {
			Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
			while (ends.entrySet().stream().anyMatch((end) -> consumer.position(end.getKey()) < end.getValue())) {
				consumer.poll(Duration.ofMillis(200)).forEach(records::add);
			}
			for (ConsumerRecord<String, String> record : records) {
				await(producer.send(new ProducerRecord<>(topic, null, record.key(), record.value(), record.headers())));
			}
		}
		return records.size();
	}

	/**
	 * How many records the group has not finished yet, also where it has finished none.
	 */
	long lag(String group) {
		try {
			return Kafka.lag(this.bootstrapServers, group, Duration.ofSeconds(10));
		}
		catch (ExecutionException ex) {
			throw new AssertionError(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	private KafkaConsumer<String, String> consumer(String topic) {
		Map<String, Object> settings = new HashMap<>(this.settings);
		settings.put("auto.offset.reset", "earliest");
		settings.put("enable.auto.commit", false);
		KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings, new StringDeserializer(),
				new StringDeserializer());
		consumer.assign(consumer.partitionsFor(topic)
			.stream()
			.map((partition) -> new TopicPartition(topic, partition.partition()))
			.toList());
		return consumer;
	}

	private static <T> T await(Future<T> future) {
		try {
			return future.get(10, TimeUnit.SECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new AssertionError(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

}
