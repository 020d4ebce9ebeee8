package io.twelveseconds.demo.deadletters;

import java.util.Arrays;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * How far a topic of dead letters is settled: everything before an offset, and some
 * behind it, since a letter that cannot be redriven stays while others go. Kafka keeps
 * both, as a consumer group's offset and the text beside it ({@code 5-9,12}).
 */
final class Redriven {

	private final NavigableSet<Long> behind = new TreeSet<>();

	private long position;

	/**
	 * @param beginning the first offset that the topic still has
	 */
	static Redriven of(@Nullable OffsetAndMetadata committed, long beginning) {
		Redriven redriven = new Redriven();
		redriven.position = (committed != null) ? committed.offset() : 0;
		if (committed != null && !committed.metadata().isEmpty()) {
			Arrays.stream(committed.metadata().split(",")).map((range) -> range.split("-")).forEach((range) -> {
				for (long offset = Long.parseLong(range[0]); offset <= Long
					.parseLong(range[range.length - 1]); offset++) {
					redriven.behind.add(offset);
				}
			});
		}
		redriven.position = Math.max(redriven.position, beginning);
		redriven.moveOn();
		return redriven;
	}

	void add(long offset) {
		this.behind.add(offset);
		moveOn();
	}

	private void moveOn() {
		this.behind.headSet(this.position).clear();
		while (this.behind.remove(this.position)) {
			this.position++;
		}
	}

	/** Everything before it is settled. */
	long position() {
		return this.position;
	}

	boolean isOpen(long offset) {
		return offset >= this.position && !this.behind.contains(offset);
	}

	/** How many before this end of the topic are not settled. */
	long open(long end) {
		return Math.max(0, end - this.position) - this.behind.headSet(end).size();
	}

	/** Which ones these are. */
	Set<Long> openOffsets(long end) {
		return LongStream.range(this.position, end).filter(this::isOpen).boxed().collect(Collectors.toSet());
	}

	OffsetAndMetadata committed() {
		StringBuilder ranges = new StringBuilder();
		for (Long first : this.behind) {
			if (!this.behind.contains(first - 1)) {
				long last = first;
				while (this.behind.contains(last + 1)) {
					last++;
				}
				ranges.append(ranges.isEmpty() ? "" : ",").append(first).append((last > first) ? "-" + last : "");
			}
		}
		return new OffsetAndMetadata(this.position, ranges.toString());
	}

}
