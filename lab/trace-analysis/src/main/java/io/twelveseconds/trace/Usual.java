package io.twelveseconds.trace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How long each operation usually takes, learnt from other traces. */
public final class Usual {

	/** Of so many traces; what a single one says often is its own measure. */
	private static final int FEWEST = 5;

	public static final Usual UNKNOWN = new Usual(Map.of());

	private final Map<String, Long> medians;

	private Usual(Map<String, Long> medians) {
		this.medians = medians;
	}

	public static Usual of(Collection<Trace> traces) {
		Map<String, List<Long>> durations = new HashMap<>();
		for (Trace trace : traces) {
			trace.spans()
				.stream()
				.collect(Collectors.groupingBy(Usual::key,
						Collectors.mapping((span) -> span.duration().toNanos(), Collectors.toList())))
				.forEach((key, ofTrace) -> durations.computeIfAbsent(key, (any) -> new ArrayList<>())
					.add(median(ofTrace)));
		}
		Map<String, Long> medians = new HashMap<>();
		durations.forEach((key, all) -> {
			if (all.size() >= FEWEST) {
				medians.put(key, median(all));
			}
		});
		return new Usual(medians);
	}

	public Optional<Duration> duration(Span span) {
		return Optional.ofNullable(this.medians.get(key(span))).map(Duration::ofNanos);
	}

	static long median(Collection<Long> values) {
		List<Long> sorted = values.stream().sorted().toList();
		return sorted.isEmpty() ? 0 : sorted.get((sorted.size() - 1) / 2);
	}

	private static String key(Span span) {
		return span.service() + "\n" + span.kind() + "\n" + new Reading(span).shape();
	}

}
