package io.twelveseconds.demo.stack;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.command.OnInterrupt;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.part.Part;
import io.twelveseconds.demo.part.RunDirectory;
import io.twelveseconds.demo.part.Stack;
import io.twelveseconds.demo.part.Tools;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "up", description = "Starts what does not run yet, and waits until all of it is ready.",
		mixinStandardHelpOptions = true, sortOptions = false, exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:everything runs", "1:something could not be started; the message says what and why",
				"2:the command line is wrong" },
		footerHeading = "%nExamples:%n",
		footer = { "  ./demo up", "  ./demo up --port-offset 1000     every port is 1000 higher",
				"  ./demo up --stack native          with the real Collector and Jaeger",
				"  DEMO_HOME=/tmp/second ./demo up --port-offset 2000     a second stack beside the first" })
public final class UpCommand implements Callable<Integer> {

	@Option(names = "--port-offset", paramLabel = "N",
			description = "Add so much to each port (or DEMO_PORT_OFFSET; default: 0). The other commands remember it.")
	private @Nullable Integer portOffset;

	@Option(names = "--stack", paramLabel = "embedded|native",
			description = "Who keeps the traces: a small store of ours, or the real Collector and Jaeger "
					+ "(or DEMO_STACK; default: native if both programs are here, see ./demo tools).")
	private @Nullable Stack stack;

	@Option(names = "--stop-on-failure",
			description = "If a part fails, stop what this start had started. Otherwise it is left, so that "
					+ "the next `up` has less to do.")
	private boolean stopOnFailure;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() {
		long begin = System.nanoTime();
		LocalStack stack = LocalStack.at(offset(), chosenStack());
		Startup startup = stack.startup(Screen.on(out()));
		OnInterrupt onInterrupt = new OnInterrupt(() -> interrupted(startup));
		try {
			startup.run();
		}
		catch (DemoException ex) {
			if (this.stopOnFailure) {
				stopStarted(stack, startup);
			}
			throw ex;
		}
		finally {
			onInterrupt.forget();
		}
		out().printf("%nEverything runs, after %s.%n%n", Times.format(Duration.ofNanos(System.nanoTime() - begin)));
		printParts(stack);
		printNext(stack);
		out().flush();
		return 0;
	}

	private void stopStarted(LocalStack stack, Startup startup) {
		try {
			err().println("Stopped again: " + listed(stack.run().alone(startup::stopStarted)));
		}
		catch (DemoException ex) {
			err().println("What was started is not stopped: " + ex.getMessage());
		}
	}

	/** Two stacks in one directory would overwrite each other's state. */
	private int offset() {
		OptionalInt running = new RunDirectory(Environment.home()).portOffset();
		int wanted = (this.portOffset != null) ? this.portOffset
				: Environment.number("DEMO_PORT_OFFSET", running.orElse(0));
		if (running.isPresent() && running.getAsInt() != wanted) {
			throw new DemoException("""
					What runs there has port offset %d, not %d. Stop it first (./demo down), \
					or give the second stack a directory of its own (DEMO_HOME=...).""".formatted(running.getAsInt(),
					wanted));
		}
		return wanted;
	}

	private Stack chosenStack() {
		RunDirectory run = new RunDirectory(Environment.home());
		Optional<Stack> running = run.portOffset().isPresent() ? run.kind() : Optional.empty();
		Optional<Stack> requested = Optional.ofNullable(this.stack)
			.or(() -> Stack.requested(Environment.setting("DEMO_STACK")));
		if (running.isPresent() && requested.isPresent() && running.get() != requested.get()) {
			throw new DemoException("The %s stack runs there. Stop it first: ./demo down".formatted(running.get()));
		}
		Tools tools = new Tools(System.getenv());
		Stack chosen = requested.or(() -> running).orElseGet(tools::preferred);
		out().println(switch (chosen) {
			case NATIVE ->
				"Stack: native, with %s and %s.".formatted(tools.require(Tools.OTELCOL), tools.require(Tools.JAEGER));
			case EMBEDDED -> "Stack: embedded, "
					+ (requested.isPresent() || running.isPresent() || tools.complete() ? "with our own trace store."
							: "since there is no Collector and no Jaeger here: ./demo tools builds them (needs Go).");
		});
		out().flush();
		return chosen;
	}

	private void interrupted(Startup startup) {
		startup.cancel();
		err().println("\nInterrupted: stopping what this start had started ...");
		err().println("Stopped: " + listed(startup.stopStarted()));
		err().flush();
	}

	private void printParts(LocalStack stack) {
		for (Part part : stack.parts()) {
			boolean outdated = part.app() != null && !part.app().isCurrent();
			out().printf("  %-21s %-24s pid %-8d%s%n", part.name(), part.where(), stack.pid(part.name()),
					outdated ? " an older build: ./demo kill %1$s && ./demo start %1$s".formatted(part.name()) : "");
		}
	}

	private void printNext(LocalStack stack) {
		stack.faults()
			.list()
			.stream()
			.filter(FaultSwitches.Fault::isOn)
			.forEach((fault) -> out().printf("  The fault %s is on. To switch it off: ./demo fault off %1$s%n",
					fault.name()));
		String gateway = stack.part("api-gateway").where();
		out().printf("""

				Try next:
				  ./demo order --items sku-01:2,sku-07:1
				  ./demo trace last
				  curl -i %s/api/orders -H 'Content-Type: application/json' \\
				       -d '{"customer": "cust-01", "lines": [{"sku": "sku-01", "quantity": 2}]}'
				  %s    the traces as a page
				  ./demo status, ./demo logs order-service -f, ./demo down
				""", gateway, stack.traces().where());
	}

	private static String listed(List<String> parts) {
		return parts.isEmpty() ? "nothing" : String.join(", ", parts);
	}

	private PrintWriter out() {
		return this.spec.commandLine().getOut();
	}

	private PrintWriter err() {
		return this.spec.commandLine().getErr();
	}

}
