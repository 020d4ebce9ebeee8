package io.twelveseconds.localstack;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.twelveseconds.localstack.Mailbox.Mail;
import io.twelveseconds.localstack.Mailbox.Person;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * As much of Mailpit's HTTP API as a test needs, with the same paths and names, so that
 * the same test can ask a real Mailpit.
 */
final class MailApi implements AutoCloseable {

	private static final JsonMapper JSON = JsonMapper.builder()
		.propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
		.build();

	private final Mailbox mailbox;

	private final HttpServer server;

	MailApi(int port, Mailbox mailbox) throws IOException {
		this.mailbox = mailbox;
		this.server = Http.start(Ports.HOST, port, this::answer);
	}

	private void answer(HttpExchange exchange) throws IOException {
		String path = exchange.getRequestURI().getPath();
		switch (exchange.getRequestMethod() + " " + path) {
			case "GET /" ->
				Http.text(exchange, 200, "See /api/v1/messages, /api/v1/search?query=, /api/v1/message/{ID}");
			case "GET /readyz" -> Http.text(exchange, 200, "ok");
			case "GET /api/v1/messages" -> page(exchange, this.mailbox.all());
			case "GET /api/v1/search" -> page(exchange, this.mailbox.matching(parameter(exchange, "query", "")));
			case "DELETE /api/v1/messages" -> clear(exchange);
			default -> message(exchange, path);
		}
	}

	private void page(HttpExchange exchange, List<Mail> mails) throws IOException {
		int start = number(exchange, "start", 0);
		List<Summary> page = mails.stream().skip(start).limit(number(exchange, "limit", 50)).map(Summary::of).toList();
		json(exchange, Map.of("total", this.mailbox.all().size(), "messages_count", mails.size(), "start", start,
				"messages", page));
	}

	private void clear(HttpExchange exchange) throws IOException {
		// Mailpit takes a list of ids here: rather refuse it than delete all.
		if (exchange.getRequestBody().read() != -1) {
			Http.text(exchange, 400, "Without a body this deletes all messages; it cannot delete some.");
			return;
		}
		this.mailbox.clear();
		Http.text(exchange, 200, "ok");
	}

	private void message(HttpExchange exchange, String path) throws IOException {
		Optional<Mail> found = this.mailbox.all()
			.stream()
			.filter((mail) -> path.equals("/api/v1/message/" + mail.id()))
			.findFirst();
		if (found.isPresent() && exchange.getRequestMethod().equals("GET")) {
			json(exchange, Message.of(found.get()));
		}
		else {
			Http.text(exchange, 404, "404 page not found");
		}
	}

	private static int number(HttpExchange exchange, String name, int otherwise) {
		String text = parameter(exchange, name, "");
		return text.matches("\\d{1,9}") ? Integer.parseInt(text) : otherwise;
	}

	private static String parameter(HttpExchange exchange, String name, String otherwise) {
		String query = Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), "");
		return Stream.of(query.split("&"))
			.filter((pair) -> pair.startsWith(name + "="))
			.map((pair) -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
			.findFirst()
			.orElse(otherwise);
	}

	private static void json(HttpExchange exchange, Object body) throws IOException {
		Http.send(exchange, 200, "application/json", JSON.writeValueAsBytes(body));
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

	/** A mail in a list. */
	private record Summary(@JsonProperty("ID") String id, @Nullable Person from, List<Person> to, String subject,
			Instant created, String snippet) {

		static Summary of(Mail mail) {
			return new Summary(mail.id(), mail.sender(), mail.to(), mail.subject(), mail.created(), mail.snippet());
		}

	}

	/** A mail by itself. */
	private record Message(@JsonProperty("ID") String id, @Nullable Person from, List<Person> to, String subject,
			Instant date, String text) {

		static Message of(Mail mail) {
			return new Message(mail.id(), mail.sender(), mail.to(), mail.subject(), mail.created(), mail.text());
		}

	}

}
