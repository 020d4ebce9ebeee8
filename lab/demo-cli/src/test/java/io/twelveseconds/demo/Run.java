package io.twelveseconds.demo;

import java.io.PrintWriter;
import java.io.StringWriter;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** What a command printed and returned. */
public record Run(int exit, String out, String err) {

	public static Run of(Object command, String... arguments) {
		StringWriter out = new StringWriter();
		StringWriter err = new StringWriter();
		int exit = new CommandLine(command).setOut(new PrintWriter(out))
			.setErr(new PrintWriter(err))
			.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
			.execute(arguments);
		return new Run(exit, out.toString(), err.toString());
	}

}
