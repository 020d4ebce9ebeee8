package io.twelveseconds.demo.trace;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;

import io.twelveseconds.demo.command.FileProblem;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.trace.Diagnosis;
import io.twelveseconds.trace.MalformedTraceException;
import io.twelveseconds.trace.Strays;
import io.twelveseconds.trace.Trace;
import io.twelveseconds.trace.TraceReader;
import io.twelveseconds.trace.Usual;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "diagnose", description = "Says from a trace alone what was slow or failed, and why.",
		mixinStandardHelpOptions = true, exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:there is a diagnosis; it may be `healthy`",
				"1:there is no such trace, or it cannot be read", "2:the command line is wrong" },
		footerHeading = "%nExamples:%n",
		footer = { "  ./demo diagnose last", "  ./demo diagnose 0af7651916cd43dd8448eb211c80319c --json",
				"  ./demo diagnose --file trace.json", "  ./demo diagnose --slowest 3 --since 5m --service api-gateway",
				"", "A file holds OTLP JSON, lines of it, or what Jaeger's page downloads; any system's will do." })
public final class DiagnoseCommand implements Callable<Integer> {

	/** So many traces tell well enough what is usual. */
	private static final int COMPARED = 200;

	@Mixin
	private final TraceChoice choice = new TraceChoice();

	@Option(names = "--file", paramLabel = "FILE",
			description = "Read the trace from this file; `-` is the standard input.")
	private @Nullable Path file;

	@Option(names = "--slowest", paramLabel = "N",
			description = "Diagnose the N slowest of the newest traces, compared with all of these.")
	private @Nullable Integer slowest;

	@Option(names = "--since", paramLabel = "TIME", defaultValue = "5m", converter = Times.WithUnit.class,
			description = "With --slowest: how far to look back (default: ${DEFAULT-VALUE}).")
	private Duration since = Duration.ZERO;

	@Option(names = "--service", paramLabel = "NAME", defaultValue = "api-gateway",
			description = "With --slowest: who must take part in the traces (default: ${DEFAULT-VALUE}).")
	private String service = "";

	@Option(names = "--json", description = "Print it as JSON.")
	private boolean json;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	private final Clock clock = Clock.systemUTC();

	@Override
	public Integer call() {
		check();
		try {
			print(diagnoses());
			return 0;
		}
		catch (TypeConversionException ex) {
			err().println(ex.getMessage());
			return 2;
		}
		catch (IOException ex) {
			err().println(FileProblem.words(ex));
			return 1;
		}
	}

	private void check() {
		boolean id = this.spec.commandLine().getParseResult().hasMatchedPositional(0);
		int chosen = (id ? 1 : 0) + ((this.file != null) ? 1 : 0) + ((this.slowest != null) ? 1 : 0);
		if (chosen > 1) {
			throw new ParameterException(this.spec.commandLine(), "Only one of ID, --file and --slowest can be meant");
		}
		boolean range = this.spec.commandLine().getParseResult().hasMatchedOption("--since")
				|| this.spec.commandLine().getParseResult().hasMatchedOption("--service");
		if (range && this.slowest == null) {
			throw new ParameterException(this.spec.commandLine(), "--since and --service go with --slowest");
		}
		if (this.slowest != null && this.slowest < 1) {
			throw new ParameterException(this.spec.commandLine(), "--slowest must be at least 1");
		}
	}

	private List<Diagnosis> diagnoses() throws IOException {
		if (this.file != null) {
			return ofFile(this.file);
		}
		if (this.slowest != null) {
			return ofSlowest(this.slowest);
		}
		Trace trace = this.choice.find().trace();
		return List.of(Diagnosis.of(trace, this.choice.store().around(trace)));
	}

	private static List<Diagnosis> ofFile(Path file) throws IOException {
		try {
			List<Trace> traces = TraceReader
				.readAll(file.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(file));
			if (traces.isEmpty()) {
				throw new IOException("There is no span in " + file);
			}
			// Many traces in one file can be compared as well as those of a store.
			Usual usual = Usual.of(traces);
			Strays strays = Strays.of(traces);
			return traces.stream().map((trace) -> Diagnosis.of(trace, usual, strays)).toList();
		}
		catch (NoSuchFileException ex) {
			throw new IOException("There is no file " + file, ex);
		}
		catch (MalformedTraceException ex) {
			throw new IOException("%s cannot be read as a trace: %s".formatted(file, ex.getMessage()), ex);
		}
	}

	private List<Diagnosis> ofSlowest(int many) throws IOException {
		List<Trace> traces = this.choice.store().recent(this.service, this.since, COMPARED, this.clock);
		if (traces.isEmpty()) {
			throw new IOException(
					"There is no trace of %s within the last %s".formatted(this.service, Times.format(this.since)));
		}
		Usual usual = Usual.of(traces);
		List<Trace> slowest = traces.stream()
			.sorted(Comparator.comparing((Trace trace) -> trace.root().duration()).reversed())
			.limit(many)
			.toList();
		List<Diagnosis> diagnoses = new ArrayList<>();
		for (Trace trace : slowest) {
			List<Trace> around = new ArrayList<>(this.choice.store().around(trace));
			around.add(trace);
			diagnoses.add(Diagnosis.of(trace, usual, Strays.of(around)));
		}
		return diagnoses;
	}

	private void print(List<Diagnosis> diagnoses) {
		PrintWriter out = this.spec.commandLine().getOut();
		if (this.json) {
			List<DiagnosisView> views = new ArrayList<>();
			diagnoses.forEach((diagnosis) -> views.add(DiagnosisView.of(diagnosis)));
			// One trace was asked for: then nobody expects a list.
			boolean one = this.slowest == null && views.size() == 1;
			out.println(JsonMapper.builder()
				.enable(SerializationFeature.INDENT_OUTPUT)
				.build()
				.writeValueAsString(one ? views.get(0) : views));
		}
		else {
			boolean colour = this.spec.commandLine().getColorScheme().ansi().enabled();
			for (int i = 0; i < diagnoses.size(); i++) {
				if (i > 0) {
					out.println();
				}
				new DiagnosisText(diagnoses.get(i), colour).printTo(out);
			}
		}
		out.flush();
	}

	private PrintWriter err() {
		return this.spec.commandLine().getErr();
	}

}
