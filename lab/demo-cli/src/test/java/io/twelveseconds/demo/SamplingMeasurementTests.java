package io.twelveseconds.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.twelveseconds.demo.StubServer.Reply;
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
			Process process = new ProcessBuilder(Java.executable(), "-cp", System.getProperty("java.class.path"),
					TwelveSeconds.class.getName(), this.home.toString(), gateway.url())
				.redirectErrorStream(true)
				.redirectOutput(out.toFile())
				.start();
			try {
				Until.holds("customers come", () -> !gateway.requests().isEmpty());
				assertThat(isOn()).isTrue();
				new ProcessBuilder(List.of("kill", "-INT", String.valueOf(process.pid()))).start().waitFor();
				assertThat(process.waitFor()).isEqualTo(130);
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
