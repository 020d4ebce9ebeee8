package io.twelveseconds.demo.deadletters;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.shop.Http;
import io.twelveseconds.demo.stack.Site;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "dead-letters", mixinStandardHelpOptions = true, sortOptions = false,
		description = { "Shows the events that a service could not handle and set aside, and has them said again.", "",
				"An event that arrived cut off does not become whole by being sent again. Therefore order-service says "
						+ "anew how the order ended, in the order's own trace. Whoever knew it already does nothing.",
				"", "What cannot be redriven stays open until somebody has looked at it, and settles it.%n" },
		exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:it worked; what cannot be redriven is named, and stays",
				"1:it did not; the message says why",
				"2:the command line is wrong, or there is no such topic or open letter" },
		footerHeading = "%nExamples:%n",
		footer = { "  ./demo dead-letters list", "  ./demo dead-letters redrive --dry-run",
				"  ./demo dead-letters redrive",
				"  ./demo dead-letters redrive --topic orders.events.notification-service.dlt",
				"  ./demo dead-letters settle orders.events.notification-service.dlt#3" })
public final class DeadLettersCommand implements Runnable {

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")
		.withZone(ZoneId.systemDefault());

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	private final Supplier<Site> site;

	DeadLettersCommand() {
		this(Site::here);
	}

	DeadLettersCommand(Supplier<Site> site) {
		this.site = site;
	}

	@Override
	public void run() {
		throw new ParameterException(this.spec.commandLine(), "list, redrive or settle?");
	}

	@Command(name = "list", description = "Shows the open ones: which order, why, when, and its trace.",
			mixinStandardHelpOptions = true)
	int list(@Option(names = "--topic", paramLabel = "TOPIC", description = "Only those of this topic.") String topic,
			@Option(names = "--json", description = "Print it as JSON.") boolean json) {
		return with((letters, site) -> {
			List<DeadLetter> open = open(letters, topic);
			if (json) {
				out().println(JsonMapper.shared().writeValueAsString(open));
			}
			else {
				out().println(open.isEmpty() ? "No dead letters are open." : open.size() + " open:");
				open.forEach((letter) -> {
					out().printf("%n%s  %s%n", letter.place(), TIME.format(letter.at()));
					out().printf("  %s%s%n", about(letter),
							letter.traceId().map((trace) -> "   ./demo trace " + trace).orElse(""));
					out().println("  " + letter.reason());
				});
			}
			return 0;
		});
	}

	private static String about(DeadLetter letter) {
		return letter.order()
			.map((order) -> "order " + order)
			.orElse("not redrivable: its key is no order's id (%s)".formatted(letter.key()));
	}

	@Command(name = "redrive", mixinStandardHelpOptions = true,
			description = "Has order-service say each order's event again. A letter that is settled is offered no more.")
	int redrive(
			@Option(names = "--topic", paramLabel = "TOPIC", description = "Only those of this topic.") String topic,
			@Option(names = "--dry-run", description = "Only show what would be done.") boolean dryRun) {
		return with((letters, site) -> {
			List<DeadLetter> open = open(letters, topic);
			// Two services may have set the same event aside: it is said once.
			Map<UUID, List<DeadLetter>> byOrder = open.stream()
				.filter((letter) -> letter.order().isPresent())
				.collect(Collectors.groupingBy((letter) -> letter.order().orElseThrow(), LinkedHashMap::new,
						Collectors.toList()));
			int done = 0;
			for (Map.Entry<UUID, List<DeadLetter>> order : byOrder.entrySet()) {
				Optional<String> refusal = dryRun ? Optional.empty()
						: tellAgain(site, order.getKey(), order.getValue());
				if (refusal.isEmpty()) {
					done += order.getValue().size();
					if (!dryRun) {
						letters.settle(order.getValue());
					}
				}
				out().printf("order %s: %s (%s)%n", order.getKey(),
						refusal.orElse(dryRun ? "would be told again" : "told again"),
						order.getValue().stream().map(DeadLetter::place).collect(Collectors.joining(", ")));
			}
			open.stream()
				.filter((letter) -> letter.order().isEmpty())
				.forEach((letter) -> out().printf("%s: %s%n", letter.place(), about(letter)));
			out().printf("%d of %d open dead letters %s; %d stay.%n", done, open.size(),
					dryRun ? "would be redriven" : "redriven", open.size() - done);
			return 0;
		});
	}

