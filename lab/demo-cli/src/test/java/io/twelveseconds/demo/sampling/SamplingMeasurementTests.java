package io.twelveseconds.demo.sampling;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.twelveseconds.demo.StubServer;
import io.twelveseconds.demo.StubServer.Reply;
import io.twelveseconds.demo.Until;
import io.twelveseconds.demo.part.Stack;
import io.twelveseconds.demo.stack.LocalStack;
import io.twelveseconds.demo.telemetry.Sampling;
import io.twelveseconds.demo.trace.TraceApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class SamplingMeasurementTests {

	private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

	@TempDir
	private Path home;

	/** A process of its own, since the signal ends it. */
	@Test
	void interruptedMeasurementLeavesNoFaultOn() throws IOException, InterruptedException {
		Path out = this.home.resolve("out");
		String products = IntStream.rangeClosed(1, 9)
			.mapToObj("{\"sku\": \"sku-0%d\", \"inStock\": 900}"::formatted)
			.collect(Collectors.joining(",", "{\"products\": [", "]}"));
		try (StubServer gateway = new StubServer((request) -> Reply.of(200, products))) {
			Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-cp",
					System.getProperty("java.class.path"), TwelveSeconds.class.getName(), this.home.toString(),
					gateway.url())
				.redirectErrorStream(true)
				.redirectOutput(out.toFile())
				.start();
			try {
				Until.holds("customers come", () -> !gateway.requests().isEmpty());
				assertThat(isOn()).isTrue();
				// Ctrl-C does the same, but is ignored by what a script starts in the
				// background.
				process.destroy();
				assertThat(process.waitFor()).isEqualTo(143);
			}
			finally {
				process.destroyForcibly();
			}
		}
		assertThat(isOn()).isFalse();
		assertThat(Files.readString(out)).contains("Switched off again: stock-slow");
	}

	private boolean isOn() {
		return stack(this.home).faults().fault("stock-slow").isOn();
	}

	private static LocalStack stack(Path home) {
		return new LocalStack(ROOT, home, 0, Stack.EMBEDDED);
	}

	/** Measures a shop of which only the gateway answers. */
	static final class TwelveSeconds {

		public static void main(String[] args) throws IOException {
			URI gateway = URI.create(args[1]);
			new SamplingMeasurement(stack(Path.of(args[0])), gateway, new TraceApi(gateway),
					new PrintWriter(System.out, true))
				.twelveSecondCheckouts(Sampling.of(ROOT, Sampling.USUAL));
		}

	}

}
