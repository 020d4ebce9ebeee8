package io.twelveseconds.teststack;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Callable;

import io.twelveseconds.localstack.KafkaServer;
import io.twelveseconds.localstack.Ports;
import io.twelveseconds.localstack.PostgresServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The servers of this JVM: started when first asked for, stopped when it ends. */
final class RealServers {

	private static final Logger log = LoggerFactory.getLogger(RealServers.class);

	private static final Deque<AutoCloseable> started = new ArrayDeque<>();

	private static @Nullable Boolean docker;

	private static @Nullable Postgres postgres;

	private static @Nullable String kafka;

	static {
		Runtime.getRuntime().addShutdownHook(new Thread(RealServers::stop, "test-stack-stop"));
	}

	private RealServers() {
	}

	static synchronized Postgres postgres() throws Exception {
		if (postgres == null) {
			postgres = start("PostgreSQL", RealServers::postgresContainer, RealServers::embeddedPostgres);
		}
		return postgres;
	}

	static synchronized String kafka() throws Exception {
		if (kafka == null) {
			kafka = start("Kafka", RealServers::kafkaContainer, RealServers::embeddedKafka);
		}
		return kafka;
	}

	private static <T> T start(String name, Callable<T> container, Callable<T> embedded) throws Exception {
		if (docker == null) {
			docker = !"false".equals(System.getProperty("teststack.docker")) && DockerEngine.answers();
		}
		if (docker) {
			try {
				T server = container.call();
				log.info("{} for tests: in a container, {}", name, server);
				return server;
			}
			// An engine that cannot pull is no reason to fail: the build needs no Docker.
			catch (RuntimeException ex) {
				log.warn("{} for tests: no container, because {}; -Dteststack.docker=false saves the attempt", name,
						ex.toString());
				docker = false;
			}
		}
		T server = embedded.call();
		log.info("{} for tests: embedded, {}", name, server);
		return server;
	}

	private static Postgres postgresContainer() {
		PostgreSQLContainer container = new PostgreSQLContainer("postgres:17");
		started.push(container);
		container.start();
		return new Postgres(container.getHost() + ":" + container.getFirstMappedPort(), container.getUsername(),
				container.getPassword());
	}

	private static Postgres embeddedPostgres() throws Exception {
		Path directory = Scratch.directory("postgres");
		PostgresServer server = new PostgresServer(directory, Ports.anyFree(),
				Redirect.appendTo(directory.resolve("postgres.log").toFile()));
		started.push(server);
		server.start();
		return new Postgres(server.address(), PostgresServer.ADMIN, "");
	}

	private static String kafkaContainer() {
		KafkaContainer container = new KafkaContainer("apache/kafka:4.2.0").withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE",
				"false");
		started.push(container);
		container.start();
		return container.getBootstrapServers();
	}

	private static String embeddedKafka() throws Exception {
		KafkaServer server = new KafkaServer(Scratch.directory("kafka"), Ports.anyFree(), Ports.anyFree());
		started.push(server);
		server.start();
		return server.address();
	}

	private static void stop() {
		try {
			awaitSpring();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		for (AutoCloseable server : started) {
			try {
				server.close();
			}
			// The JVM ends: the next server's turn matters more than this one's failure.
			catch (Exception ex) {
				log.warn("A server for tests did not stop", ex);
			}
		}
		Scratch.delete();
	}

	/**
	 * Spring Boot closes its contexts in a shutdown hook too, and hooks run side by side.
	 * A listener that loses its broker before it can leave would hold up the end for half
	 * a minute. Its hook is known by name only, and may start a moment after this one.
	 */
	private static void awaitSpring() throws InterruptedException {
		for (int i = 0; i < 10; i++) {
			Optional<Thread> spring = Thread.getAllStackTraces()
				.keySet()
				.stream()
				.filter((thread) -> thread.getName().equals("SpringApplicationShutdownHook"))
				.findFirst();
			if (spring.isPresent()) {
				spring.get().join(25_000);
				return;
			}
			Thread.sleep(10);
		}
	}

	/** A PostgreSQL server, seen by one who may create databases in it. */
	record Postgres(String address, String admin, String password) {

		/**
		 * The URL of this database, which is there from now on, with a role of its name.
		 */
		String database(String name) throws SQLException {
			try (Connection connection = DriverManager.getConnection(url("postgres"), this.admin, this.password)) {
				PostgresServer.createDatabase(connection, name);
			}
			return url(name);
		}

		private String url(String database) {
			return "jdbc:postgresql://%s/%s".formatted(this.address, database);
		}

		@Override
		public String toString() {
			return this.address;
		}

	}

}
