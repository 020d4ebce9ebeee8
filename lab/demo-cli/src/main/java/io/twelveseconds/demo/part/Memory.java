package io.twelveseconds.demo.part;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much memory a process really has, so that the sum over all is true as well. */
public final class Memory {

	private Memory() {
	}

	/** In bytes; 0 for a process that is gone. */
	public static long resident(ProcessHandle process) {
		try {
			return 1024 * (Files.isDirectory(Path.of("/proc/self")) ? fromProc(process.pid()) : fromPs(process.pid()));
		}
		catch (IOException | NumberFormatException ex) {
			return 0;
		}
	}

	/**
	 * The proportional set size counts what processes share only once: PostgreSQL's
	 * thirty processes would seem to take 800 MB, and take 100.
	 */
	private static long fromProc(long pid) throws IOException {
		Path directory = Path.of("/proc", String.valueOf(pid));
		try {
			return kilobytes(directory.resolve("smaps_rollup"), "Pss:");
		}
		catch (IOException ex) {
			// An old kernel, or a strict one.
			return kilobytes(directory.resolve("status"), "VmRSS:");
		}
	}

	private static long kilobytes(Path file, String name) throws IOException {
		List<String> lines = Files.readAllLines(file);
		return lines.stream()
			.filter((line) -> line.startsWith(name))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
			.findFirst()
			.orElse(0);
	}

	private static long fromPs(long pid) throws IOException {
		Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", String.valueOf(pid)).start();
		return Long.parseLong(new String(ps.getInputStream().readAllBytes()).strip());
	}

	public static String megabytes(long bytes) {
		return bytes / 1_000_000 + " MB";
	}

}
