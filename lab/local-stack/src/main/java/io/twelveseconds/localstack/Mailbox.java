package io.twelveseconds.localstack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import org.jspecify.annotations.Nullable;

/** The newest mails, in memory. */
final class Mailbox {

	/**
	 * A word, or words in quotes, perhaps of one field only:
	 * {@code to:"ada@example.com"}.
	 */
	private static final Pattern TERM = Pattern.compile("(?:(subject|from|to):)?(?:\"([^\"]*)\"|(\\S+))");

	private final int capacity;

	private final Clock clock;

	private final Deque<Mail> newestFirst = new ArrayDeque<>();

	Mailbox(int capacity, Clock clock) {
		this.capacity = capacity;
		this.clock = clock;
	}

	void keep(MimeMessage message) throws MessagingException, IOException {
		Mail mail = new Mail(UUID.randomUUID().toString(), this.clock.instant(), people(message, "From"),
				people(message, "To"), Objects.requireNonNullElse(message.getSubject(), ""), readable(message));
		synchronized (this.newestFirst) {
			this.newestFirst.addFirst(mail);
			if (this.newestFirst.size() > this.capacity) {
				this.newestFirst.removeLast();
			}
		}
	}

	private static List<Person> people(MimeMessage message, String header) throws MessagingException {
		String written = Objects.requireNonNullElse(message.getHeader(header, ","), "");
		try {
			return Stream.of(InternetAddress.parseHeader(written, false))
				.map((address) -> new Person(Objects.requireNonNullElse(address.getPersonal(), ""),
						address.getAddress()))
				.toList();
		}
		catch (AddressException ex) {
			return List.of(new Person("", written));
		}
	}

	/** Its text; of a mail that cannot be read, all of it as it came. */
	private static String readable(MimeMessage message) throws MessagingException, IOException {
		try {
			return text(message);
		}
		catch (MessagingException | IOException ex) {
			ByteArrayOutputStream raw = new ByteArrayOutputStream();
			message.writeTo(raw);
			return raw.toString(StandardCharsets.ISO_8859_1);
		}
	}

	/** The first plain text in the mail. */
	private static String text(Part part) throws MessagingException, IOException {
		if (part.isMimeType("text/plain")) {
			return part.getContent().toString();
		}
		if (part.getContent() instanceof Multipart parts) {
			for (int i = 0; i < parts.getCount(); i++) {
				String text = text(parts.getBodyPart(i));
				if (!text.isEmpty()) {
					return text;
				}
			}
		}
		return "";
	}

	List<Mail> all() {
		synchronized (this.newestFirst) {
			return List.copyOf(this.newestFirst);
		}
	}

	/** The mails that have every term of a query. */
	List<Mail> matching(String query) {
		List<MatchResult> terms = TERM.matcher(query.toLowerCase(Locale.ROOT)).results().toList();
		return all().stream().filter((mail) -> terms.stream().allMatch(mail::has)).toList();
	}

	void clear() {
		synchronized (this.newestFirst) {
			this.newestFirst.clear();
		}
	}

	record Person(String name, String address) {
	}

	record Mail(String id, Instant created, List<Person> from, List<Person> to, String subject, String text) {

		private boolean has(MatchResult term) {
			String field = Objects.requireNonNullElse(term.group(1), "any");
			Stream<String> searched = switch (field) {
				case "subject" -> Stream.of(this.subject);
				case "from" -> words(this.from);
				case "to" -> words(this.to);
				default -> Stream.of(words(this.from), words(this.to), Stream.of(this.subject, this.text))
					.flatMap((part) -> part);
			};
			String words = (term.group(2) != null) ? term.group(2) : term.group(3);
			return searched.anyMatch((part) -> part.toLowerCase(Locale.ROOT).contains(words));
		}

		private static Stream<String> words(List<Person> people) {
			return people.stream().flatMap((person) -> Stream.of(person.name(), person.address()));
		}

		@Nullable Person sender() {
			return this.from.isEmpty() ? null : this.from.get(0);
		}

		/** As long as Mailpit's. */
		String snippet() {
			String line = this.text.replaceAll("\\s+", " ").strip();
			return line.substring(0, Math.min(line.length(), 250));
		}

	}

}
