package io.twelveseconds.trace;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which part of a long list a call asks for, as far as its span says so. */
final class Pages {

	/** Says where in a long list the answer begins. */
	private static final Pattern PAGE = Pattern
		.compile("(^|[?&])((page([_-]?(number|no|num|index))?|offset|skip|start([_-]?(at|index))?)=\\d+(?=$|[&#])"
				+ "|(cursor|after|start(ing)?[_-]?after|marker|next|continue|(page|next|continuation)[_-]?(token|marker|cursor))=[^&]+)",
				Pattern.CASE_INSENSITIVE);

	/**
	 * The same as an attribute. A message's offset says where it lies, not what was
	 * asked.
	 */
	private static final Pattern PAGE_KEY = Pattern.compile(
			"(?!messaging\\.|.*(time[._-]?zone|tz|landing)[._-])(.*[._-])?(page([._-]?(number|no|index))?|offset|cursor|(page|next|continuation)[._-]?(token|marker|cursor)|(exclusive[._-]?)?start[._-]?key)",
			Pattern.CASE_INSENSITIVE);

	/**
	 * A place holder may stand for no offset at all: without an order there are no pages.
	 * Nor is the latest of a day a page.
	 */
	private static final Pattern PAGE_OF_ROWS = Pattern.compile(
			"\\boffset\\s+[1-9]|\\border\\s+by\\b.+\\boffset\\s+[?$:@%]|^\\s*fetch\\s+(forward|next|\\d+)\\b|\\bwhere\\s+\\S+\\s*[<>]=?[^=]+\\border\\s+by\\b.+\\blimit\\s+(?!1\\b)",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/** How databases call it to go on from where the last answer ended. */
	private static final Pattern CURSOR = Pattern.compile("[hsz]?scan|getmore|scroll", Pattern.CASE_INSENSITIVE);

	private final Span span;

	private final Reading reading;

	Pages(Span span, Reading reading) {
		this.span = span;
		this.reading = reading;
	}

	/**
	 * Which page of many it asks for; empty if for none. Where the span does not say
	 * which one, it is not the same as any other's.
	 */
	String asked() {
		Matcher page = PAGE.matcher(this.span.text("url.full", "http.url", "http.target", "url.query"));
		if (page.find()) {
			return page.group();
		}
		boolean next = !this.reading.database().isEmpty() && !offsetsEverything()
				&& (PAGE_OF_ROWS.matcher(Words.clip(this.reading.statement(), 2000)).find()
						|| CURSOR.matcher(this.span.text("db.operation.name", "db.operation")).matches());
		return next ? this.span.id() : pageAttribute();
	}

	/** Prisma writes an offset into each of its statements. */
	private boolean offsetsEverything() {
		return this.span.name().startsWith("prisma:");
	}

	private String pageAttribute() {
		return this.span.attributes()
			.entrySet()
			.stream()
			.filter((attribute) -> PAGE_KEY.matcher(attribute.getKey()).matches())
			.map((attribute) -> attribute.getKey() + "=" + attribute.getValue())
			.sorted()
			.collect(Collectors.joining(" "));
	}

}
