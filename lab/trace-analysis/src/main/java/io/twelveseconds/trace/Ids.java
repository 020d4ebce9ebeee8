package io.twelveseconds.trace;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The ids of traces and spans, as the stores write them. */
final class Ids {

	static final int TRACE = 16;

	static final int SPAN = 8;

	private Ids() {
	}

	/**
	 * The id as lower-case hex of its full length, or null if there is none: left out,
	 * empty or all zero. One that is made up, such as {@code span-1}, is taken as it is.
	 * @param bytes how long it is if it is a number; Jaeger leaves out leading zeros
	 */
	static @Nullable String read(JsonNode node, int bytes) {
		String text = node.asString("").strip();
		String hex = isHex(text) ? text.toLowerCase(Locale.ROOT) : fromBase64(text, bytes);
		if (hex.length() > 2 * bytes || !isHex(hex)) {
			return text;
		}
		return hex.chars().allMatch((c) -> c == '0') ? null : "0".repeat(2 * bytes - hex.length()) + hex;
	}

	/**
	 * Reads an id that must be there.
	 * @throws IllegalArgumentException if it is not
	 */
	static String required(JsonNode owner, String field, int bytes) {
		String id = read(owner.path(field), bytes);
		if (id == null) {
			throw new IllegalArgumentException("\"%s\" is missing".formatted(field));
		}
		return id;
	}

	private static boolean isHex(String text) {
		return text.chars().allMatch((c) -> Character.digit(c, 16) >= 0 && c < 128);
	}

	/**
	 * The bytes in hex, or the text itself if it is not base64 of so many. Text that only
	 * looks like it may have bits to spare at its end, by which it differs from others.
	 */
	private static String fromBase64(String text, int bytes) {
		try {
			byte[] decoded = Base64.getDecoder().decode(text);
			String padded = Base64.getEncoder().encodeToString(decoded);
			boolean exact = text.equals(padded) || text.equals(padded.replace("=", ""));
			return (exact && decoded.length == bytes) ? HexFormat.of().formatHex(decoded) : text;
		}
		catch (IllegalArgumentException ex) {
			return text;
		}
	}

}
