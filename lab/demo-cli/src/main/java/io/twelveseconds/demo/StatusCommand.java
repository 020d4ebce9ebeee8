package io.twelveseconds.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import io.twelveseconds.demo.Status.PartStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "status", description = "Shows what runs, where, how much memory it takes, and what got lost.",
		mixinStandardHelpOptions = true, exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:everything runs", "2:the command line is wrong", "3:something does not run" },
		footerHeading = "%nExamples:%n",
		footer = { "  ./demo status", "  ./demo status --json | jq '.parts[] | select(.state != \"RUNNING\")'" })
final class StatusCommand implements Callable<Integer> {

	@Option(names = "--json", description = "Print it as JSON.")
	private boolean json;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() {
		Status status = Status.of(LocalStack.here());
		PrintWriter out = this.spec.commandLine().getOut();
		if (this.json) {
			out.println(
					JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(status));
		}
		else {
			print(status, out);
		}
		out.flush();
		return status.complete() ? 0 : 3;
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
		out.printf("%nTotal: %s in %d processes.%n", Memory.megabytes(status.residentBytes()), status.processes());
		if (status.spans() != null) {
			out.printf("Spans: %d received, %d dropped.%n", status.spans().get("received"),
					status.spans().get("dropped"));
		}
		if (status.deadLetters() != null) {
			out.println("Dead letters: " + listed(status.deadLetters()));
		}
		status.problems().forEach(out::println);
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
