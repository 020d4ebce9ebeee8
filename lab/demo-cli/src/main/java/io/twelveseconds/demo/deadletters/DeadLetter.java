package io.twelveseconds.demo.deadletters;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * An event that a service could not handle and set aside.
 *
 * @param key what the event was sent with: the id of its order, if all is well
 * @param reason why it was set aside, in the words of the service
 * @param traceparent the context it was set aside in, which is its order's
 */
record DeadLetter(String topic, int partition, long offset, Instant at, @Nullable String key, String reason,
		@Nullable String traceparent) {

	private static final Pattern UUID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

	private static final Pattern CONTEXT = Pattern.compile("00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");

	private static final int MOST = 160;

	static DeadLetter of(ConsumerRecord<byte[], byte[]> message) {
		String reason = header(message, "kafka_dlt-exception-message");
		return new DeadLetter(message.topic(), message.partition(), message.offset(),
				Instant.ofEpochMilli(message.timestamp()), text(message.key()),
				(reason != null) ? brief(reason) : "no reason given", header(message, "traceparent"));
	}

	/** Empty if nobody can tell which order it was about. */
	Optional<UUID> order() {
		return Optional.ofNullable(this.key).filter((text) -> UUID_FORM.matcher(text).matches()).map(UUID::fromString);
	}

	Optional<String> traceId() {
		return Optional.ofNullable(this.traceparent)
			.map(CONTEXT::matcher)
			.filter((matcher) -> matcher.matches())
			.map((matcher) -> matcher.group(1));
	}

	/** Topics of dead letters have one partition. */
	String place() {
		return "%s#%d".formatted(this.topic, this.offset);
	}

	private static String brief(String reason) {
		String line = reason.replaceFirst("^Listener (failed|method .* threw exception); ", "")
			.lines()
			.findFirst()
			.orElse("")
			.strip();
		return (line.length() <= MOST) ? line : line.substring(0, MOST) + "...";
	}

	private static @Nullable String header(ConsumerRecord<?, ?> message, String name) {
		Header header = message.headers().lastHeader(name);
		return (header != null) ? text(header.value()) : null;
	}

	/** It may be anything: control characters stay off the terminal. */
	private static @Nullable String text(byte @Nullable [] bytes) {
		return (bytes != null) ? new String(bytes, StandardCharsets.UTF_8).replaceAll("[\\p{Cc}&&[^\\n]]", "?") : null;
	}

}
