package io.twelveseconds.demo.trace;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import io.twelveseconds.demo.command.Times;
import io.twelveseconds.trace.CriticalPath;
import io.twelveseconds.trace.Diagnosis;
import io.twelveseconds.trace.Finding;
import io.twelveseconds.trace.Span;
import io.twelveseconds.trace.Trace;

/** A diagnosis for people: the cause first, then everything else, each with its proof. */
final class DiagnosisText {

	private static final String BOLD = "1";

	private static final String DIM = "2";

	private static final String RED = "1;31";

	private static final String GREEN = "1;32";

	private static final int PROOFS = 6;

	private static final int LINE = 110;

	private final Diagnosis diagnosis;

	private final boolean colour;

	DiagnosisText(Diagnosis diagnosis, boolean colour) {
		this.diagnosis = diagnosis;
		this.colour = colour;
	}

	void printTo(PrintWriter out) {
		Trace trace = this.diagnosis.trace();
		boolean healthy = this.diagnosis.healthy();
		wrapped(out, "", SpanText.plain(this.diagnosis.headline()), healthy ? GREEN : RED);
		out.println(paint(DIM,
				"%s: %s, answered after %s, all done after %s, %d spans, trace %s".formatted(
						SpanText.plain(trace.root().service()), SpanText.title(trace.root()),
						Times.format(trace.root().duration()), Times.format(trace.duration()), trace.spans().size(),
						trace.id())));
		int number = 1;
		for (Finding finding : this.diagnosis.findings()) {
			out.println();
			print(out, number++ + ". ", finding);
		}
		for (Finding note : this.diagnosis.notes()) {
			out.println();
			print(out, "Note: ", note);
		}
		out.println();
		printPath(out, "Critical path to the answer", this.diagnosis.toAnswer());
		if (this.diagnosis.toEnd().duration().compareTo(this.diagnosis.toAnswer().duration()) > 0) {
			printPath(out, "Critical path to the end of all work", this.diagnosis.toEnd());
		}
	}

	private void print(PrintWriter out, String label, Finding finding) {
		String head = "%s%s".formatted(label, finding.kind().id());
		String explained = finding.explained().isZero() ? "" : "  %s, %d %% of the time"
			.formatted(Times.format(finding.explained()), Math.round(finding.share() * 100));
		out.println(paint(BOLD, head) + explained);
		String indent = "   ";
		wrapped(out, indent, SpanText.plain(finding.sentence()), "");
		wrapped(out, indent, "To do: " + SpanText.plain(finding.advice()), "");
		List<Span> spans = finding.spans();
		for (Span span : spans.subList(0, Math.min(PROOFS, spans.size()))) {
			out.println(paint(DIM,
					"%s%s  %-22s %-40s +%s, took %s".formatted(indent, span.id(), SpanText.plain(span.service()),
							clip(SpanText.title(span)),
							Times.format(Duration.between(this.diagnosis.trace().start(), span.start())),
							Times.format(span.duration()))));
		}
		if (spans.size() > PROOFS) {
			out.println(paint(DIM, "%sand %d more spans".formatted(indent, spans.size() - PROOFS)));
		}
	}

	private void printPath(PrintWriter out, String title, CriticalPath path) {
		out.println(paint(BOLD, title) + ": " + Times.format(path.duration()));
		double all = Math.max(1, path.duration().toNanos());
		path.selfTimes()
			.forEach((service, time) -> out.println(String.format(Locale.ROOT, "   %-24s %10s  %3d %%",
					SpanText.plain(service), Times.format(time), Math.round(time.toNanos() * 100 / all))));
	}

	private static String clip(String text) {
		return (text.length() <= 40) ? text : text.substring(0, 37) + "...";
	}

	private void wrapped(PrintWriter out, String indent, String text, String code) {
		StringBuilder line = new StringBuilder(indent);
		for (String word : text.split(" ")) {
			if (line.length() + word.length() > LINE && line.length() > indent.length()) {
				out.println(paint(code, line.toString().stripTrailing()));
				line = new StringBuilder(indent);
			}
			line.append(word).append(' ');
		}
		out.println(paint(code, line.toString().stripTrailing()));
	}

	private String paint(String code, String text) {
		return (this.colour && !code.isEmpty()) ? "\033[" + code + "m" + text + "\033[0m" : text;
	}

}
