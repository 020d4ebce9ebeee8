package io.twelveseconds.demo.part;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import picocli.CommandLine.TypeConversionException;

/**
 * The ports that several parts must agree on, and who has them now. All are on 127.0.0.1.
 */
public final class Ports {

	static final int POSTGRES = 15432;

	public static final int KAFKA = 19092;

	static final int KAFKA_CONTROLLER = 19093;

	static final int SMTP = 1025;

	public static final int OTLP = 4318;

	public static final int OTLP_GRPC = 4317;

	/** The Collector's way to Jaeger. */
	static final int JAEGER_OTLP = 4320;

	public static final int TRACES = 16686;

	/** The highest of ours, shifted, must still be a port. */
	static final int MAX_OFFSET = 65535 - KAFKA_CONTROLLER;

	/** lsof waits for file systems that do not answer. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private Ports() {
	}

	public static int checkedOffset(int offset) {
		if (offset < 0 || offset > MAX_OFFSET) {
			throw new TypeConversionException(
					"The port offset is %d; it must be from 0 to %d.".formatted(offset, MAX_OFFSET));
		}
		return offset;
	}

	/**
	 * Both are asked: macOS lets one program listen on an address where another listens
	 * on all addresses, and a port that refuses may still be one that we may not have.
	 */
	public static boolean isFree(int port) {
		if (!isClosed(port)) {
			return false;
		}
		try (ServerSocket socket = new ServerSocket()) {
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	public static boolean isClosed(int port) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	/** The process that listens there, as far as lsof or ss are here and may tell. */
	public static Optional<String> holder(int port) {
		return output(PATIENCE, "lsof", "-nP", "-t", "-iTCP:" + port, "-sTCP:LISTEN")
			.or(() -> output(PATIENCE, "ss", "-Hltnp", "sport = :" + port).filter((line) -> line.contains("pid="))
				.map((line) -> line.replaceFirst("(?s).*?pid=(\\d+).*", "$1")))
			.map((pids) -> pids.lines().findFirst().orElseThrow().strip())
			.map((pid) -> ProcessHandle.of(Long.parseLong(pid))
				.flatMap((process) -> process.info().commandLine())
				.map((command) -> "pid %s: %s".formatted(pid, abbreviated(command)))
				.orElse("pid " + pid));
	}

	private static String abbreviated(String command) {
		return (command.length() > 160) ? command.substring(0, 160) + "..." : command;
	}

	/** What the command prints, if it ends in time. */
	static Optional<String> output(Duration patience, String... command) {
		try {
			// Not read from the process: that would wait for its end without a limit.
			Path printed = Files.createTempFile("ports", ".out");
			try {
				return output(patience, printed, command).filter((output) -> !output.isEmpty());
			}
			finally {
				Files.delete(printed);
			}
		}
		catch (IOException ex) {
			// The tool is not here; the message must do without.
			return Optional.empty();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Optional.empty();
		}
	}

	private static Optional<String> output(Duration patience, Path printed, String... command)
			throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD)
			.redirectOutput(printed.toFile())
			.start();
		try {
			boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
			return ended ? Optional.of(Files.readString(printed).strip()) : Optional.empty();
		}
		finally {
			process.destroy();
		}
	}

}
