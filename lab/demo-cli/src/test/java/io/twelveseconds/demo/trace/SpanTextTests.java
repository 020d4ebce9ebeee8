package io.twelveseconds.demo.trace;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SpanTextTests {

	@ParameterizedTest
	@ValueSource(chars = { '\n', '\u001b', '\u007f', '\u0085', '\u009b' })
	void leavesNothingThatDrivesATerminal(char control) {
		assertThat(SpanText.plain("gone " + control + "2Jwith the wind" + control)).isEqualTo("gone 2Jwith the wind");
	}

}
