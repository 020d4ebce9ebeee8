package io.twelveseconds.localstack.traces;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.twelveseconds.localstack.traces.Traces.Drop;
import org.junit.jupiter.api.Test;

import static io.twelveseconds.localstack.traces.Samples.received;
import static io.twelveseconds.localstack.traces.Samples.span;
import static io.twelveseconds.localstack.traces.Samples.traceId;
import static org.assertj.core.api.Assertions.assertThat;

class TracesTests {

	private static final long PLENTY = 64 * 1024 * 1024;

	@Test
	void evictsTheTraceWhoseFirstSpanCameFirst() {
		Traces traces = new Traces(2, PLENTY, 100);
		traces.add(received("a", span(1, 1)));
		traces.add(received("a", span(2, 1), span(2, 2)));
		traces.add(received("a", span(1, 2)));
		traces.add(received("a", span(3, 1)));
		assertThat(traces.find(traceId(1))).isNull();
		assertThat(traces.newestFirst()).containsExactly(traces.find(traceId(3)), traces.find(traceId(2)));
		assertThat(traces.stats().tracesEvicted()).isEqualTo(1);
		assertThat(traces.stats().spansDropped()).containsEntry(Drop.EVICTED, 2L);
		assertThat(traces.stats().spans()).isEqualTo(3);
	}

	@Test
	void evictsWhenTheBytesAreUsedUp() {
		Traces traces = new Traces(1000, 20_000, 100);
		for (int i = 1; i <= 100; i++) {
			traces.add(received("a", span(i, 1).setName("x".repeat(1000))));
			assertThat(traces.stats().bytes()).isBetween(1L, 20_000L);
		}
		assertThat(traces.stats().traces()).isBetween(8, 15);
		assertThat(traces.find(traceId(100))).isNotNull();
	}

	@Test
	void evictsEvenTheOnlyTraceIfItIsTooLarge() {
		Traces traces = new Traces(1000, 20_000, 1000);
		for (int i = 1; i <= 100; i++) {
			traces.add(received("a", span(1, i).setName("x".repeat(1000))));
		}
		assertThat(traces.stats().traces()).isZero();
		assertThat(traces.stats().bytes()).isZero();
		assertThat(traces.stats().spansDropped().get(Drop.LATE)).isPositive();
	}

	@Test
	void keepsOnlySoManySpansOfOneTrace() {
		Traces traces = new Traces(10, PLENTY, 2);
		int refused = traces.add(received("a", span(1, 1), span(1, 2), span(1, 3), span(2, 1), span(1, 1)));
		assertThat(refused).isEqualTo(1);
		assertThat(traces.stats().spansDropped()).containsEntry(Drop.TRACE_FULL, 1L).containsEntry(Drop.DUPLICATE, 1L);
		assertThat(traces.stats().spans()).isEqualTo(3);
	}

	@Test
	void keepsASpanThatIsSentTwiceOnce() {
		Traces traces = new Traces(10, PLENTY, 10);
		traces.add(received("a", span(1, 1)));
		long bytes = traces.stats().bytes();
		assertThat(traces.add(received("a", span(1, 1)))).isZero();
		assertThat(traces.stats().bytes()).isEqualTo(bytes);
		assertThat(traces.stats().spansDropped()).containsEntry(Drop.DUPLICATE, 1L);
		traces.add(received("b", span(1, 1)));
		assertThat(traces.stats().spans()).as("client and server may share a span id").isEqualTo(2);
	}

	@Test
	void takesLateSpansIntoTheirTraceButNotIntoAnEvictedOne() {
		Traces traces = new Traces(1, PLENTY, 10);
		traces.add(received("a", span(1, 1)));
		traces.add(received("b", span(1, 2)));
		assertThat(traces.stats().spans()).isEqualTo(2);
		traces.add(received("a", span(2, 1)));
		assertThat(traces.add(received("a", span(1, 3)))).isEqualTo(1);
		assertThat(traces.stats().spansDropped()).containsEntry(Drop.LATE, 1L);
		assertThat(traces.find(traceId(2))).isNotNull();
	}

	@Test
	void sharesWhatIsTheSameInEveryExport() {
		Traces traces = new Traces(10, PLENTY, 10);
		traces.add(received("a", span(1, 1)));
		traces.add(received("a", span(2, 1)));
		List<Trace> held = traces.newestFirst();
		assertThat(held.get(0).origins().get(0)).isSameAs(held.get(1).origins().get(0));
	}

	@Test
	void countsEverySpanUnderConcurrentWritersAndReaders() throws Exception {
		Traces traces = new Traces(50, PLENTY, 30);
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Callable<Integer>> work = new ArrayList<>();
			for (int writer = 0; writer < 8; writer++) {
				int first = writer;
				work.add(() -> {
					for (int i = 0; i < 500; i++) {
						traces.add(received("w" + first, span(1 + i / 5, first * 1000 + i + 8), span(1 + i / 5, 7)));
						if (i % 20 == first) {
							traces.newestFirst()
								.forEach((trace) -> trace.spans((origin) -> true).values().forEach(Stream::toList));
						}
					}
					return 0;
				});
			}
			for (Future<Integer> done : threads.invokeAll(work, 60, TimeUnit.SECONDS)) {
				done.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
		Traces.Stats stats = traces.stats();
		assertThat(stats.spansReceived()).isEqualTo(8 * 500 * 2);
		long dropped = stats.spansDropped().values().stream().mapToLong(Long::longValue).sum();
		assertThat(stats.spans() + dropped).isEqualTo(stats.spansReceived());
		assertThat(stats.spans()).isEqualTo(traces.newestFirst().stream().mapToLong(Trace::spanCount).sum());
		assertThat(stats.bytes()).isEqualTo(traces.newestFirst().stream().mapToLong(Trace::bytes).sum());
	}

}
