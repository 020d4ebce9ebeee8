package io.twelveseconds.demo.part;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class PortsTests {

	@Test
	void portIsFreeUntilSomebodyListens() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = socket.getLocalPort();
			assertThat(Ports.isFree(port)).isFalse();
			assertThat(Ports.isClosed(port)).isFalse();
		}
		assertThat(Ports.isFree(port)).isTrue();
		assertThat(Ports.isClosed(port)).isTrue();
	}

	@Test
	void portThatSomebodyHasOnAllAddressesIsNotFree() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			assertThat(Ports.isFree(socket.getLocalPort())).isFalse();
		}
	}

	@Test
	void holderIsNamedWithPidAndCommand() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			var holder = Ports.holder(socket.getLocalPort());
			assumeTrue(holder.isPresent(), "neither lsof nor ss is here");
			assertThat(holder.get()).startsWith("pid " + ProcessHandle.current().pid() + ": ").contains("java");
		}
	}

	@Test
	void toolThatDoesNotEndIsNotWaitedFor() {
		Instant start = Instant.now();
		assertThat(Ports.output(Duration.ofMillis(200), "/bin/sh", "-c", "echo 1; exec sleep 60")).isEmpty();
		assertThat(start).isCloseTo(Instant.now(), within(20, ChronoUnit.SECONDS));
		assertThat(Ports.output(Duration.ofSeconds(20), "/bin/sh", "-c", "echo 1")).contains("1");
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 46443, 60000 })
	void offsetThatLeavesThePortsIsRefused(int offset) {
		assertThatExceptionOfType(TypeConversionException.class).isThrownBy(() -> Ports.checkedOffset(offset))
			.withMessageContaining("must be from 0 to 46442");
	}

}
