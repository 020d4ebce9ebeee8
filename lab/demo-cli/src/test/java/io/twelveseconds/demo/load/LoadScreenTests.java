package io.twelveseconds.demo.load;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;

import io.twelveseconds.demo.load.LoadResult.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LoadScreenTests {

	private final LoadPlan plan = new LoadPlan(URI.create("http://127.0.0.1:1"), 1, Duration.ofSeconds(4));

	private final LoadTally tally = new LoadTally(this.plan);

	private final StringWriter out = new StringWriter();

	private final LoadScreen screen = new LoadScreen(this.plan, new PrintWriter(this.out));

	@Test
	void secondWhoseCustomersLeaveLateIsToldOfOnceWhenTheyDo() {
		answer(1, Duration.ofMillis(10));
		this.screen.show(this.tally.result(Duration.ofSeconds(2)));
		assertThat(told()).containsExactly(1);
		answer(2, Duration.ofMillis(10));
		answer(0, Duration.ofMillis(2900));
		this.screen.show(this.tally.result(Duration.ofSeconds(3)));
		assertThat(told()).containsExactly(1, 0, 2);
		this.screen.show(this.tally.result(Duration.ofSeconds(4)));
		assertThat(told()).containsExactly(1, 0, 2);
	}

	@Test
	void secondThatHasNotBeenToldOfIsToldOfAtTheEnd() {
		answer(1, Duration.ofMillis(10));
		this.screen.show(this.tally.result(Duration.ofSeconds(2)));
		answer(0, Duration.ofSeconds(3));
		this.screen.finish(this.tally.result(Duration.ofSeconds(4)));
		assertThat(told()).containsExactly(1, 0);
	}

	private void answer(int second, Duration took) {
		this.tally.arrived();
		this.tally.add(Outcome.of("POST /api/orders", Duration.ofSeconds(second), took, null, null));
	}

	/** The seconds of which there is a line, in the order of the lines. */
	private List<Integer> told() {
		return this.out.toString()
			.lines()
			.filter((line) -> line.matches(" *\\d+ s  p50 .*"))
			.map((line) -> Integer.valueOf(line.strip().split(" ")[0]))
			.toList();
	}

}
