package io.twelveseconds.demo.bench;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;

import io.twelveseconds.demo.Demo;
import io.twelveseconds.demo.FakeParts;
import io.twelveseconds.demo.OwnHome;
import io.twelveseconds.demo.Run;
import io.twelveseconds.demo.stack.LocalStack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class BenchTracingCommandTests extends OwnHome {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "--modes none,some | There is no mode 'some'. There are: none, off, head, everything",
					"--modes off,off | Each mode must have a name of its own",
					"--variant head=OTEL_BSP_SCHEDULE_DELAY=1 | Each mode must have a name of its own",
					"--variant fast | 'fast' is not a name and variables",
					"--variant brief=OTEL_EXPORTER_OTLP_TIMEOUT=1 | OTEL_EXPORTER_OTLP_TIMEOUT changes nothing",
					"--rounds 0 | There must be a round", "--for 500ms | A load lasts from 1s to 10 min",
					"--for 20 | is not a time with its unit", "--customers 25 | From 1 to 24 customers",
					"--report /no/such/place.html | cannot be written: there is no directory /no/such",
					"--json /no/such/place.json | cannot be written" })
	void mistakesAreFoundBeforeAnythingIsStarted(String arguments, String complaint) {
		Run run = run(arguments.strip().split(" "));
		assertThat(run.exit()).isEqualTo(2);
		assertThat(run.err()).contains(complaint.strip());
		assertThat(this.home).isEmptyDirectory();
	}

	@Test
	void anotherBenchIsLeftAlone() {
		LocalStack other = FakeParts.stack(this.home.resolve("bench"), FakeParts.good("kafka"));
		other.up();
		try {
			Run run = run();
			assertThat(run.exit()).isEqualTo(1);
			assertThat(run.err()).contains("Another bench runs in", "./demo down --wipe");
			assertThat(other.running(other.part("kafka"))).isPresent();
		}
		finally {
			other.down(true);
		}
	}

	@Test
	void orderRotatesFromTheFirstModeOn() {
		List<String> modes = List.of("none", "off", "everything");
		assertThat(TracingBench.order(modes, 1)).containsExactly("none", "off", "everything");
		assertThat(TracingBench.order(modes, 2)).containsExactly("off", "everything", "none");
		assertThat(TracingBench.order(modes, 4)).containsExactly("none", "off", "everything");
	}

	private static Run run(String... arguments) {
		StringWriter out = new StringWriter();
		StringWriter err = new StringWriter();
		int exit = Demo.commandLine()
			.setOut(new PrintWriter(out))
			.setErr(new PrintWriter(err))
			.execute(Stream.concat(Stream.of("bench", "tracing"), Stream.of(arguments)).toArray(String[]::new));
		return new Run(exit, out.toString(), err.toString());
	}

}
