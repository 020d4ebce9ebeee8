package io.twelveseconds.teststack;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ScratchTests {

	/**
	 * The only test here, since what it claims is true of the first call of a process.
	 */
	@Test
	void nothingOfAnEarlierProcessWithOurPidIsLeft() throws Exception {
		Path own = Path.of("target", "test-stack", Long.toString(ProcessHandle.current().pid()));
		Path left = Files.createDirectories(own.resolve("kafka"));
		try {
			Path directory = Scratch.directory("postgres");
			assertThat(left).doesNotExist();
			Scratch.directory("kafka");
			assertThat(directory).as("there after the second call").exists();
		}
		finally {
			Scratch.delete();
		}
	}

}
