package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.twelveseconds.trace.Simulation.Cause;
import io.twelveseconds.trace.Simulation.Sample;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;

import static org.assertj.core.api.Assertions.assertThat;

/** What was put into a trace is found in it, and nothing in which there is nothing. */
class PlantedCauseTests {

	private static final int TRACES = 1000;

	private static final Map<Cause, Set<Finding.Kind>> NAMES = Map.ofEntries(
			Map.entry(Cause.SLOW_STATEMENT, Set.of(Finding.Kind.SLOW_SPAN)),
			Map.entry(Cause.SLOW_CODE, Set.of(Finding.Kind.SLOW_SPAN)),
			Map.entry(Cause.GAP, Set.of(Finding.Kind.UNEXPLAINED_GAP)),
			Map.entry(Cause.POOL, Set.of(Finding.Kind.POOL_WAIT)),
			Map.entry(Cause.NETWORK, Set.of(Finding.Kind.LOST_BETWEEN)),
			Map.entry(Cause.QUEUE, Set.of(Finding.Kind.QUEUEING)),
			Map.entry(Cause.REPEATED_STATEMENTS, Set.of(Finding.Kind.N_PLUS_ONE)),
			Map.entry(Cause.REPEATED_CALLS, Set.of(Finding.Kind.N_PLUS_ONE)),
			Map.entry(Cause.SEQUENTIAL, Set.of(Finding.Kind.SEQUENTIAL_CALLS)),
			Map.entry(Cause.ERROR, Set.of(Finding.Kind.ERROR_ORIGIN, Finding.Kind.FAILED_ASYNC)),
			Map.entry(Cause.SWALLOWED,
					Set.of(Finding.Kind.SWALLOWED_ERROR, Finding.Kind.ERROR_ORIGIN, Finding.Kind.FAILED_ASYNC)),
			Map.entry(Cause.TIMEOUT, Set.of(Finding.Kind.TIMEOUT, Finding.Kind.FAILED_ASYNC)),
			Map.entry(Cause.RETRIES, Set.of(Finding.Kind.RETRIES)),
			Map.entry(Cause.SLOW_RETRY, Set.of(Finding.Kind.RETRIES)),
			Map.entry(Cause.BREAKER, Set.of(Finding.Kind.BREAKER_OPEN)),
			Map.entry(Cause.FAILED_ASYNC, Set.of(Finding.Kind.FAILED_ASYNC)),
			Map.entry(Cause.LOST_CONTEXT, Set.of(Finding.Kind.BROKEN_CONTEXT)),
			Map.entry(Cause.LOST_SERVICE, Set.of(Finding.Kind.MISSING_SERVICE, Finding.Kind.BROKEN_CONTEXT)));

	@Property(tries = 2, shrinking = ShrinkingMode.OFF)
	void accusesNobodyOfAHealthyTrace(@ForAll("seeds") long seed) {
		List<String> wrong = new ArrayList<>();
		for (int i = 0; i < TRACES; i++) {
			Diagnosis diagnosis = Diagnosis.of(Simulation.healthy(seed + i).trace());
			Statistics.collect(diagnosis.healthy() ? "healthy" : "accused");
			if (!diagnosis.healthy()) {
				wrong.add("seed %d: %s".formatted(seed + i, diagnosis.findings().get(0)));
			}
		}
		assertThat(wrong.size()).as(String.join("\n", wrong)).isLessThanOrEqualTo(TRACES * 2 / 100);
	}

	@Property(tries = 1, shrinking = ShrinkingMode.OFF)
	void namesWhatWasPlantedFirst(@ForAll("seeds") long seed) {
		Map<Cause, List<String>> allMissed = new TreeMap<>(NAMES.keySet()
			.parallelStream()
			.collect(Collectors.toMap(Function.identity(), (cause) -> missed(cause, seed))));
		allMissed.forEach((cause, missed) -> {
			for (int i = 0; i < TRACES; i++) {
				Statistics.collect(cause + ((i < missed.size()) ? " missed" : " named first"));
			}
			assertThat(missed.size()).as(String.join("\n", missed)).isLessThanOrEqualTo(TRACES * 5 / 100);
		});
	}

	private static List<String> missed(Cause cause, long seed) {
		List<String> missed = new ArrayList<>();
		int planted = 0;
		for (long i = seed; planted < TRACES; i++) {
			Sample sample = Simulation.with(cause, i);
			if (sample == null || sample.guilty().isEmpty()) {
				continue;
			}
			planted++;
			Diagnosis diagnosis = Diagnosis.of(sample.trace());
			if (!names(diagnosis, sample)) {
				missed
					.add("seed %d: %s instead of %s of %s".formatted(i, diagnosis.findings(), cause, sample.guilty()));
			}
		}
		return missed;
	}

	private static boolean names(Diagnosis diagnosis, Sample sample) {
		if (diagnosis.healthy()) {
			return false;
		}
		Finding first = diagnosis.findings().get(0);
		Set<String> proofs = first.spans().stream().map(Span::id).collect(Collectors.toSet());
		return NAMES.get(sample.cause()).contains(first.kind()) && sample.guilty().stream().anyMatch(proofs::contains);
	}

	@Provide
	Arbitrary<Long> seeds() {
		return Arbitraries.longs().between(0, 1_000_000_000L);
	}

}
