package io.twelveseconds.teststack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@RealPostgres("inventory")
@RealKafka
class RealServersIT {

	@Test
	void givesTheTestTheDatabaseItNames() throws Exception {
		String url = System.getProperty("spring.datasource.url");
		try (Connection connection = DriverManager.getConnection(url, "inventory", "inventory");
				ResultSet answer = connection.createStatement().executeQuery("SELECT current_database()")) {
			answer.next();
			assertThat(answer.getString(1)).isEqualTo("inventory");
		}
	}

	@Test
	void makesADatabaseOfAnyOtherName() throws Exception {
		String url = RealServers.postgres().database("something_else");
		assertThat(RealServers.postgres().database("something_else")).as("asked again").isEqualTo(url);
		DriverManager.getConnection(url, "something_else", "something_else").close();
	}

	@Test
	void probeReadsBackWhatItWrote() throws Exception {
		String broker = System.getProperty("spring.kafka.bootstrap-servers");
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker)); KafkaProbe probe = new KafkaProbe()) {
			admin.createTopics(List.of(new NewTopic("probed", 3, (short) 1))).all().get(30, TimeUnit.SECONDS);
			probe.send("probed", "a", "first", Map.of("reason", "none"));
			probe.send("probed", "b", "second", Map.of());
			assertThat(probe.awaitRecords("probed", 2, Duration.ofSeconds(30))).anySatisfy((message) -> {
				assertThat(message.value()).isEqualTo("first");
				assertThat(KafkaProbe.header(message, "reason")).isEqualTo("none");
			}).anySatisfy((message) -> assertThat(message.key()).isEqualTo("b"));
		}
	}

	@Test
	void probeSaysWhatIsMissing() {
		try (KafkaProbe probe = new KafkaProbe()) {
			assertThatThrownBy(() -> probe.awaitRecords("never.created", 1, Duration.ofSeconds(1)))
				.isInstanceOf(AssertionError.class)
				.hasMessageContaining("0 of 1 records in never.created");
		}
	}

	@Test
	void leavesNothingBehindWhenTheJvmEnds(@TempDir Path directory) throws Exception {
		Path output = directory.resolve("output");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Dteststack.docker=false", "-cp", System.getProperty("java.class.path"), Ended.class.getName())
			.directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ended in time").isTrue();
		List<String> servers = Files.readAllLines(output)
			.stream()
			.filter((line) -> line.startsWith("server: "))
			.map((line) -> line.substring("server: ".length()))
			.toList();
		assertThat(servers).isNotEmpty();
		assertThat(directory.resolve("target/test-stack")).isEmptyDirectory();
		assertThat(ProcessHandle.allProcesses().flatMap((running) -> running.info().commandLine().stream()))
			.doesNotContainAnyElementsOf(servers);
	}

	/** A test run of its own. */
	static final class Ended {

		private Ended() {
		}

		public static void main(String[] args) throws Exception {
			RealServers.postgres();
			RealServers.kafka();
			String data = " -D " + Path.of("").toAbsolutePath();
			ProcessHandle.allProcesses()
				.flatMap((running) -> running.info().commandLine().stream())
				.filter((command) -> command.contains(data))
				.forEach((command) -> System.out.println("server: " + command));
			// As the forked JVM of a build does: Kafka's threads would keep it.
			System.exit(0);
		}

	}

}
