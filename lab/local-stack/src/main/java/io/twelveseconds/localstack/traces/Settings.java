package io.twelveseconds.localstack.traces;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Each option is {@code --its-name value} or the variable {@code TRACE_STORE_ITS_NAME}.
 * The default of {@code max-bytes} fits a heap of 192 MB, the other limits are those of a
 * busy afternoon of clicking. Fewer traces than the page asks for at once cannot be had.
 */
record Settings(String host, int otlpPort, int queryPort, int maxTraces, long maxBytes, int maxSpansPerTrace) {

	private static final Map<String, String> DEFAULTS = new TreeMap<>(Map.of("host", "127.0.0.1", "otlp-port", "4318",
			"query-port", "16686", "max-traces", "20000", "max-bytes", "64m", "max-spans-per-trace", "5000"));

	static final String USAGE = "Options and their defaults: " + DEFAULTS;

	static Settings of(List<String> arguments, Map<String, String> environment) {
		Map<String, String> options = new HashMap<>(DEFAULTS);
		options.replaceAll((name, value) -> environment.getOrDefault(variable(name), value));
		for (int i = 0; i < arguments.size(); i++) {
			String[] option = arguments.get(i).split("=", 2);
			String name = option[0].replaceFirst("^--", "");
			if (!option[0].startsWith("--") || !DEFAULTS.containsKey(name)) {
				throw new IllegalArgumentException("unknown option " + option[0]);
			}
			if (option.length == 1 && ++i == arguments.size()) {
				throw new IllegalArgumentException("a value is missing after " + option[0]);
			}
			options.put(name, (option.length == 2) ? option[1] : arguments.get(i));
		}
		return new Settings(options.get("host"), (int) number(options, "otlp-port", 0, 65535),
				(int) number(options, "query-port", 0, 65535), (int) number(options, "max-traces", 100, 10_000_000),
				number(options, "max-bytes", 1, Long.MAX_VALUE),
				(int) number(options, "max-spans-per-trace", 1, 10_000_000));
	}

	private static String variable(String name) {
		return "TRACE_STORE_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
	}

	/** A whole number; k, m and g after it mean powers of 1024. */
	private static long number(Map<String, String> options, String name, long min, long max) {
		String text = options.getOrDefault(name, "").strip().toLowerCase(Locale.ROOT);
		int unit = text.isEmpty() ? -1 : "kmg".indexOf(text.charAt(text.length() - 1));
		try {
			long value = Math.multiplyExact(Long.parseLong((unit < 0) ? text : text.substring(0, text.length() - 1)),
					1L << (10 * (unit + 1)));
			if (value >= min && value <= max) {
				return value;
			}
		}
		catch (NumberFormatException | ArithmeticException ex) {
			// Falls through to the same complaint as a number out of range.
		}
		throw new IllegalArgumentException(
				"--%s is \"%s\", which is not a whole number from %d to %d".formatted(name, text, min, max));
	}

}
