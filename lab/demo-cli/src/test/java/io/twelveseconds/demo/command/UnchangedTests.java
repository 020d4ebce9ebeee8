package io.twelveseconds.demo.command;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class UnchangedTests {

	private Instant now = Instant.parse("2026-03-09T14:05:00Z");

	private final Unchanged unchanged = new Unchanged(() -> this.now);

	@Test
	void countsFromTheFirstSight() {
		after(5);

		assertThat(this.unchanged.with(3)).isZero();
		after(2);
		assertThat(this.unchanged.with(3)).isEqualTo(Duration.ofSeconds(2));
		after(4);
		assertThat(this.unchanged.with(3)).isEqualTo(Duration.ofSeconds(6));
	}

	@Test
	void beginsAnewWithEveryChange() {
		this.unchanged.with(List.of("a"));
		after(5);

		assertThat(this.unchanged.with(List.of("a", "b"))).isZero();
		after(1);
		assertThat(this.unchanged.with(List.of("a", "b"))).isEqualTo(Duration.ofSeconds(1));
		assertThat(this.unchanged.with(List.of("a"))).isZero();
	}

	private void after(long seconds) {
		this.now = this.now.plusSeconds(seconds);
	}

}
