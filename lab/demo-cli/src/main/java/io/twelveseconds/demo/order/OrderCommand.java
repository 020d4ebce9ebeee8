package io.twelveseconds.demo.order;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import io.twelveseconds.demo.command.FileProblem;
import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.shop.Gateway;
import io.twelveseconds.demo.shop.Gateway.Answer;
import io.twelveseconds.demo.shop.Gateway.Line;
import io.twelveseconds.demo.shop.GatewayAddress;
import io.twelveseconds.demo.shop.Http;
import io.twelveseconds.demo.shop.LastTrace;
import io.twelveseconds.demo.stack.FaultCommand;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.node.JsonNodeFactory;

@Command(name = "order", description = "Places an order through the gateway.", mixinStandardHelpOptions = true)
public final class OrderCommand implements Callable<Integer> {

	private static final String PREMIUM_CUSTOMER = "cust-03";

	@Option(names = "--items", split = ",", paramLabel = "SKU[:QUANTITY]", defaultValue = "sku-01:1",
			converter = Line.Converter.class, description = "What to order (default: ${DEFAULT-VALUE}).")
	private List<Line> items = List.of();

	@Option(names = "--customer", paramLabel = "ID", description = "Who orders (default: cust-01).")
	private @Nullable String customer;

	@Option(names = "--premium", description = "Order as a premium customer, " + PREMIUM_CUSTOMER + ".")
	private boolean premium;

	@Option(names = "--count", paramLabel = "N", defaultValue = "1",
			description = "Place the order so many times, one after the other.")
	private int count;

	@Option(names = "--idempotency-key", paramLabel = "KEY",
			description = "Make asking again safe: the same key and order give the same answer "
					+ "(default: a new key for each order).")
	private @Nullable String idempotencyKey;

	@Option(names = "--timeout", paramLabel = "TIME", defaultValue = "30s", converter = Times.WithUnit.class,
			description = "How long to wait for an answer (default: ${DEFAULT-VALUE}).")
	private Duration timeout = Duration.ZERO;

	@Option(names = "--fault", split = ",", paramLabel = "NAME",
			description = "Let this fault strike this order and nothing else: ./demo fault list.")
	private List<String> faults = List.of();

	@Option(names = "--json", description = "Print only the answers, one JSON text per line.")
	private boolean json;

	@Mixin
	private GatewayAddress gateway = new GatewayAddress();

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() {
		if (this.count < 1) {
			throw new ParameterException(this.spec.commandLine(), "--count must be at least 1");
		}
		if (this.premium && this.customer != null) {
			throw new ParameterException(this.spec.commandLine(), "Only one of --premium and --customer can be meant");
		}
		if (this.idempotencyKey != null && !this.idempotencyKey.matches("[ -~]*")) {
			throw new ParameterException(this.spec.commandLine(),
					"--idempotency-key travels as a header, which takes ASCII only");
		}
		List<Outcome> outcomes = new ArrayList<>();
		try {
			placeAll(outcomes);
		}
		catch (TypeConversionException ex) {
			err().println(ex.getMessage());
			return 2;
		}
		catch (IOException ex) {
			err().println(ex.getMessage());
		}
		if (this.count > 1 && !this.json && !outcomes.isEmpty()) {
			summarize(outcomes);
		}
		return (outcomes.size() == this.count && outcomes.stream().allMatch(Outcome::good)) ? 0 : 1;
	}

	private void placeAll(List<Outcome> outcomes) throws IOException {
		Gateway shop = new Gateway(this.gateway.get(), this.timeout, FaultCommand.known(this.faults));
		String buyer = (this.customer != null) ? this.customer : this.premium ? PREMIUM_CUSTOMER : "cust-01";
		for (int i = 0; i < this.count; i++) {
			Outcome outcome = place(shop, new Gateway.Order(buyer, this.items));
			outcomes.add(outcome);
			print(outcome);
		}
	}

