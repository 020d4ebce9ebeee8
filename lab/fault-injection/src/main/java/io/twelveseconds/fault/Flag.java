package io.twelveseconds.fault;

import java.util.Map;
import java.util.TreeMap;

/**
 * A flag as it stands, for everyone or for one request.
 *
 * @param service whose fault it is
 * @param edge where it strikes
 * @param at what it strikes there
 * @param value what the variant says
 */
record Flag(String name, String variant, String service, String edge, String at, Map<String, String> value) {

	private static final String OFF = "off";

	boolean isOn() {
		return !this.variant.equals(OFF);
	}

	/** What {@code ./demo fault} compares with what it has written. */
	String told() {
		return isOn() ? this.variant + " " + new TreeMap<>(this.value) : OFF;
	}

}
