package io.twelveseconds.demo.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What several services have logged within one trace, in the order of time. Each line
 * begins with its moment and carries {@code [trace_id span_id]}; a stack trace belongs to
 * the line above it.
 */
final class TraceLog {

	/** The log pattern's own: all of the same length, so that texts compare as times. */
	private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ");

	private TraceLog() {
	}

	static List<String> of(String traceId, List<Path> logs) throws IOException {
		List<String> entries = new ArrayList<>();
		for (Path log : logs) {
			if (Files.exists(log)) {
				read(traceId, log, entries);
			}
		}
		// Stable: what one service logged in one millisecond stays in its order.
		entries.sort(Comparator.comparing((entry) -> entry.substring(0, 24)));
		return entries;
	}

	private static void read(String traceId, Path log, List<String> entries) throws IOException {
		String wanted = "[" + traceId + " ";
		StringBuilder entry = new StringBuilder();
		try (BufferedReader lines = Files.newBufferedReader(log, StandardCharsets.UTF_8)) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				boolean begins = TIME.matcher(line).lookingAt();
				if (begins || line.startsWith("---- ")) {
					flush(entry, entries);
					if (begins && line.contains(wanted)) {
						entry.append(line);
					}
				}
				else if (entry.length() > 0) {
					entry.append('\n').append(line);
				}
			}
		}
		flush(entry, entries);
	}

	private static void flush(StringBuilder entry, List<String> entries) {
		if (entry.length() > 0) {
			entries.add(entry.toString());
			entry.setLength(0);
		}
	}

}
