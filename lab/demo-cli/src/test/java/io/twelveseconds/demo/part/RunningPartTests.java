package io.twelveseconds.demo.part;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

import io.twelveseconds.demo.Until;
import io.twelveseconds.demo.command.DemoException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RunningPartTests {

	private static final ProcessHandle US = ProcessHandle.current();

	@TempDir
	private Path run;

	@Test
	void isReadAsItWasWritten() throws IOException {
		RunningPart kafka = part(US.pid(), Instant.parse("2026-01-02T03:04:05.678Z"));
		kafka.write(this.run);
		assertThat(RunningPart.read(this.run, "kafka")).contains(kafka);
		RunningPart ready = kafka.withStartupMillis(1234);
		ready.write(this.run);
		assertThat(RunningPart.read(this.run, "kafka")).contains(ready);
		assertThat(this.run).isDirectoryNotContaining("glob:**.new");
	}

	@Test
	void isNotThereBeforeItWasWritten() {
		assertThat(RunningPart.read(this.run, "kafka")).isEmpty();
	}

	@Test
	void processThatStartedThenIsOurs() {
		assertThat(part(US.pid(), US.info().startInstant().orElseThrow()).isAlive()).isTrue();
	}

	@Test
	void processOfTheSameNumberThatStartedAtAnotherTimeIsNot() {
		assertThat(part(US.pid(), US.info().startInstant().orElseThrow().minusSeconds(60)).isAlive()).isFalse();
	}

	@Test
	void processThatHasEndedIsNotAlive() throws IOException, InterruptedException {
		Process process = new ProcessBuilder("true").start();
		Instant start = process.info().startInstant().orElse(Instant.now());
		process.waitFor();
		assertThat(part(process.pid(), start).isAlive()).isFalse();
	}

	@Test
	void processThatNamesThePartIsOursWhateverTheClockSays() throws IOException {
		Process process = new ProcessBuilder("/bin/sh", "-c", "sleep 60", "-Dtwelveseconds.part=kafka+700").start();
		try {
			Instant longAgo = Instant.now().minusSeconds(86400);
			RunningPart kafka = new RunningPart("kafka", process.pid(), longAgo, Map.of(), 700, longAgo, 0, null, null);
			Until.holds("the shell runs", kafka::isAlive);
		}
		finally {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "{\"part\": \"kafka\"}", "{\"part\": \"mail\", \"pid\": 1}", "null",
			"{\"part\": \"kafka\", \"pid\": \"x\"}" })
	void damagedFileIsNamedWithWhatToDo(String content) throws IOException {
		Path file = Files.writeString(this.run.resolve("kafka.json"), content);
		assertThatExceptionOfType(DemoException.class).isThrownBy(() -> RunningPart.read(this.run, "kafka"))
			.withMessageContainingAll("The state file " + file + " cannot be used", "kafka", "delete the file");
	}

	private static RunningPart part(long pid, Instant processStart) {
		return new RunningPart("kafka", pid, processStart, Map.of("main", 19092), 0,
				Instant.parse("2026-01-02T03:04:05Z"), 17, null, "0.1");
	}

}
