package io.twelveseconds.demo.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.twelveseconds.demo.StubServer;
import io.twelveseconds.demo.StubServer.Reply;
import io.twelveseconds.demo.part.Stack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class TracingBenchTests {

	private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

	@TempDir
	private Path home;

	@Test
	void spansLostWhileTheServicesWarmUpAreNotCounted() throws Exception {
		try (StubServer gateway = new StubServer(
				(request) -> request.uri().getPath().endsWith("/products") ? Reply.of(200, """
						{"products": [{"sku": "sku-01", "inStock": 1000000}]}""") : Reply.of(201, "{}"));
				PretendedShop shop = new PretendedShop(this.home, gateway.url())) {
			Duration brief = Duration.ofMillis(300);
			BenchResult result = new TracingBench(shop, List.of(TracingMode.of(ROOT, "everything")), 2, 1, brief, brief,
					(line) -> {
					})
				.run();
			// Two loads of three that settle.
			assertThat(result.runs()).extracting(BenchResult.Run::lost).containsExactly(20L, 20L);
		}
	}

	/** Its agents lose ten spans in each load, the warm-up included. */
	private static final class PretendedShop extends BenchShop {

		private final URI gateway;

		private long lost;

		PretendedShop(Path home, String gateway) throws IOException {
			super(ROOT, home, 6000, Stack.EMBEDDED, false);
			this.gateway = URI.create(gateway);
		}

		@Override
		void open() {
		}

		@Override
		void start(TracingMode mode) {
			this.lost = 0;
		}

		@Override
		void stop() {
		}

		@Override
		URI gateway() {
			return this.gateway;
		}

		@Override
		void settle() {
			this.lost += 10;
		}

		@Override
		Counted counted() {
			return new Counted(Duration.ZERO, 0, 100, this.lost);
		}

		@Override
		Duration startupTime() {
			return Duration.ZERO;
		}

		@Override
		long memory() {
			return 0;
		}

	}

}
