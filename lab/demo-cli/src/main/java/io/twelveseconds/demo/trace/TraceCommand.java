package io.twelveseconds.demo.trace;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.FileProblem;
import io.twelveseconds.demo.trace.TraceApi.Stored;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(name = "trace", description = "Shows a trace as a waterfall.", mixinStandardHelpOptions = true)
public final class TraceCommand implements Callable<Integer> {

	@Mixin
	private final TraceChoice choice = new TraceChoice();

	@Option(names = "--json", description = "Print the OTLP JSON as the store gave it.")
	private boolean json;

	@Option(names = "--width", paramLabel = "COLUMNS",
			description = "How wide to draw (default: $COLUMNS, else " + Waterfall.DEFAULT_WIDTH + ").")
	private @Nullable Integer width;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() {
		try {
			Stored stored = this.choice.find();
			if (this.json) {
				out().println(stored.json());
			}
			else {
				new Waterfall(stored.trace(), this.choice.store().page(stored.trace().id()), style()).printTo(out());
			}
			out().flush();
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

	private Waterfall.Style style() {
		int columns = (this.width != null) ? this.width : Environment.number("COLUMNS", Waterfall.DEFAULT_WIDTH);
		boolean colour = this.spec.commandLine().getColorScheme().ansi().enabled();
		return new Waterfall.Style(columns, colour, Environment.unicode());
	}

	private PrintWriter out() {
		return this.spec.commandLine().getOut();
	}

	private PrintWriter err() {
		return this.spec.commandLine().getErr();
	}

}
