package io.twelveseconds.localstack;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PostgresServerIT {

	/**
	 * Shared, since a fresh one takes seconds; each test starts and stops its server on
	 * it.
	 */
	@TempDir
	static Path directory;

	private static int port;

	@BeforeAll
	static void choosePort() throws IOException {
		port = Ports.anyFree();
	}

	@AfterAll
	static void stopWhatAFailedTestLeft() throws Exception {
		PostgresServer.stopAbandoned(directory);
	}

	@Test
	void keepsDataBetweenStarts() throws Exception {
		try (PostgresServer server = started()) {
			execute(server.jdbcUrl("inventory"), "CREATE TABLE kept AS SELECT 42 AS number");
		}
		try (PostgresServer server = started()) {
			assertThat(number(server.jdbcUrl("inventory"), "SELECT number FROM kept")).isEqualTo(42);
		}
	}

	@Test
	void recoversWhenItsProgramWasKilled() throws Exception {
		long orphan;
		try (ServerProcess program = program().awaitReady(ready())) {
			execute(url("payment"), "CREATE TABLE survives AS SELECT 7 AS number");
			orphan = postmaster();
			program.kill();
		}
		assertThat(ProcessHandle.of(orphan)).as("PostgreSQL itself").isPresent();
		try (ServerProcess program = program().awaitReady(ready())) {
			assertThat(number(url("payment"), "SELECT number FROM survives")).isEqualTo(7);
			assertThat(postmaster()).isNotEqualTo(orphan);
			program.terminate();
		}
	}

	@Test
	void stopsPostgresWhenTerminated() throws Exception {
		try (ServerProcess program = program().awaitReady(ready())) {
			long postmaster = postmaster();
			program.terminate();
			assertThat(ProcessHandle.of(postmaster)).isEmpty();
			assertThat(program.output()).contains("database system is shut down");
		}
	}

	@Test
	void endsWhenPostgresEnds() throws Exception {
		try (ServerProcess program = program().awaitReady(ready())) {
			Postmaster.stop(directory.resolve("pgdata"));
			assertThat(program.awaitExit()).isEqualTo(1);
			assertThat(program.output()).contains("postgres: ended by itself");
		}
	}

	@Test
	void ignoresThePidFileOfAnotherProcess() throws Exception {
		started().close();
		Files.writeString(directory.resolve("pgdata/postmaster.pid"), ProcessHandle.current().pid() + "\n");
		started().close();
	}

	@Test
	void startsOverWhereAFirstStartWasInterrupted(@TempDir Path interrupted) throws Exception {
		Files.createDirectories(interrupted.resolve("program-unfinished/lib"));
		Files.createFile(interrupted.resolve("program-unfinished/lib/libicuuc.so"));
		Files.createDirectories(interrupted.resolve("pgdata-unfinished"));
		Files.writeString(interrupted.resolve("pgdata-unfinished/PG_VERSION"), "");
		try (PostgresServer server = new PostgresServer(interrupted, port, log(interrupted))) {
			server.start();
			assertThat(number(server.jdbcUrl("orders"), "SELECT 1")).isEqualTo(1);
		}
		assertThat(interrupted.resolve("pgdata/PG_VERSION")).hasContent(PostgresServer.MAJOR_VERSION);
	}

	@Test
	void saysThatAnotherVersionWroteTheData(@TempDir Path old) throws Exception {
		Files.createDirectories(old.resolve("pgdata"));
		Files.writeString(old.resolve("pgdata/PG_VERSION"), "16\n");
		assertThatIOException().isThrownBy(() -> new PostgresServer(old, port, Redirect.DISCARD).start())
			.withMessageContaining("holds data of PostgreSQL 16, and this is 17");
	}

	@Test
	void saysThatThePortIsTaken() throws Exception {
		try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByName(Ports.HOST));
				ServerProcess program = program()) {
			assertThat(program.awaitExit()).isEqualTo(1);
			assertThat(program.output())
				.isEqualToIgnoringNewLines("postgres: not started: cannot listen on 127.0.0.1:%d: %s"
					.formatted(other.getLocalPort(), "Address already in use"));
		}
	}

	@Test
	void leavesTheDirectoryToTheServerThatHasIt() throws Exception {
		try (PostgresServer first = started(); ServerProcess second = program()) {
			assertThat(second.awaitExit()).isEqualTo(1);
			assertThat(second.output()).contains("is in use by another postgres");
			assertThat(number(first.jdbcUrl("orders"), "SELECT 1")).isEqualTo(1);
		}
	}

	@Test
	void rolesNeedTheirPasswordAndHaveOneDatabase() throws Exception {
		try (PostgresServer server = started()) {
			for (String name : PostgresServer.DATABASES) {
				assertThat(number(server.jdbcUrl(name), "SELECT 1")).isEqualTo(1);
			}
			assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl("loyalty"), "loyalty", "wrong"))
				.isInstanceOf(SQLException.class)
				.hasMessageContaining("password authentication failed");
			assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl("loyalty"), "payment", "payment"))
				.isInstanceOf(SQLException.class)
				.hasMessageContaining("permission denied for database");
		}
	}

	private static PostgresServer started() throws Exception {
		PostgresServer server = new PostgresServer(directory, port, log(directory));
		server.start();
		return server;
	}

	private static Redirect log(Path directory) {
		return Redirect.appendTo(directory.resolve("postgres.log").toFile());
	}

	private static ServerProcess program() throws IOException {
		return ServerProcess.start(PostgresServer.class, "32m", "--port", port, "--data", directory);
	}

	private static String ready() {
		return "postgres: ready on 127.0.0.1:" + port;
	}

	private static String url(String database) {
		return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
	}

	private static long postmaster() throws IOException {
		return Long.parseLong(Files.readAllLines(directory.resolve("pgdata/postmaster.pid")).get(0));
	}

	private static void execute(String url, String sql) throws SQLException {
		try (Connection connection = connect(url); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static int number(String url, String sql) throws SQLException {
		try (Connection connection = connect(url);
				Statement statement = connection.createStatement();
				ResultSet answer = statement.executeQuery(sql)) {
			answer.next();
			return answer.getInt(1);
		}
	}

	private static Connection connect(String url) throws SQLException {
		String role = url.substring(url.lastIndexOf('/') + 1);
		return DriverManager.getConnection(url, role, role);
	}

}
