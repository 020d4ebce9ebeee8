package io.twelveseconds.demo;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/** How many records wait in the dead-letter topics for somebody to look at them. */
final class DeadLetters {

	private DeadLetters() {
	}

	/**
	 * Counts by topic.
	 * @throws ExecutionException if the broker does not answer in time
	 */
	static Map<String, Long> count(String broker, Duration timeout) throws ExecutionException, InterruptedException {
		Map<String, Object> settings = Map.of("bootstrap.servers", broker, "default.api.timeout.ms",
				(int) timeout.toMillis(), "request.timeout.ms", (int) timeout.toMillis());
		try (Admin admin = Admin.create(settings)) {
			Map<String, TopicDescription> topics = admin
				.describeTopics(
						admin.listTopics().names().get().stream().filter((name) -> name.endsWith(".dlt")).toList())
				.allTopicNames()
				.get();
			Map<TopicPartition, ListOffsetsResultInfo> ends = offsets(admin, topics, OffsetSpec.latest());
			Map<TopicPartition, ListOffsetsResultInfo> beginnings = offsets(admin, topics, OffsetSpec.earliest());
			Map<String, Long> counts = new TreeMap<>();
			ends.forEach((partition, end) -> counts.merge(partition.topic(),
					end.offset() - beginnings.get(partition).offset(), Long::sum));
			return counts;
		}
	}

	private static Map<TopicPartition, ListOffsetsResultInfo> offsets(Admin admin, Map<String, TopicDescription> topics,
			OffsetSpec which) throws ExecutionException, InterruptedException {
		return admin
			.listOffsets(topics.values()
				.stream()
				.flatMap((topic) -> topic.partitions()
					.stream()
					.map((partition) -> new TopicPartition(topic.name(), partition.partition())))
				.collect(Collectors.toMap(Function.identity(), (partition) -> which)))
			.all()
			.get();
	}

}
