package io.twelveseconds.fault;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import io.opentelemetry.api.baggage.Baggage;
import org.jspecify.annotations.Nullable;

/** The faults that the request at hand asks for by its baggage. */
final class Wanted {

	/** Several names are separated by colons: {@code baggage: demo.fault=one:two}. */
	private static final String ENTRY = "demo.fault";

	private Wanted() {
	}

	static Set<String> names() {
		@Nullable String names = Baggage.current().getEntryValue(ENTRY);
		return (names == null) ? Set.of() : new HashSet<>(Arrays.asList(names.split(":")));
	}

}
