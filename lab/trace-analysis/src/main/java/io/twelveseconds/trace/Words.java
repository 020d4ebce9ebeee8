package io.twelveseconds.trace;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Numbers and names as people read them. */
final class Words {

	private Words() {
	}

	/** Three digits are as much as anybody compares. */
	static String time(long nanos) {
		double millis = nanos / 1e6;
		if (millis < 999.5) {
			return threeDigits(millis) + " ms";
		}
		if (millis < 59_995) {
			return threeDigits(millis / 1000) + " s";
		}
		long seconds = Math.round(millis / 1000);
		return "%d min %d s".formatted(seconds / 60, seconds % 60);
	}

	private static String threeDigits(double value) {
		int decimals = (value < 9.995) ? 2 : (value < 99.95) ? 1 : 0;
		return String.format(Locale.ROOT, "%." + decimals + "f", value);
	}

	static String percent(double share) {
		return Math.round(share * 100) + " %";
	}

	static String count(int count, String noun) {
		return count + " " + noun + ((count == 1) ? "" : "s");
	}

	static String list(Collection<String> words) {
		List<String> all = List.copyOf(words);
		if (all.size() < 2) {
			return String.join("", all);
		}
		return String.join(", ", all.subList(0, all.size() - 1)) + " and " + all.get(all.size() - 1);
	}

	/** On one line, and without anything that could drive a terminal. */
	static String plain(String text) {
		boolean clean = text.chars().allMatch((c) -> c > ' ' && !Character.isISOControl(c));
		return clean ? text : text.replaceAll("[\\s\\p{Cc}]+", " ").strip();
	}

	static String clip(String text, int most) {
		return (text.length() <= most) ? text : text.substring(0, most - 1) + "…";
	}

}
