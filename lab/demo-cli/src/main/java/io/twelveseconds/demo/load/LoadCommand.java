package io.twelveseconds.demo.load;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.twelveseconds.demo.command.OnInterrupt;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.shop.Gateway;
import io.twelveseconds.demo.shop.Gateway.Line;
import io.twelveseconds.demo.shop.GatewayAddress;
import io.twelveseconds.demo.stack.FaultCommand;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(name = "load", mixinStandardHelpOptions = true, sortOptions = false, description = {
		"Lets customers arrive at a fixed rate, whether the shop keeps up or not.", "",
		"How long one waited is counted from when he was due to arrive: a shop that stands still does not stop the "
				+ "clock. Answers of every status count, and who gave up counts with the time he waited.%n" },
		exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:the load ran, whatever the answers were", "1:nothing was answered",
				"2:the command line is wrong", "130:stopped by Ctrl-C; the table says how far it got" },
		footerHeading = "%nExamples:%n",
		footer = { "  ./demo load --rate 20 --for 30s",
				"  ./demo load --rate 50 --for 1m --also /api/products@0.3 --also /api/analytics/summary@0.1",
				"  ./demo load --rate 5 --for 10s --customers cust-03,cust-07 --lines 40 --json | jq .total" })
public final class LoadCommand implements Callable<Integer> {

	@Option(names = "--rate", required = true, paramLabel = "R", description = "Arrivals per second, at most 500.")
	private double rate;

	@Option(names = "--for", required = true, paramLabel = "TIME", converter = Times.WithUnit.class,
			description = "How long they go on arriving, such as 30s; at most 10m.")
	private Duration duration = Duration.ZERO;

	@Option(names = "--customers", split = ",", paramLabel = "ID",
			description = "Who orders, at random (default: all but cust-20, whose card is declined).")
	private List<String> customers = List.of();

	@Option(names = "--items", split = ",", paramLabel = "SKU[:QUANTITY]", converter = Line.Converter.class,
			description = "What each order has (default: random products that cannot sell out by this load).")
	private List<Line> items = List.of();

	@Option(names = "--lines", paramLabel = "N", description = "How many random products an order has (default: 1).")
	private @Nullable Integer lines;

	@Option(names = "--neighbours",
			description = "The products of an order stand side by side, and the next order goes "
					+ "on where it ended.")
	private boolean neighbours;

	@Option(names = "--also", paramLabel = "PATH[@SHARE]", converter = Also.Converter.class,
			description = "A share of the requests that looks at this path instead of ordering (default share: 0.1). "
					+ "May be given several times.")
	private List<Also> also = List.of();

	@Option(names = "--seed", paramLabel = "N", defaultValue = "12",
			description = "Picks customers and products; the same seed picks the same (default: ${DEFAULT-VALUE}).")
	private long seed;

	@Option(names = "--max", paramLabel = "N", description = "Not more requests than that.")
	private @Nullable Long max;

	@Option(names = "--in-flight", paramLabel = "N", defaultValue = "200",
			description = "So many at once; who finds no slot waits for one (default: ${DEFAULT-VALUE}, at most 300).")
	private int inFlight;

	@Option(names = "--timeout", paramLabel = "TIME", defaultValue = "30s", converter = Times.WithUnit.class,
			description = "How long a customer waits for a slot, and then for his answer (default: ${DEFAULT-VALUE}).")
	private Duration timeout = Duration.ZERO;

	@Option(names = "--fault", split = ",", paramLabel = "NAME",
			description = "Let this fault strike these requests and nothing else: ./demo fault list.")
	private List<String> faults = List.of();

	@Option(names = "--json", description = "Print nothing but the result, as one JSON text.")
	private boolean json;

	@Mixin
	private GatewayAddress gateway = new GatewayAddress();

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() {
		LoadPlan plan = plan();
		Load load = new Load(plan);
		LoadScreen screen = new LoadScreen(plan, out());
		ScheduledExecutorService everySecond = Executors.newSingleThreadScheduledExecutor();
		LoadResult result;
		OnInterrupt onInterrupt = new OnInterrupt(() -> {
			load.stop();
			finish(plan, load.soFar(), screen);
		});
		try {
			if (!this.json) {
				everySecond.scheduleAtFixedRate(() -> screen.show(load.soFar()), 1, 1, TimeUnit.SECONDS);
			}
			result = load.run();
		}
		catch (IOException ex) {
			err().println(ex.getMessage());
			return 1;
		}
		finally {
			everySecond.shutdownNow();
			onInterrupt.forget();
		}
		finish(plan, result, screen);
		return (result.total().answered() > 0) ? 0 : 1;
	}

	private void finish(LoadPlan plan, LoadResult result, LoadScreen screen) {
		if (this.json) {
			out().println(LoadReport.json(plan, result));
			out().flush();
		}
		else {
			screen.finish(result);
		}
	}

	private LoadPlan plan() {
		if (this.lines != null && !this.items.isEmpty()) {
			throw wrong("--lines counts random products; with --items there are none");
		}
		if (this.neighbours && !this.items.isEmpty()) {
			throw wrong("--neighbours picks the products; so does --items");
		}
		try {
			LoadPlan plan = new LoadPlan(this.gateway.get(), this.rate, this.duration).seed(this.seed)
				.inFlight(this.inFlight)
				.timeout(this.timeout);
			if (!this.customers.isEmpty()) {
				plan.customers(this.customers);
			}
			if (this.lines != null) {
				plan.lines(this.lines);
			}
			if (this.neighbours) {
				plan.neighbours();
			}
			if (this.max != null) {
				plan.max(this.max);
			}
			if (!this.faults.isEmpty()) {
				plan.header("baggage", Gateway.baggage(FaultCommand.known(this.faults)));
			}
			this.items.forEach((item) -> plan.item(item.sku(), item.quantity()));
			this.also.forEach((other) -> plan.also(other.path(), other.share()));
			return plan;
		}
		catch (IllegalArgumentException | TypeConversionException ex) {
			throw wrong(ex.getMessage());
		}
	}

	private ParameterException wrong(String message) {
		return new ParameterException(this.spec.commandLine(), message);
	}

	private PrintWriter out() {
		return this.spec.commandLine().getOut();
	}

	private PrintWriter err() {
		return this.spec.commandLine().getErr();
	}

	/** Written as {@code /api/products@0.3}. */
	private record Also(String path, double share) {

		private static final double DEFAULT_SHARE = 0.1;

		static final class Converter implements ITypeConverter<Also> {

			@Override
			public Also convert(String value) {
				int at = value.lastIndexOf('@');
				try {
					return (at < 0) ? new Also(value, DEFAULT_SHARE)
							: new Also(value.substring(0, at), Double.parseDouble(value.substring(at + 1)));
				}
				catch (NumberFormatException ex) {
					throw new TypeConversionException(
							"'%s' is not a path and a share, such as /api/products@0.3".formatted(value));
				}
			}

		}

	}

}
