package io.twelveseconds.demo.part;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What a part prints. A restart appends, so that the reason for it stays readable. */
public final class LogFile {

	private static final long MAX_BYTES = 20_000_000;

	/** A ready line comes early; nobody reads the whole log of a day for it. */
	private static final int WINDOW = 1_000_000;

	private LogFile() {
	}

	/** Makes room for a new run, and says where in the file it begins. */
	public static long begin(Path log, String headline) throws IOException {
		Files.createDirectories(log.getParent());
		if (Files.exists(log) && Files.size(log) > MAX_BYTES) {
			Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
		}
		long start = Files.exists(log) ? Files.size(log) : 0;
		Files.writeString(log, "---- " + headline + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
		return start;
	}

	static boolean contains(Path log, long start, String text) throws IOException {
		return read(log, start, WINDOW).contains(text);
	}

	/** The end of what was logged from there on, without the frames of stack traces. */
	public static List<String> lastWords(Path log, long start, int lines) {
		try {
			return tail(log, Math.max(start, Files.size(log) - WINDOW), Files.size(log), lines,
					(line) -> !line.isBlank() && !line.matches("\\s+(at |\\.\\.\\. \\d).*|---- .*"));
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	/** The last lines of what has been written up to there. */
	public static List<String> tail(Path log, long end, int lines) throws IOException {
		return tail(log, Math.max(0, end - 20L * WINDOW), end, lines, (line) -> true);
	}

	private static List<String> tail(Path log, long start, long end, int lines, Predicate<String> wanted)
			throws IOException {
		List<String> all = new ArrayList<>(
				read(log, start, Math.toIntExact(end - start)).lines().filter(wanted).toList());
		return all.subList(Math.max(0, all.size() - lines), all.size());
	}

	private static String read(Path log, long start, int max) throws IOException {
		return new String(bytes(log, start, max), StandardCharsets.UTF_8);
	}

	public static byte[] bytes(Path log, long start, int max) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
			file.seek(Math.min(start, file.length()));
			byte[] bytes = new byte[(int) Math.min(max, file.length() - file.getFilePointer())];
			file.readFully(bytes);
			return bytes;
		}
	}

}
