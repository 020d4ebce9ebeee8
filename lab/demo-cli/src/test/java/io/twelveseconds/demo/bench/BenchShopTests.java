package io.twelveseconds.demo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.part.RunDirectory;
import io.twelveseconds.demo.part.Stack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BenchShopTests {

	private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

	@TempDir
	private Path home;

	/** Ctrl-C may come between two starts. */
	@Test
	void startsNothingOnceItIsClosed() throws IOException {
		Files.createDirectories(this.home.resolve("data/postgres"));
		BenchShop shop = new BenchShop(ROOT, this.home, 6000, Stack.EMBEDDED, false);
		shop.close();
		shop.close();
		assertThatExceptionOfType(DemoException.class).isThrownBy(() -> shop.start(TracingMode.of(ROOT, "none")))
			.withMessage("The bench was stopped.");
		assertThat(this.home.resolve("data")).doesNotExist();
		assertThat(new RunDirectory(this.home).portOffset()).isEmpty();
	}

}
