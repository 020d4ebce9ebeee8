package io.twelveseconds.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of a process, from /proc where there is one, else from ps. */
final class Memory {

	private Memory() {
	}

	/** In bytes; 0 for a process that is gone. */
	static long resident(ProcessHandle process) {
		try {
			Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
			return 1024 * (Files.isDirectory(Path.of("/proc/self")) ? fromProc(status) : fromPs(process.pid()));
		}
		catch (IOException | NumberFormatException ex) {
			return 0;
		}
	}

	private static long fromProc(Path status) throws IOException {
		return Files.readAllLines(status)
			.stream()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
			.findFirst()
			.orElse(0);
	}

	private static long fromPs(long pid) throws IOException {
		Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", String.valueOf(pid)).start();
		return Long.parseLong(new String(ps.getInputStream().readAllBytes()).strip());
	}

	static String megabytes(long bytes) {
		return bytes / 1_000_000 + " MB";
	}

}
