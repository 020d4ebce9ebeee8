package io.twelveseconds.demo.deadletters;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** What the broker says of itself. */
public final class Kafka {

	private Kafka() {
	}

	/**
	 * One that waits for nothing longer than that.
	 * @throws ExecutionException if nobody knows the broker's name, as under compose when
	 * it does not run
	 */
	static Admin admin(String broker, Duration timeout) throws ExecutionException {
		try {
			return Admin.create(settings(broker, timeout));
		}
		catch (KafkaException ex) {
			throw new ExecutionException((ex.getCause() != null) ? ex.getCause() : ex);
		}
	}

	/** Of an admin or a consumer: nothing is waited for longer. */
	static Map<String, Object> settings(String broker, Duration timeout) {
		return Map.of("bootstrap.servers", broker, "default.api.timeout.ms", (int) timeout.toMillis(),
				"request.timeout.ms", (int) timeout.toMillis());
	}

	/**
	 * How many records the group has still to read, in the partitions of which it has
	 * read some or which its members are to read.
	 * @throws ExecutionException if the broker does not answer in time
	 */
	public static long lag(String broker, String group, Duration timeout)
			throws ExecutionException, InterruptedException {
		try (Admin admin = admin(broker, timeout)) {
			Set<TopicPartition> assigned = admin.describeConsumerGroups(Set.of(group))
				.describedGroups()
				.get(group)
				.get()
				.members()
				.stream()
				.flatMap((member) -> member.assignment().topicPartitions().stream())
				.collect(Collectors.toSet());
			Map<TopicPartition, Long> next = new HashMap<>(offsets(admin, assigned, OffsetSpec.earliest()));
			admin.listConsumerGroupOffsets(group)
				.partitionsToOffsetAndMetadata()
				.get()
				.forEach((partition, read) -> next.put(partition, read.offset()));
			return offsets(admin, next.keySet(), OffsetSpec.latest()).entrySet()
				.stream()
				.mapToLong((end) -> end.getValue() - next.get(end.getKey()))
				.sum();
		}
	}

	private static Map<TopicPartition, Long> offsets(Admin admin, Set<TopicPartition> partitions, OffsetSpec wanted)
			throws ExecutionException, InterruptedException {
		return admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), (any) -> wanted)))
			.all()
			.get()
			.entrySet()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, (found) -> found.getValue().offset()));
	}

}
