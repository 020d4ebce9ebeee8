package io.twelveseconds.demo.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class TraceLogTests {

	private static final String ID = "0af7651916cd43dd8448eb211c80319c";

	private static final String OTHER = "ffffffffffffffffffffffffffffffff";

	@TempDir
	private Path logs;

	@Test
	void linesOfAllServicesAreInTheOrderOfTime() throws IOException {
		Path order = log("order-service", line("10.100", ID, "reserved"), line("10.300", ID, "confirmed"));
		Path payment = log("payment-service", line("10.200", ID, "captured"), line("10.250", OTHER, "captured"));
		assertThat(TraceLog.of(ID, List.of(order, payment))).extracting((line) -> line.substring(line.length() - 9))
			.containsExactly(" reserved", " captured", "confirmed");
	}

	@Test
	void stackTraceBelongsToTheLineAboveIt() throws IOException {
		Path order = log("order-service", line("10.100", OTHER, "other"), "\tat somewhere.Else",
				line("10.200", ID, "failed"), "java.io.IOException: no", "\tat here.Now",
				"---- order-service is started at 2026-03-01T12:00:11Z", "\tnot of it");
		assertThat(TraceLog.of(ID, List.of(order))).singleElement()
			.asString()
			.endsWith("failed\njava.io.IOException: no\n\tat here.Now");
	}

	@Test
	void idWithinAMessageIsNotEnough() throws IOException {
		Path order = log("order-service", line("10.100", OTHER, "see " + ID));
		assertThat(TraceLog.of(ID, List.of(order, this.logs.resolve("none.log")))).isEmpty();
	}

	private Path log(String service, String... lines) throws IOException {
		return Files.write(this.logs.resolve(service + ".log"), List.of(lines));
	}

	private static String line(String second, String traceId, String message) {
		return "2026-03-01T12:00:%sZ  INFO 12 --- [order-service] [exec-1] [%s b7ad6b7169203331] i.t.Order : %s"
			.formatted(second, traceId, message);
	}

}
