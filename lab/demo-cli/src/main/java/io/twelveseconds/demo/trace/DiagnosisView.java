package io.twelveseconds.demo.trace;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.twelveseconds.trace.CriticalPath;
import io.twelveseconds.trace.Diagnosis;
import io.twelveseconds.trace.Finding;
import io.twelveseconds.trace.Span;
import io.twelveseconds.trace.Trace;

/** A diagnosis as JSON: its names are what scripts rely on. Times are milliseconds. */
record DiagnosisView(String traceId, String verdict, String headline, double answeredAfter, double allDoneAfter,
		int spans, List<String> services, List<FindingView> findings, List<FindingView> notes,
		PathView criticalPathToAnswer, PathView criticalPathToEnd) {

	static DiagnosisView of(Diagnosis diagnosis) {
		Trace trace = diagnosis.trace();
		return new DiagnosisView(trace.id(), diagnosis.healthy() ? "healthy" : "findings", diagnosis.headline(),
				millis(trace.root().duration()), millis(trace.duration()), trace.spans().size(),
				List.copyOf(trace.services()), views(diagnosis.findings(), trace), views(diagnosis.notes(), trace),
				PathView.of(diagnosis.toAnswer()), PathView.of(diagnosis.toEnd()));
	}

	private static List<FindingView> views(List<Finding> findings, Trace trace) {
		return findings.stream()
			.map((finding) -> new FindingView(finding.kind().id(), Math.round(finding.share() * 1e4) / 1e4,
					millis(finding.explained()), finding.sentence(), finding.advice(),
					finding.spans().stream().map((span) -> SpanView.of(span, trace)).toList()))
			.toList();
	}

	private static double millis(Duration duration) {
		return duration.toNanos() / 1000 / 1e3;
	}

	record FindingView(String kind, double share, double explained, String sentence, String advice,
			List<SpanView> spans) {
	}

	record SpanView(String id, String service, String name, double offset, double duration) {

		static SpanView of(Span span, Trace trace) {
			return new SpanView(span.id(), span.service(), SpanText.title(span),
					millis(Duration.between(trace.start(), span.start())), millis(span.duration()));
		}

	}

	/**
	 * The time that each service had on the path, and the steps that took the longest.
	 */
	record PathView(double duration, Map<String, Double> selfTimes, List<StepView> longestSteps) {

		private static final int STEPS = 20;

		static PathView of(CriticalPath path) {
			Map<String, Double> times = new LinkedHashMap<>();
			path.selfTimes().forEach((service, time) -> times.put(service, millis(time)));
			List<StepView> steps = path.steps()
				.stream()
				.sorted(Comparator.comparing(CriticalPath.Step::duration).reversed())
				.limit(STEPS)
				.map((step) -> new StepView(step.span().id(), step.span().service(), SpanText.title(step.span()),
						millis(step.offset()), millis(step.duration()), step.waiting()))
				.toList();
			return new PathView(millis(path.duration()), times, steps);
		}

	}

	record StepView(String id, String service, String name, double offset, double duration, boolean waiting) {
	}

}
