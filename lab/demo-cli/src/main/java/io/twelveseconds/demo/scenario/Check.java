package io.twelveseconds.demo.scenario;

import java.time.Duration;

import io.twelveseconds.demo.command.Times;

/** An expectation, and what was measured. */
public record Check(String what, String measured, boolean held) {

	@Override
	public String toString() {
		return this.what + "; measured: " + this.measured;
	}

	static Check below(String what, Duration measured, Duration limit) {
		return new Check(what + " " + Times.format(limit), Times.format(measured), measured.compareTo(limit) < 0);
	}

}