	/** Empty if it was told; else why it cannot be. */
	private static Optional<String> tellAgain(Site site, UUID order, List<DeadLetter> letters) throws IOException {
		URI address = site.service("order-service")
			.orElseThrow(() -> new IOException("order-service does not run, and only it can tell again."));
		HttpRequest.Builder request = HttpRequest.newBuilder().POST(BodyPublishers.noBody());
		letters.stream()
			.filter((letter) -> letter.traceId().isPresent())
			.findFirst()
			.ifPresent((letter) -> request.header("traceparent", letter.traceparent()));
		HttpResponse<String> answer = new Http("order-service", address, PATIENCE)
			.send("/orders/%s/events".formatted(order), request);
		return switch (answer.statusCode()) {
			case 202 -> Optional.empty();
			case 404 -> Optional.of("not redrivable: order-service knows no such order");
			case 409 -> Optional.of("stays: the order has not ended yet");
			default -> throw new IOException(
					"order-service answered %d for order %s: %s".formatted(answer.statusCode(), order, answer.body()));
		};
	}

	@Command(name = "settle", mixinStandardHelpOptions = true,
			description = "Has them listed no more, without telling anything again. The records stay in Kafka.")
	int settle(@Parameters(paramLabel = "TOPIC#OFFSET", arity = "1..*",
			description = "Letters that somebody has looked at, as ./demo dead-letters list shows them.") List<String> places) {
		return with((letters, site) -> {
			List<DeadLetter> looked = letters.open()
				.stream()
				.filter((letter) -> places.contains(letter.place()))
				.toList();
			List<String> unknown = new ArrayList<>(places);
			unknown.removeAll(looked.stream().map(DeadLetter::place).toList());
			if (!unknown.isEmpty()) {
				throw new ParameterException(this.spec.commandLine(),
						"There is no open dead letter %s".formatted(String.join(", ", unknown)));
			}
			letters.settle(looked);
			looked.forEach((letter) -> out().println(letter.place() + " is settled."));
			return 0;
		});
	}

	private List<DeadLetter> open(DeadLetters letters, @Nullable String topic)
			throws ExecutionException, InterruptedException {
		if (topic == null) {
			return letters.open();
		}
		List<String> topics = letters.topics();
		if (!topics.contains(topic)) {
			throw new ParameterException(this.spec.commandLine(), "Kafka has no topic of dead letters '%s'. It has: %s"
				.formatted(topic, topics.isEmpty() ? "none" : String.join(", ", topics)));
		}
		return letters.open().stream().filter((letter) -> letter.topic().equals(topic)).toList();
	}

	private int with(Work work) {
		Site here = this.site.get();
		try (DeadLetters letters = new DeadLetters(here.broker(), PATIENCE)) {
			return work.on(letters, here);
		}
		catch (ExecutionException ex) {
			throw new DemoException("Kafka at %s does not answer: %s. Is it up? Try ./demo status"
				.formatted(here.broker(), ex.getCause().getMessage()), ex);
		}
		catch (IOException ex) {
			throw new DemoException(ex.getMessage(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new DemoException("Interrupted; what was redriven is settled.", ex);
		}
		finally {
			out().flush();
		}
	}

	private PrintWriter out() {
		return this.spec.commandLine().getOut();
	}

	private interface Work {

		int on(DeadLetters letters, Site site) throws IOException, ExecutionException, InterruptedException;

	}

}
