package io.twelveseconds.demo.status;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.part.Memory;
import io.twelveseconds.demo.status.Status.PartStatus;
import io.twelveseconds.demo.telemetry.SpanFlow;
import io.twelveseconds.demo.trace.StoreAddress;
import io.twelveseconds.demo.trace.TraceApi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "status", description = "Shows what runs, where, how much memory it takes, and what got lost.",
		mixinStandardHelpOptions = true, exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:everything runs", "2:the command line is wrong", "3:something does not run" },
		footerHeading = "%nExamples:%n",
		footer = { "  ./demo status", "  ./demo status --json | jq '.parts[] | select(.state != \"RUNNING\")'" })
public final class StatusCommand implements Callable<Integer> {

	@Option(names = "--telemetry", description = "Show instead what became of the spans, hop by hop.")
	private boolean telemetry;

	@Option(names = "--count", description = "With --telemetry: also read every stored trace back and count its spans.")
	private boolean count;

	@Option(names = "--since", paramLabel = "TIME", defaultValue = "60m", converter = Times.WithUnit.class,
			description = "With --count: how far back (default: ${DEFAULT-VALUE}).")
	private Duration since = Duration.ZERO;

	@Option(names = "--json", description = "Print it as JSON.")
	private boolean json;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	private final Clock clock = Clock.systemUTC();

	@Override
	public Integer call() {
		check();
		Status status = Status.here();
		PrintWriter out = this.spec.commandLine().getOut();
		if (this.json) {
			out.println(
					JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(status));
		}
		else if (this.telemetry) {
			print(status.spans(), out);
		}
		else {
			print(status, out);
		}
		out.flush();
		return status.complete() ? 0 : 3;
	}

	private void check() {
		if (this.count && (!this.telemetry || this.json)) {
			throw new ParameterException(this.spec.commandLine(), "--count goes with --telemetry, and not with --json");
		}
		if (!this.count && this.spec.commandLine().getParseResult().hasMatchedOption("--since")) {
			throw new ParameterException(this.spec.commandLine(), "--since goes with --count");
		}
	}

	private void print(SpanFlow spans, PrintWriter out) {
		out.printf("%-21s %9s %9s %9s %9s %9s%n", "SPANS", "IN", "OUT", "FAILED", "DROPPED", "WAITING");
		spans.hops()
			.forEach((hop) -> out.printf("%-21s %9d %9d %9d %9d %9d%n", hop.name(), hop.in(), hop.out(), hop.failed(),
					hop.dropped(), hop.waiting()));
		out.printf("%nThe services made %d spans; the store took %d; %d were lost, %d are on their way.%n",
				spans.made(), spans.stored(), spans.lost(), spans.waiting());
		SpanFlow.Decisions traces = spans.decisions();
		if (!traces.equals(SpanFlow.Decisions.NONE)) {
			out.printf(
					"The Collector sampled: %d traces kept, %d left out, %d not decided yet; %d lost for want of room (num_traces).%n",
					traces.kept(), traces.leftOut(), traces.undecided(), traces.lost());
		}
		spans.problems().forEach(out::println);
		if (this.count) {
			printReadBack(spans.readable(), out);
		}
	}

	/** Jaeger lets its oldest traces go when its memory is full, and counts none. */
	private void printReadBack(long expected, PrintWriter out) {
		try {
			Instant now = this.clock.instant();
			TraceApi traces = StoreAddress.openUsual();
			PrintWriter err = this.spec.commandLine().getErr();
			long stored = traces.countSpans(now.minus(this.since), now.plusSeconds(60), (soFar) -> {
				err.printf("\rread back: %d", soFar);
				err.flush();
			});
			err.println();
			out.printf("Read back from the store: %d spans of the last %s.%n", stored, Times.format(this.since));
			if (stored < expected) {
				out.printf("%d that it took are not among them: older than that, or let go for want of room.%n",
						expected - stored);
			}
		}
		catch (IOException ex) {
			throw new DemoException(ex.getMessage(), ex);
		}
	}

	private static void print(Status status, PrintWriter out) {
		out.printf("%-21s %-10s %8s  %-12s %8s  %s%n", "PART", "STATE", "PID", "PORT", "MEMORY", "READY AFTER");
		for (PartStatus part : status.parts()) {
			boolean runs = part.processes() > 0;
			out.println("%-21s %-10s %8s  %-12s %8s  %s"
				.formatted(part.name(), part.state().text(), runs ? part.pid() : "-",
						part.ports().values().stream().map(String::valueOf).collect(Collectors.joining(" ")),
						runs ? Memory.megabytes(part.residentBytes()) : "-", (runs && part.startupMillis() != null)
								? Times.format(Duration.ofMillis(part.startupMillis())) : "-")
				.stripTrailing());
		}
		out.println();
		if (!Environment.isCompose()) {
			out.printf("Total: %s in %d processes.%n", Memory.megabytes(status.residentBytes()), status.processes());
		}
		SpanFlow spans = status.spans();
		out.printf("Spans: %d made, %d stored, %d lost, %d on their way (each part counts since its start).%n",
				spans.made(), spans.stored(), spans.lost(), spans.waiting());
		if (status.deadLetters() != null) {
			out.println("Dead letters: " + listed(status.deadLetters()));
		}
		status.problems().forEach(out::println);
		spans.problems().forEach(out::println);
		status.parts().stream().filter((part) -> part.problem() != null).forEach((part) -> out.println(part.problem()));
		if (status.parts().stream().anyMatch((part) -> part.state() == Status.State.DIED)) {
			out.println("Why did it die? ./demo logs PART   To have it back: ./demo start PART");
		}
	}

	private static String listed(Map<String, Long> counts) {
		String some = counts.entrySet()
			.stream()
			.filter((count) -> count.getValue() > 0)
			.map((count) -> count.getValue() + " in " + count.getKey())
			.collect(Collectors.joining(", "));
		return some.isEmpty() ? "none" : some;
	}

}
