package io.twelveseconds.demo.stack;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.stack.FaultSwitches.Fault;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "fault", mixinStandardHelpOptions = true, sortOptions = false,
		description = { "Shows what can be broken, and breaks it, while everything runs.", "",
				"A fault that is on strikes every request that comes by, or every n-th. To strike a single order: "
						+ "./demo order --fault NAME%n" },
		exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:it is switched", "1:its service has not seen it; the message says why",
				"2:there is no such fault, no such parameter, or it cannot have that value" },
		footerHeading = "%nExamples:%n",
		footer = { "  ./demo fault list", "  ./demo fault on payment-late",
				"  ./demo fault on payment-late delay-response=8s every=4", "  ./demo fault off payment-late",
				"  ./demo fault off --all" })
public final class FaultCommand implements Runnable {

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public void run() {
		throw new ParameterException(this.spec.commandLine(), "list, on or off?");
	}

	/**
	 * Refuses names that nothing would answer to. Of a shop elsewhere we know no faults.
	 */
	public static List<String> known(List<String> names) {
		if (!names.isEmpty()) {
			FaultSwitches faults = Site.here().faults();
			if (faults.isThere()) {
				names.forEach(faults::fault);
			}
		}
		return names;
	}

	@Command(name = "list", description = "Shows all faults, whose they are, and which are on.",
			mixinStandardHelpOptions = true)
	void list(@Option(names = "--json", description = "Print it as JSON.") boolean json) {
		List<Fault> faults = Site.here().faults().list();
		PrintWriter out = this.spec.commandLine().getOut();
		if (json) {
			out.println(JsonMapper.shared().writeValueAsString(faults));
		}
		else {
			print(faults, out);
		}
		out.flush();
	}

	private static void print(List<Fault> faults, PrintWriter out) {
		String columns = "%-18s %-3s  %-20s %-32s %s";
		out.println(columns.formatted("FAULT", "", "SERVICE", "WHERE", "WHAT").stripTrailing());
		for (Fault fault : faults) {
			String where = (fault.edge() + " " + fault.at()).strip();
			out.println(
					columns.formatted(fault.name(), fault.isOn() ? "ON" : "off", fault.service(), where, fault.told()));
			out.println("%-22s  %s".formatted("", fault.description()));
		}
	}

	@Command(name = "on", description = "Switches a fault on, and waits until its service has seen it.",
			mixinStandardHelpOptions = true)
	int on(@Parameters(paramLabel = "NAME", description = "The fault, as ./demo fault list shows it.") String name,
			@Parameters(paramLabel = "PARAMETER=VALUE", arity = "0..*",
					description = "What is to be other than usual, such as every=3.") List<String> changes) {
		Site site = Site.here();
		return seen(site, site.faults().on(name, parameters(changes)));
	}

	private Map<String, String> parameters(List<String> changes) {
		Map<String, String> parameters = new LinkedHashMap<>();
		for (String change : (changes != null) ? changes : List.<String>of()) {
			String[] parts = change.split("=", 2);
			if (parts.length < 2 || parts[1].isBlank()) {
				throw new ParameterException(this.spec.commandLine(),
						"'%s' is not a parameter and its value, such as every=3".formatted(change));
			}
			parameters.put(parts[0], parts[1]);
		}
		return parameters;
	}

	@Command(name = "off", description = "Switches a fault off, and waits until its service has seen it.",
			mixinStandardHelpOptions = true)
	int off(@Parameters(paramLabel = "NAME", arity = "0..1", description = "The fault.") String name,
			@Option(names = "--all", description = "Whatever is on.") boolean all) {
		if (all == (name != null)) {
			throw new ParameterException(this.spec.commandLine(), "Which one, or --all?");
		}
		Site site = Site.here();
		List<Fault> off = all ? site.faults().allOff() : List.of(site.faults().off(name));
		if (off.isEmpty()) {
			this.spec.commandLine().getOut().println("Nothing was on.");
		}
		return off.stream().mapToInt((fault) -> seen(site, fault)).max().orElse(0);
	}

	private int seen(Site site, Fault fault) {
		String seen = site.awaitSeen(fault)
			.map((took) -> ", and %s has seen it after %s.".formatted(fault.service(), Times.format(took)))
			.orElse(". %s does not run, and will see it when it does.".formatted(fault.service()));
		PrintWriter out = this.spec.commandLine().getOut();
		out.println(fault.name() + " is " + (fault.isOn() ? "on: " + fault.told() : "off") + seen);
		out.flush();
		return 0;
	}

}
