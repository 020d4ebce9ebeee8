package io.twelveseconds.demo;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What the broker says of itself. */
final class Kafka {

	private Kafka() {
	}

	/** Of an admin or a consumer: nothing is waited for longer. */
	static Map<String, Object> settings(String broker, Duration timeout) {
		return Map.of("bootstrap.servers", broker, "default.api.timeout.ms", (int) timeout.toMillis(),
				"request.timeout.ms", (int) timeout.toMillis());
	}

	/**
	 * How many records the group has still to read, where it has read any.
	 * @throws ExecutionException if the broker does not answer in time
	 */
	static long lag(String broker, String group, Duration timeout) throws ExecutionException, InterruptedException {
		try (Admin admin = Admin.create(settings(broker, timeout))) {
			Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(group)
				.partitionsToOffsetAndMetadata()
				.get();
			Map<TopicPartition, ListOffsetsResultInfo> ends = admin.listOffsets(
					read.keySet().stream().collect(Collectors.toMap(Function.identity(), (any) -> OffsetSpec.latest())))
				.all()
				.get();
			return ends.entrySet()
				.stream()
				.mapToLong((end) -> end.getValue().offset() - read.get(end.getKey()).offset())
				.sum();
		}
	}

}
