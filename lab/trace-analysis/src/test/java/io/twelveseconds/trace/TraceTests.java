package io.twelveseconds.trace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class TraceTests {

	@Test
	void putsSpansIntoATreeInTheOrderOfTheirStarts() {
		Trace trace = trace(server("order", "b", "a").at(10, 40), client("gateway", "a", null).at(0, 50),
				client("order", "d", "b").at(30, 35), client("order", "c", "b").at(20, 25));
		assertThat(trace.roots()).extracting(Span::id).containsExactly("a");
		assertThat(trace.orphans()).isEmpty();
		Span b = trace.children(trace.root()).get(0);
		assertThat(trace.children(b)).extracting(Span::id).containsExactly("c", "d");
		assertThat(trace.parent(b)).contains(trace.root());
		assertThat(trace.spans()).extracting(Span::id).containsExactly("a", "b", "c", "d");
		assertThat(trace.services()).containsExactly("gateway", "order");
	}

	@Test
	void startsABranchWithASpanWhoseParentIsMissing() {
		Trace trace = trace(server("gateway", "a", null).at(5, 9), server("order", "b", "lost").at(0, 3),
				client("order", "c", "b").at(1, 2));
		assertThat(trace.orphans()).extracting(Span::id).containsExactly("b");
		assertThat(trace.children(trace.orphans().get(0))).extracting(Span::id).containsExactly("c");
		assertThat(trace.root().id()).isEqualTo("a");
	}

	@Test
	void beginsWithAnOrphanWhenTheCallerIsNotTraced() {
		assertThat(trace(server("gateway", "a", "curl").at(0, 1)).root().id()).isEqualTo("a");
	}

	@Test
	void countsASpanDeliveredTwiceOnce() {
		Trace trace = trace(server("gateway", "a", null).at(0, 9), server("order", "b", "a").at(1, 2),
				server("order", "b", "a").at(1, 2));
		assertThat(trace.spans()).hasSize(2);
		assertThat(trace.children(trace.root())).hasSize(1);
	}

	/** By two ways, on one of which something is added to it. */
	@Test
	void countsASpanDeliveredTwiceOnceThoughOneSaysMore() {
		Span root = trace(server("gateway", "a", null).at(0, 9)).root();
		Span more = new Span(root.traceId(), root.id(), null, root.name(), root.kind(), root.startNanos(),
				root.endNanos(), root.status(), "", Map.of(), List.of(), List.of(),
				Map.of("service.name", "gateway", "k8s.pod.name", "gateway-1"), "");
		for (Trace trace : List.of(new Trace(List.of(root, more)), new Trace(List.of(more, root)))) {
			assertThat(trace.spans()).containsExactly(more);
			assertThat(trace.roots()).hasSize(1);
		}
	}

	@Test
	void tellsTheTwoSidesOfACallApartThatShareAnId() {
		Trace trace = trace(client("gateway", "a", null).at(0, 9), server("order", "a", null).at(1, 8),
				client("order", "b", "a").at(2, 3), client("gateway", "c", "a").at(4, 5));
		assertThat(trace.spans()).hasSize(4);
		assertThat(trace.roots()).hasSize(1);
		assertThat(trace.children(trace.root())).extracting(Span::id).containsExactly("a", "c");
		assertThat(trace.children(trace.children(trace.root()).get(0))).extracting(Span::id).containsExactly("b");
	}

	@Test
	void keepsDifferentSpansThatShareAnId() {
		Trace trace = trace(server("gateway", "a", null).at(0, 9), server("order", "a", "a").at(1, 8),
				client("order", "b", "a").at(2, 3));
		assertThat(trace.spans()).hasSize(3);
		assertThat(trace.children(trace.root())).extracting(Span::service).containsExactly("order", "order");
	}

	@Test
	void opensCycles() {
		Trace trace = trace(server("gateway", "a", null).at(0, 1), server("order", "b", "d").at(2, 3),
				server("order", "c", "b").at(3, 4), server("order", "d", "c").at(4, 5),
				server("order", "self", "self").at(6, 7));
		assertThat(trace.orphans()).extracting(Span::id).containsExactly("b", "self");
		assertThat(reachable(trace)).containsExactlyInAnyOrder("a", "b", "c", "d", "self");
	}

	@Test
	void copesWithAVeryDeepTree() {
		Trace trace = trace(IntStream.range(0, 50_000)
			.mapToObj((i) -> client("order", "s" + i, (i > 0) ? "s" + (i - 1) : null).at(i, 50_000))
			.toArray(Sample[]::new));
		assertThat(trace.orphans()).isEmpty();
	}

	@Test
	void keepsTheTreeWhenAClockIsBehind() {
		Trace trace = trace(client("gateway", "a", null).at(1000, 1050), server("order", "b", "a").at(10, 40));
		assertThat(trace.children(trace.root())).extracting(Span::id).containsExactly("b");
		assertThat(trace.asynchronous(trace.children(trace.root()).get(0))).isFalse();
	}

	@Test
	void lastsUntilTheLastSpanEnds() {
		Trace trace = trace(server("gateway", "a", null).at(0, 10), server("mail", "b", "a").at(15, 30));
		assertThat(trace.duration()).isEqualTo(Duration.ofMillis(30));
	}

	@Test
	void drawsEdgesBetweenServices() {
		Trace trace = trace(client("gateway", "a", null).with("http.request.method", "POST").at(0, 9),
				server("order", "b", "a").with("http.request.method", "POST").at(1, 8),
				client("order", "c", "b").with("db.system.name", "postgresql").at(2, 3),
				span("order", "d", "b", Span.Kind.PRODUCER).with("messaging.system", "kafka").at(4, 5),
				span("mail", "e", "d", Span.Kind.CONSUMER).with("messaging.system", "kafka").at(6, 9),
				span("batch", "f", null, Span.Kind.CONSUMER).with("messaging.system", "kafka").linkedTo("d").at(7, 9),
				server("odd", "g", "b").at(7, 8));
		assertThat(trace.edges()).containsExactlyInAnyOrder(new Edge("gateway", "order", Edge.Kind.HTTP),
				new Edge("order", "mail", Edge.Kind.KAFKA), new Edge("order", "batch", Edge.Kind.KAFKA),
				new Edge("order", "odd", Edge.Kind.OTHER));
		assertThat(trace.edges()).first().hasToString("gateway > order (HTTP)");
	}

	@Test
	void knowsWhatNobodyWaitedFor() {
		Trace trace = trace(client("gateway", "a", null).at(0, 100), server("order", "b", "a").at(10, 50),
				client("order", "waited", "b").at(20, 30), client("order", "tracking", "b").at(40, 60),
				server("analytics", "tracked", "tracking").at(45, 55),
				span("order", "relay", "b", Span.Kind.INTERNAL).at(70, 80),
				span("order", "publish", "relay", Span.Kind.PRODUCER).at(72, 78),
				span("mail", "process", "waited", Span.Kind.CONSUMER).at(21, 22));
		assertThat(trace.spans().stream().filter(trace::asynchronous)).extracting(Span::id)
			.containsExactlyInAnyOrder("tracking", "tracked", "relay", "publish", "process");
	}

	private static List<String> reachable(Trace trace) {
		List<Span> found = new ArrayList<>(trace.roots());
		found.addAll(trace.orphans());
		for (int i = 0; i < found.size(); i++) {
			found.addAll(trace.children(found.get(i)));
		}
		return found.stream().map(Span::id).toList();
	}

	private static Trace trace(Sample... samples) {
		return new Trace(Arrays.stream(samples).map(Sample::span).toList());
	}

	private static Sample server(String service, String id, String parentId) {
		return span(service, id, parentId, Span.Kind.SERVER);
	}

	private static Sample client(String service, String id, String parentId) {
		return span(service, id, parentId, Span.Kind.CLIENT);
	}

	private static Sample span(String service, String id, String parentId, Span.Kind kind) {
		return new Sample(new Span("t", id, parentId, id, kind, 0, 0, Span.Status.UNSET, "", Map.of(), List.of(),
				List.of(), Map.of("service.name", service), ""));
	}

	private record Sample(Span span) {

		/** In milliseconds. */
		Sample at(long start, long end) {
			return copy(start * 1_000_000, end * 1_000_000, this.span.attributes(), this.span.links());
		}

		Sample with(String attribute, Object value) {
			return copy(0, 0, Map.of(attribute, value), this.span.links());
		}

		Sample linkedTo(String id) {
			return copy(0, 0, this.span.attributes(), List.of(new Span.Link("t", id)));
		}

		private Sample copy(long start, long end, Map<String, Object> attributes, List<Span.Link> links) {
			Span s = this.span;
			return new Sample(new Span(s.traceId(), s.id(), s.parentId(), s.name(), s.kind(), start, end, s.status(),
					s.statusMessage(), attributes, s.events(), links, s.resource(), s.scope()));
		}

	}

	/** Two instances of one service may have clocks that differ. */
	@Test
	void comparesTheClocksOfOneProcessOnly() {
		Span caller = trace(server("order", "a", null).at(0, 100)).root();
		Trace trace = new Trace(List.of(caller,
				new Span(caller.traceId(), "b", "a", "POST", Span.Kind.SERVER, 10, 200_000_000, Span.Status.UNSET, "",
						Map.of(), List.of(), List.of(), Map.of("service.name", "order", "host.name", "two"), "")));
		assertThat(trace.asynchronous(trace.span("b").orElseThrow())).isFalse();
	}

	@Test
	void knowsWhatCarriesACallByTheOldConventionsToo() {
		assertThat(new Spans().client("a", null, "web", "GET", 0, 100, "http.method", "GET")
			.server("b", "a", "back", "GET /", 10, 90, "http.method", "GET")
			.trace()
			.edges()).containsExactly(new Edge("web", "back", Edge.Kind.HTTP));
	}

}
