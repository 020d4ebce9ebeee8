package io.twelveseconds.demo.sampling;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.twelveseconds.demo.Demo;
import io.twelveseconds.demo.OwnHome;
import io.twelveseconds.demo.Run;
import io.twelveseconds.demo.sampling.PlantedLoad.Sort;
import io.twelveseconds.demo.sampling.SamplingFigures.Share;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Without a shop: what is found out before one is needed. */
class SamplingCommandTests extends OwnHome {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "--orders 20000 | take longer than 10 min 0 s: at most --orders 15000, or a higher --rate",
					"--orders 0 | none be left to compare them with: more --orders",
					"--orders 3 | 1 would fail, 1 be slow, 1 be of premium customers, and none be left",
					"--errors 1 | 2000 would fail, 10 be slow, 100 be of premium customers, and none be left",
					"--errors 1.1 | --errors is a share from 0 to 1", "--slow -0.1 | --slow is a share from 0 to 1",
					"--errors NaN | --errors is a share from 0 to 1",
					"--rate 0 | --rate must be above 0 and at most 500",
					"--rate 501 | --rate must be above 0 and at most 500" })
	void loadThatCannotBeIsRefusedBeforeAnythingIsStarted(String arguments, String complaint) {
		for (String command : List.of("measure", "compare")) {
			Run run = run((command + " " + arguments).split(" "));
			assertThat(run.exit()).isEqualTo(2);
			assertThat(run.err()).contains(complaint);
			assertThat(this.home).isEmptyDirectory();
		}
	}

	@Test
	void comparisonIsNotDoneWhileAWayIsNotMeasured() throws IOException {
		System.setProperty("DEMO_STACK", "compose");
		Run none = run("compare", "--ways", "everything");
		assertThat(none.exit()).isEqualTo(1);
		assertThat(none.out()).contains("Not measured: everything. export SAMPLING=everything; docker compose up");
		measured("everything");
		assertThat(run("compare", "--ways", "everything").exit()).isZero();
		assertThat(run("compare", "--ways", "everything,tail").exit()).isEqualTo(1);
	}

	@Test
	void reportThatCannotBeWrittenIsRefusedBeforeAnythingIsStarted() {
		Run run = run("compare", "--report", this.home.toString());
		assertThat(run.exit()).isEqualTo(2);
		assertThat(run.err()).contains(this.home + " cannot be written: it is a directory");
		assertThat(this.home).isEmptyDirectory();
	}

	@Test
	void verdictComesBeforeTheReport() throws IOException {
		System.setProperty("DEMO_STACK", "compose");
		measured("everything");
		Path report = this.home.resolve("report.html");
		Run run = run("compare", "--ways", "everything", "--report", report.toString());
		assertThat(run.exit()).isZero();
		assertThat(run.out()).containsSubsequence("everything: all errors are kept", "The report: " + report);
		assertThat(report).isNotEmptyFile();
	}

	private void measured(String sampling) throws IOException {
		Share all = new Share(5, 5);
		SamplingFigures figures = new SamplingFigures(sampling, 20,
				Map.of(Sort.FAILED, all, Sort.SLOW, all, Sort.PREMIUM, all, Sort.REST, all), 0, 20, 30, 3, 5000, 2000,
				1, 0, 0, 40, 50);
		Path file = this.home.resolve("measured").resolve(sampling + ".json");
		Files.createDirectories(file.getParent());
		Files.writeString(file, JsonMapper.shared().writeValueAsString(figures));
	}

	private static Run run(String... arguments) {
		StringWriter out = new StringWriter();
		StringWriter err = new StringWriter();
		int exit = Demo.commandLine()
			.setOut(new PrintWriter(out))
			.setErr(new PrintWriter(err))
			.execute(Stream.concat(Stream.of("sampling"), Stream.of(arguments)).toArray(String[]::new));
		return new Run(exit, out.toString(), err.toString());
	}

}
