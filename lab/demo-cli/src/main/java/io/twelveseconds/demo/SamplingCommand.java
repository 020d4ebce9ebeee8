package io.twelveseconds.demo;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "sampling", mixinStandardHelpOptions = true, sortOptions = false,
		description = { "Shows and changes which traces are kept, and who decides.", "",
				"Each way is a folder in telemetry/sampling, to be read. It stays in use until another one is.%n" },
		exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:shown, or in use", "1:it did not work; the message says why",
				"2:there is no such way of sampling" },
		footerHeading = "%nExamples:%n",
		footer = { "  ./demo sampling list", "  ./demo sampling use tail", "  ./demo sampling use everything" })
final class SamplingCommand implements Runnable {

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public void run() {
		throw new ParameterException(this.spec.commandLine(), "list or use?");
	}

	@Command(name = "list", description = "Shows the ways of sampling, and which one is in use.",
			mixinStandardHelpOptions = true)
	void list() {
		Path root = Environment.root();
		String current = Sampling.inUse(root, Environment.home()).name();
		PrintWriter out = this.spec.commandLine().getOut();
		for (String name : Sampling.names(root)) {
			out.printf("%-12s%s%n", name, name.equals(current) ? "in use" : "");
		}
		out.flush();
	}

	@Command(name = "use", mixinStandardHelpOptions = true,
			description = "Restarts what must be restarted, and returns when it is ready.")
	void use(@Parameters(paramLabel = "NAME", description = "As ./demo sampling list shows it.") String name) {
		Path root = Environment.root();
		Path home = Environment.home();
		LocalStack before = LocalStack.here();
		Sampling was = Sampling.inUse(root, home);
		Sampling now = Sampling.of(root, name);
		if (now.needsCollector() && before.kind() == Stack.EMBEDDED) {
			throw new DemoException(
					"%s is decided in the Collector, which the embedded stack does not have: ".formatted(name)
							+ "./demo down && ./demo tools && ./demo up --stack native");
		}
		List<String> restarted = new ArrayList<>();
		for (Part part : before.parts()) {
			boolean affected = part.isService() ? !was.agents().equals(now.agents()) : part.name().equals("collector");
			if (affected && !was.equals(now) && before.running(part).isPresent()) {
				restarted.add(part.name());
			}
		}
		PrintWriter out = this.spec.commandLine().getOut();
		List<String> downwards = new ArrayList<>(restarted);
		Collections.reverse(downwards);
		downwards.forEach((part) -> before.kill(part, false));
		now.remember(home);
		LocalStack after = LocalStack.here();
		new Startup(after, after.parts().stream().filter((part) -> restarted.contains(part.name())).toList(),
				Screen.on(out))
			.run();
		out.printf("In use: %s (%s)%n", name, root.relativize(now.folder()));
		out.flush();
	}

}
