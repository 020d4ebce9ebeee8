package io.twelveseconds.demo.deadletters;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Times;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The topics of dead letters. A letter is open until it has been settled: redriven, or
 * looked at by somebody. Which ones have been is kept by Kafka, in the offsets of a
 * consumer group that nobody joins.
 */
public final class DeadLetters implements AutoCloseable {

	private static final String GROUP = "dead-letters-redrive";

	private final Duration timeout;

	private final Map<String, Object> settings;

	private final Admin admin;

	/**
	 * @throws ExecutionException if there is no such broker
	 */
	DeadLetters(String broker, Duration timeout) throws ExecutionException {
		this.timeout = timeout;
		this.settings = Kafka.settings(broker, timeout);
		this.admin = Kafka.admin(broker, timeout);
	}

	/**
	 * Counts the open ones by topic.
	 * @throws ExecutionException if the broker does not answer in time
	 */
	public static Map<String, Long> count(String broker, Duration timeout)
			throws ExecutionException, InterruptedException {
		try (DeadLetters letters = new DeadLetters(broker, timeout)) {
			Map<String, Long> counts = new TreeMap<>();
			letters.partitions()
				.forEach((partition, state) -> counts.merge(partition.topic(), state.redriven().open(state.end()),
						Long::sum));
			return counts;
		}
	}

	/**
	 * The offsets of the open ones by topic; each topic has one partition.
	 * @throws ExecutionException if the broker does not answer in time
	 */
	public static Map<String, Set<Long>> openOffsets(String broker, Duration timeout)
			throws ExecutionException, InterruptedException {
		try (DeadLetters letters = new DeadLetters(broker, timeout)) {
			Map<String, Set<Long>> open = new TreeMap<>();
			letters.partitions()
				.forEach((partition, state) -> open.put(partition.topic(), state.redriven().openOffsets(state.end())));
			return open;
		}
	}

	/** All that are open, oldest first. */
	List<DeadLetter> open() throws ExecutionException, InterruptedException {
		Map<TopicPartition, State> partitions = partitions();
		partitions.values().removeIf((state) -> state.redriven().open(state.end()) == 0);
		List<DeadLetter> open = new ArrayList<>();
		if (partitions.isEmpty()) {
			return open;
		}
		try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(this.settings, new ByteArrayDeserializer(),
				new ByteArrayDeserializer())) {
			consumer.assign(partitions.keySet());
			partitions.forEach((partition, state) -> consumer.seek(partition, state.redriven().position()));
			long deadline = System.nanoTime() + this.timeout.toNanos();
			while (partitions.entrySet()
				.stream()
				.anyMatch((entry) -> consumer.position(entry.getKey()) < entry.getValue().end())) {
				var messages = consumer.poll(Duration.ofMillis(200));
				if (messages.isEmpty() && System.nanoTime() > deadline) {
					throw new DemoException("Kafka has more dead letters, and does not hand them out within %s."
						.formatted(Times.format(this.timeout)));
				}
				messages.forEach((message) -> {
					State state = partitions.get(new TopicPartition(message.topic(), message.partition()));
					if (message.offset() < state.end() && state.redriven().isOpen(message.offset())) {
						open.add(DeadLetter.of(message));
					}
				});
			}
		}
		open.sort(Comparator.comparing(DeadLetter::at).thenComparing(DeadLetter::topic));
		return open;
	}

	/** They are offered no more. The records themselves stay where they are. */
	void settle(List<DeadLetter> letters) throws ExecutionException, InterruptedException {
		Map<TopicPartition, State> partitions = partitions();
		Map<TopicPartition, OffsetAndMetadata> commits = letters.stream()
			.map((letter) -> new TopicPartition(letter.topic(), letter.partition()))
			.distinct()
			.collect(Collectors.toMap(Function.identity(), (partition) -> {
				Redriven redriven = partitions.get(partition).redriven();
				letters.stream()
					.filter((letter) -> letter.topic().equals(partition.topic())
							&& letter.partition() == partition.partition())
					.forEach((letter) -> redriven.add(letter.offset()));
				return redriven.committed();
			}));
		this.admin.alterConsumerGroupOffsets(GROUP, commits).all().get();
	}

	List<String> topics() throws ExecutionException, InterruptedException {
		return this.admin.listTopics().names().get().stream().filter((name) -> name.endsWith(".dlt")).sorted().toList();
	}

	private Map<TopicPartition, State> partitions() throws ExecutionException, InterruptedException {
		List<TopicPartition> partitions = this.admin.describeTopics(topics())
			.allTopicNames()
			.get()
			.values()
			.stream()
			.flatMap((topic) -> topic.partitions()
				.stream()
				.map((partition) -> new TopicPartition(topic.name(), partition.partition())))
			.toList();
		Map<TopicPartition, ListOffsetsResultInfo> ends = offsets(partitions, OffsetSpec.latest());
		Map<TopicPartition, ListOffsetsResultInfo> beginnings = offsets(partitions, OffsetSpec.earliest());
		Map<TopicPartition, OffsetAndMetadata> committed = this.admin.listConsumerGroupOffsets(GROUP)
			.partitionsToOffsetAndMetadata()
			.get();
		return partitions.stream()
			.collect(Collectors.toMap(Function.identity(),
					(partition) -> new State(Redriven.of(committed.get(partition), beginnings.get(partition).offset()),
							ends.get(partition).offset())));
	}

	private Map<TopicPartition, ListOffsetsResultInfo> offsets(List<TopicPartition> partitions, OffsetSpec which)
			throws ExecutionException, InterruptedException {
		return this.admin
			.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), (partition) -> which)))
			.all()
			.get();
	}

	@Override
	public void close() {
		this.admin.close(this.timeout);
	}

	private record State(Redriven redriven, long end) {
	}

}
