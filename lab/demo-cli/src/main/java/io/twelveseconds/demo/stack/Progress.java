package io.twelveseconds.demo.stack;

import java.time.Duration;
import java.util.List;

/** Is told how a start goes on, several times a second. */
public interface Progress {

	Progress SILENT = (lines) -> {
	};

	void show(List<Line> lines);

	/**
	 * How far a part is.
	 *
	 * @param took since it was started, or until it was ready
	 */
	record Line(String part, State state, Duration took, String detail) {
	}

	enum State {

		WAITING, STARTING, READY, RUNS_ALREADY, FAILED

	}

}
