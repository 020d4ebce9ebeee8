package io.twelveseconds.gateway;

import java.time.Duration;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import org.junit.jupiter.api.Test;

import org.springframework.http.ProblemDetail;

import static org.assertj.core.api.Assertions.assertThat;

class TraceLinksTests {

	private final TraceLinks links = new TraceLinks(
			new GatewaySettings("http://traces/{traceId}", new GatewaySettings.Pool(1, Duration.ZERO, Duration.ZERO)));

	@Test
	void leadsToATraceThatIsSampledAndToNoOther() {
		assertThat(problemWithin(TraceFlags.getSampled()).getProperties()).containsEntry("traceId", KnownTrace.ID)
			.containsEntry("traceUrl", "http://traces/" + KnownTrace.ID);
		assertThat(problemWithin(TraceFlags.getDefault()).getProperties()).containsOnlyKeys("traceId");
	}

	private ProblemDetail problemWithin(TraceFlags flags) {
		Span span = Span.wrap(SpanContext.create(KnownTrace.ID, "00f067aa0ba902b7", flags, TraceState.getDefault()));
		return Context.root().with(span).wrapSupplier(() -> {
			ProblemDetail problem = Problem.NOT_FOUND.toProblemDetail();
			this.links.addTo(problem);
			return problem;
		}).get();
	}

}
