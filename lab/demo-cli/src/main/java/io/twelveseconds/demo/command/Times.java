package io.twelveseconds.demo.command;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write and read them. */
public final class Times {

	private static final Pattern WITH_UNIT = Pattern.compile("(\\d{1,9})(ms|s|m)");

	private Times() {
	}

	/**
	 * Three digits are as much as anybody compares: 0.31 ms, 8.42 ms, 84.2 ms, 842 ms,
	 * 1.23 s.
	 */
	public static String format(Duration duration) {
		double millis = duration.toNanos() / 1e6;
		if (millis < 999.5) {
			return threeDigits(millis) + " ms";
		}
		if (duration.toSeconds() < 60) {
			return threeDigits(millis / 1000) + " s";
		}
		return "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart());
	}

	public static String threeDigits(double value) {
		int decimals = (value < 9.995) ? 2 : (value < 99.95) ? 1 : 0;
		return String.format(Locale.ROOT, "%." + decimals + "f", value);
	}

	/**
	 * Waits so long; not at all if the time has passed already.
	 * @throws IOException if the thread is interrupted
	 */
	public static void sleep(Duration time) throws IOException {
		try {
			Thread.sleep(Math.max(0, time.toMillis()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted", ex);
		}
	}

	/**
	 * Reads {@code 500ms}, {@code 30s} and {@code 2m}; a number without unit is refused.
	 */
	public static final class WithUnit implements ITypeConverter<Duration> {

		@Override
		public Duration convert(String value) {
			Matcher matcher = WITH_UNIT.matcher(value.strip());
			if (!matcher.matches()) {
				throw new TypeConversionException(
						"'%s' is not a time with its unit, such as 500ms, 30s or 2m".formatted(value));
			}
			long amount = Long.parseLong(matcher.group(1));
			return switch (matcher.group(2)) {
				case "ms" -> Duration.ofMillis(amount);
				case "s" -> Duration.ofSeconds(amount);
				default -> Duration.ofMinutes(amount);
			};
		}

	}

	/**
	 * Reads a time with its unit, which is counted back from now, and a moment such as
	 * {@code 2026-03-09T14:05:00Z}.
	 */
	public static final class Since implements ITypeConverter<Instant> {

		private final Clock clock = Clock.systemUTC();

		@Override
		public Instant convert(String value) {
			if (WITH_UNIT.matcher(value.strip()).matches()) {
				return this.clock.instant().minus(new WithUnit().convert(value));
			}
			try {
				return OffsetDateTime.parse(value.strip()).toInstant();
			}
			catch (DateTimeParseException ex) {
				throw new TypeConversionException(
						"'%s' is neither a time with its unit, such as 30s or 2m, nor a moment, such as 2026-03-09T14:05:00Z"
							.formatted(value));
			}
		}

	}

}
