package io.twelveseconds.demo.trace;

import java.net.URI;

import io.twelveseconds.trace.Span;

/** Says in a few words what a span is, and what went wrong in it. */
public final class SpanText {

	private SpanText() {
	}

	/**
	 * The span's name, with what it lacks: names are made for counting, not for reading.
	 */
	public static String title(Span span) {
		String name = plain(span.name());
		if (!span.text("db.system.name", "db.system").isEmpty()) {
			return statement(span, name);
		}
		// A client cannot know the route behind a URL, so its span is named by the method
		// alone.
		String method = span.text("http.request.method");
		if (span.kind() == Span.Kind.CLIENT && name.equals(method)) {
			return (name + " " + path(span)).strip();
		}
		return name.isEmpty() ? "(no name)" : name;
	}

	private static String statement(Span span, String name) {
		String summary = plain(span.text("db.query.summary"));
		if (!summary.isEmpty()) {
			return summary;
		}
		boolean saysWhatAndWhere = name.contains(" ");
		String text = plain(span.text("db.query.text", "db.statement"));
		return (saysWhatAndWhere || text.isEmpty()) ? name : text;
	}

	private static String path(Span span) {
		try {
			String path = URI.create(span.text("url.full")).getPath();
			return (path != null) ? plain(path) : "";
		}
		catch (IllegalArgumentException ex) {
			return "";
		}
	}

	/** Why the span failed, as exactly as it says. */
	static String problem(Span span) {
		if (!span.statusMessage().isBlank()) {
			return plain(span.statusMessage());
		}
		String thrown = span.events()
			.stream()
			.filter((event) -> event.name().equals("exception"))
			.map((event) -> event.attributes().getOrDefault("exception.type", "") + ": "
					+ event.attributes().getOrDefault("exception.message", ""))
			.reduce("", (earlier, later) -> later);
		if (!thrown.isEmpty()) {
			return plain(thrown);
		}
		String type = span.text("error.type", "http.response.status_code", "db.response.status_code");
		return type.matches("[1-5]\\d\\d") ? "HTTP " + type : plain(type);
	}

	/** On one line, and without anything that could drive the terminal. */
	public static String plain(String text) {
		return text.replaceAll("[\\s\\p{Cc}]+", " ").strip();
	}

}
