package io.twelveseconds.demo.part;

import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** Who takes and keeps the traces. All else is the same. */
public enum Stack {

	/** One small process of ours that needs nothing but Java. */
	EMBEDDED,
	/** A real OpenTelemetry Collector in front of a real Jaeger. */
	NATIVE;

	/** The part that answers Jaeger's {@code /api/v3}. */
	public String traces() {
		return (this == NATIVE) ? "jaeger" : "traces";
	}

	/** What the variable asks for; empty if it is not set. */
	public static Optional<Stack> requested(@Nullable String variable) {
		return Optional.ofNullable(variable).map((value) -> {
			try {
				return valueOf(value.strip().toUpperCase(Locale.ROOT));
			}
			catch (IllegalArgumentException ex) {
				throw new TypeConversionException("DEMO_STACK is '%s'; it can be embedded or native".formatted(value));
			}
		});
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