	private Outcome place(Gateway gateway, Gateway.Order order) throws IOException {
		String key = (this.idempotencyKey != null) ? this.idempotencyKey : UUID.randomUUID().toString();
		long start = System.nanoTime();
		try {
			Answer answer = gateway.place(order, key);
			answer.traceId().ifPresent(this::remember);
			return new Outcome(answer, answer.took());
		}
		catch (Http.NotThereException ex) {
			throw ex;
		}
		catch (IOException ex) {
			// Silence is no refusal: the order may well have been placed.
			err().println(ex.getMessage() + "; the order may have been placed all the same. To ask again safely: "
					+ "the same order with --idempotency-key " + key);
			return new Outcome(null, Duration.ofNanos(System.nanoTime() - start));
		}
	}

	private void remember(String traceId) {
		try {
			LastTrace.remember(traceId);
		}
		catch (IOException ex) {
			err().println("`./demo trace last` will not find this order: " + FileProblem.words(ex));
		}
	}

	private void print(Outcome outcome) {
		Answer answer = outcome.answer();
		if (answer == null) {
			return;
		}
		if (this.json) {
			out().println(answer.body().isMissingNode()
					? JsonNodeFactory.instance.objectNode().put("status", answer.status()).put("detail", answer.text())
					: answer.body());
		}
		else if (this.count > 1) {
			out().printf("%-36s  %-20s  %12s  %9s  %s%n", answer.accepted() ? answer.field("id") : "-", outcome.name(),
					total(answer), Times.format(answer.took()), answer.traceId().orElse("-"));
		}
		else {
			printAll(outcome, answer);
		}
		out().flush();
	}

	private void printAll(Outcome outcome, Answer answer) {
		if (answer.accepted()) {
			row("Order", answer.field("id"));
			row("Status", outcome.name() + (answer.replayed() ? " (replayed: this key had been used before)" : ""));
			row("Total", total(answer));
		}
		else {
			row("Refused", "%s (%d)".formatted(outcome.name(), answer.status()));
			row("", answer.body().isMissingNode() ? answer.text().strip() : answer.field("detail"));
			row("Order", answer.field("orderId"));
		}
		row("Took", Times.format(answer.took()));
		row("Trace", answer.traceId().orElse(""));
		row("", answer.field("traceUrl"));
		out().println();
		if (answer.field("status").equals("PAYMENT_UNKNOWN")) {
			out().println("The payment has not been answered yet; the shop settles it by itself.");
		}
		if (!answer.sampled() && !answer.replayed()) {
			out().println("Nobody will find its trace: it was not sampled. ./demo sampling list");
		}
		else if (answer.traceId().isPresent()) {
			out().println("Where did the time go?  ./demo trace last");
		}
	}

	private void row(String label, String value) {
		if (!value.isEmpty()) {
			out().printf("%-8s %s%n", label, value);
		}
	}

	private void summarize(List<Outcome> outcomes) {
		out().println();
		out().printf("%d orders: %s%n", outcomes.size(),
				outcomes.stream()
					.collect(Collectors.groupingBy(Outcome::name, TreeMap::new, Collectors.counting()))
					.entrySet()
					.stream()
					.map((entry) -> entry.getValue() + " " + entry.getKey())
					.collect(Collectors.joining(", ")));
		List<Duration> times = outcomes.stream().map(Outcome::took).sorted().toList();
		out().printf("p50 %s, p95 %s, max %s%n", Times.format(percentile(times, 50)),
				Times.format(percentile(times, 95)), Times.format(percentile(times, 100)));
	}

	/** The smallest time that so many percent of the orders did not exceed. */
	public static Duration percentile(List<Duration> sorted, int percent) {
		return sorted.get(Math.max(0, (sorted.size() * percent + 99) / 100 - 1));
	}

	private static String total(Answer answer) {
		return (answer.body().path("total").path("amount").asString("") + " "
				+ answer.body().path("total").path("currency").asString(""))
			.strip();
	}

	private PrintWriter out() {
		return this.spec.commandLine().getOut();
	}

	private PrintWriter err() {
		return this.spec.commandLine().getErr();
	}

	/**
	 * One order and what became of it; no answer means that none came, or not in time.
	 */
	private record Outcome(@Nullable Answer answer, Duration took) {

		boolean good() {
			return this.answer != null && this.answer.accepted();
		}

		String name() {
			if (this.answer == null) {
				return "no answer";
			}
			String name = this.answer.field(this.answer.accepted() ? "status" : "title");
			return name.isEmpty() ? "HTTP " + this.answer.status() : name;
		}

	}

}
