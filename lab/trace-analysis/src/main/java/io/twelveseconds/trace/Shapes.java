package io.twelveseconds.trace;

import java.util.Locale;
import java.util.regex.Pattern;

/** Takes the values out of a text, so that what differs only in values becomes equal. */
final class Shapes {

	private static final Pattern LIST = Pattern
		.compile("\\(\\s*\\?(\\s*,\\s*\\?)*\\s*\\)(\\s*,\\s*\\(\\s*\\?(\\s*,\\s*\\?)*\\s*\\))*");

	private static final Pattern PLACEHOLDER = Pattern.compile("[$:@]p?_?\\d+\\b|%s\\b|(?<![:\\w]):[a-z_]\\w*|@\\w+");

	private static final Pattern VERSION = Pattern.compile("v\\d{1,2}");

	/** A method of a class, service or module, such as {@code S3.GetObject}. */
	private static final Pattern METHOD = Pattern.compile("[A-Za-z]\\w{0,30}[.][A-Z][A-Za-z]{0,30}");

	/** Longer statements are told apart by their beginning. */
	private static final int MOST = 2000;

	private Shapes() {
	}

	/**
	 * @param quotes what text stands between: {@code '}, in MySQL {@code "} as well, and
	 * there a backslash takes the meaning from what follows
	 */
	static String statement(String sql, String quotes) {
		String text = (sql.length() > MOST) ? sql.substring(0, MOST) : sql;
		StringBuilder shape = new StringBuilder(text.length());
		int i = 0;
		while (i < text.length()) {
			char c = text.charAt(i);
			if (quotes.indexOf(c) >= 0) {
				i = endOfString(text, i, c, quotes.length() > 1);
				shape.append('?');
			}
			else if (Character.isDigit(c) && !endsInWord(shape)) {
				while (i < text.length() && (Character.isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '.')) {
					i++;
				}
				shape.append('?');
			}
			else if (Character.isWhitespace(c)) {
				while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
					i++;
				}
				shape.append(' ');
			}
			else {
				shape.append(Character.toLowerCase(c));
				i++;
			}
		}
		String values = PLACEHOLDER.matcher(shape).replaceAll("?");
		return LIST.matcher(values).replaceAll("(?)").strip();
	}

	private static int endOfString(String text, int start, char quote, boolean escapes) {
		int i = start + 1;
		while (i < text.length()) {
			if (escapes && text.charAt(i) == '\\') {
				i++;
			}
			else if (text.charAt(i) == quote) {
				if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
					i++;
				}
				else {
					return i + 1;
				}
			}
			i++;
		}
		return i;
	}

	private static boolean endsInWord(StringBuilder text) {
		if (text.isEmpty()) {
			return false;
		}
		char last = text.charAt(text.length() - 1);
		return Character.isLetterOrDigit(last) || last == '_' || last == '$' || last == ':' || last == '@';
	}

	/** Each part of a path, or word of a name, that looks like a value becomes {}. */
	static String path(String path) {
		StringBuilder shape = new StringBuilder();
		StringBuilder word = new StringBuilder();
		for (int i = 0; i <= path.length(); i++) {
			char c = (i < path.length()) ? path.charAt(i) : '/';
			if (c == '/' || c == ' ') {
				shape.append(isValue(word) ? "{}" : word);
				word.setLength(0);
				if (i < path.length()) {
					shape.append(c);
				}
			}
			else {
				word.append(c);
			}
		}
		return shape.toString();
	}

	private static boolean isValue(StringBuilder word) {
		boolean digit = word.chars().anyMatch(Character::isDigit);
		return (digit && !isName(word)) || word.length() > 40 || word.indexOf("@") >= 0;
	}

	private static boolean isName(StringBuilder word) {
		return VERSION.matcher(word.toString().toLowerCase(Locale.ROOT)).matches() || METHOD.matcher(word).matches();
	}

}
