package io.twelveseconds.order.tracing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TraceContextTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private final TraceContext kept = new TraceContext(
			Map.of("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01", "baggage", "demo.fault=payment-fails"));

	private final List<String> seen = new ArrayList<>();

	@Test
	void workOfTheRequestHasItsTraceAndItsBaggage() {
		this.kept.run(this::look);
		assertThat(this.seen).containsExactly(TRACE + " payment-fails");
	}

	@Test
	void workThatIsMadeUpForHasItsTraceOnly() {
		this.kept.runAfterwards(this::look);
		this.kept.runInSpan("order recover", this::look);
		assertThat(this.seen).containsExactly(TRACE + " null", TRACE + " null");
	}

	/** Nobody would find it. */
	@Test
	void traceThatIsNotSampledHasNoId() {
		assertThat(this.kept.traceId()).isEqualTo(TRACE);
		String unsampled = this.kept.headers().get("traceparent").replaceAll("01$", "00");
		assertThat(new TraceContext(Map.of("traceparent", unsampled)).traceId()).isNull();
	}

	@Test
	void whatIsKeptCanBeKeptAgain() {
		this.kept.run(() -> assertThat(TraceContext.current()).isEqualTo(this.kept));
	}

	private boolean look() {
		return this.seen
			.add(Span.current().getSpanContext().getTraceId() + " " + Baggage.current().getEntryValue("demo.fault"));
	}

}
