package io.twelveseconds.demo.command;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

class TimesTests {

	@ParameterizedTest
	@CsvSource({ "0, 0.00 ms", "4_000, 0.00 ms", "312_000, 0.31 ms", "8_419_000, 8.42 ms", "9_996_000, 10.0 ms",
			"84_230_000, 84.2 ms", "842_300_000, 842 ms", "999_600_000, 1.00 s", "1_234_000_000, 1.23 s",
			"12_004_300_000, 12.0 s", "59_999_000_000, 60.0 s", "65_000_000_000, 1 min 5 s" })
	void keepsThreeDigits(String nanos, String text) {
		assertThat(Times.format(Duration.ofNanos(Long.parseLong(nanos.replace("_", ""))))).isEqualTo(text);
	}

	@Test
	void readsTimesWithTheirUnit() {
		Times.WithUnit reader = new Times.WithUnit();
		assertThat(reader.convert("500ms")).isEqualTo(Duration.ofMillis(500));
		assertThat(reader.convert("30s")).isEqualTo(Duration.ofSeconds(30));
		assertThat(reader.convert(" 2m ")).isEqualTo(Duration.ofMinutes(2));
	}

	@ParameterizedTest
	@ValueSource(strings = { "30", "", "s", "-5s", "1.5s", "3h", "99999999999s" })
	void refusesTimesWithoutAUnit(String text) {
		assertThatExceptionOfType(TypeConversionException.class).isThrownBy(() -> new Times.WithUnit().convert(text))
			.withMessageContaining("500ms, 30s or 2m");
	}

	@Test
	void readsMomentsAndCountsTimesBackFromNow() {
		Times.Since reader = new Times.Since();
		assertThat(reader.convert("2026-03-09T14:05:00Z")).isEqualTo("2026-03-09T14:05:00Z");
		assertThat(reader.convert(" 2026-03-09T15:05:00+01:00 ")).isEqualTo("2026-03-09T14:05:00Z");
		assertThat(reader.convert("2m")).isCloseTo(Instant.now().minusSeconds(120), within(5, ChronoUnit.SECONDS));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "30", "yesterday", "2026-03-09", "2026-03-09T14:05:00" })
	void refusesWhatIsNoMoment(String text) {
		assertThatExceptionOfType(TypeConversionException.class).isThrownBy(() -> new Times.Since().convert(text))
			.withMessageContaining("30s or 2m, nor a moment");
	}

}
