package io.twelveseconds.demo.stack;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

import io.twelveseconds.demo.shop.LastTrace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "down", description = "Stops what `up` and `start` started, and nothing else.",
		mixinStandardHelpOptions = true, exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:nothing of the demo runs any more", "1:something could not be stopped",
				"2:the command line is wrong" },
		footerHeading = "%nExamples:%n",
		footer = { "  ./demo down            orders, stock and records are there again after the next `up`",
				"  ./demo down --wipe     the next `up` begins with a new shop" })
public final class DownCommand implements Callable<Integer> {

	@Option(names = "--wipe", description = "Also remove the data of PostgreSQL and Kafka. The logs stay.")
	private boolean wipe;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() throws IOException {
		PrintWriter out = this.spec.commandLine().getOut();
		AtomicBoolean any = new AtomicBoolean();
		boolean complete = LocalStack.here().down(this.wipe, (line) -> {
			any.set(true);
			out.println(line);
			out.flush();
		});
		if (complete) {
			LastTrace.forget();
		}
		if (!any.get()) {
			out.println("Nothing was running.");
		}
		out.flush();
		return complete ? 0 : 1;
	}

}
