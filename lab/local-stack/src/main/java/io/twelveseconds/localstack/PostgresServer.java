package io.twelveseconds.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL from a jar. Its directory holds {@code pgdata}, the unpacked programs, and
 * {@code lock}, held by the process that may touch them.
 */
public final class PostgresServer implements LocalServer {

	/** One for each service that owns data; the role has the same name and password. */
	public static final List<String> DATABASES = List.of("orders", "inventory", "payment", "loyalty", "notification",
			"analytics");

	/** May do anything, needs no password, and is for the making of databases only. */
	public static final String ADMIN = "postgres";

	/**
	 * Goes with the version of the binaries: data of another major version cannot be
	 * read.
	 */
	static final String MAJOR_VERSION = "17";

	private static final Map<String, String> SETTINGS = Map.of(
			// A socket in /tmp would be one more thing to collide with.
			"listen_addresses", Ports.HOST, "unix_socket_directories", "",
			// Six pools of 47 connections together, and room for a second Spring
			// context in a test and for a person with psql. A leak shall hit the
			// limit soon.
			"max_connections", "100",
			// The whole shop fits; the default of 128 MB would only count as memory used.
			"shared_buffers", "32MB",
			// As in a container. Nothing in the shop may depend on the machine's own.
			"timezone", "UTC",
			// The default, repeated since embedded servers like to do without.
			"fsync", "on");

	private final Path directory;

	private final Path data;

	private final int port;

	private final Redirect log;

	private @Nullable FileChannel lock;

	private volatile @Nullable Process postgres;

	/**
	 * @param log where PostgreSQL writes; it keeps this open until it ends, so in a test
	 * rather a file than the pipe that the build reads
	 */
	public PostgresServer(Path directory, int port, Redirect log) {
		this.directory = directory.toAbsolutePath().normalize();
		this.data = data(directory);
		this.port = port;
		this.log = log;
	}

	public static void main(String[] args) {
		ServerProgram.run("postgres", Set.of("port", "data"), args,
				(options) -> new PostgresServer(options.directory("data"), options.port("port", 15432),
						Redirect.INHERIT));
	}

	@Override
	public synchronized void start() throws IOException, InterruptedException, SQLException {
		Files.createDirectories(this.directory);
		this.lock = lock();
		try {
			Postmaster.stop(this.data);
			Ports.requireFree(this.port);
			boolean fresh = !Files.exists(this.data);
			if (!fresh) {
				requireReadable();
			}
			PostgresPrograms programs = PostgresPrograms.unpackedIn(this.directory);
			if (fresh) {
				initialize(programs);
			}
			this.postgres = programs.command("postgres", arguments()).redirectOutput(this.log).start();
			try (Connection admin = awaitConnection(this.postgres)) {
				for (String database : DATABASES) {
					createDatabase(admin, database);
				}
			}
		}
		catch (IOException | InterruptedException | SQLException | RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Keeps a second server of ours away; it goes with the process, however that ends.
	 */
	private FileChannel lock() throws IOException {
		FileChannel channel = FileChannel.open(this.directory.resolve("lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE);
		try {
			if (channel.tryLock() != null) {
				return channel;
			}
		}
		catch (OverlappingFileLockException ex) {
			// Held by this very process: the same answer.
		}
		channel.close();
		throw new IOException(this.directory + " is in use by another postgres");
	}

	private void requireReadable() throws IOException {
		String version = Files.readString(this.data.resolve("PG_VERSION")).strip();
		if (!version.equals(MAJOR_VERSION)) {
			throw new IOException("%s holds data of PostgreSQL %s, and this is %s; move it away or delete it"
				.formatted(this.data, version, MAJOR_VERSION));
		}
	}

	private void initialize(PostgresPrograms programs) throws IOException, InterruptedException {
		// Under another name until it is whole: a first start may be interrupted.
		Path unfinished = this.directory.resolve("pgdata-unfinished");
		FileUtils.deleteDirectory(unfinished.toFile());
		// The locale is the same for all, whatever language the machine speaks.
		Process initdb = programs
			.command("initdb",
					List.of("-D", unfinished.toString(), "-U", ADMIN, "-A", "trust", "-E", "UTF8", "--locale=C"))
			.redirectOutput(this.log)
			.start();
		if (!initdb.waitFor(2, TimeUnit.MINUTES)) {
			initdb.destroyForcibly();
			throw new IOException("PostgreSQL has not made its data directory within two minutes");
		}
		if (initdb.exitValue() != 0) {
			throw new IOException("PostgreSQL cannot make its data directory; its output tells why");
		}
		// Roles need their passwords, or a wrong one would be noticed only elsewhere.
		Files.writeString(unfinished.resolve("pg_hba.conf"), """
				host all %s 127.0.0.1/32 trust
				host all all 127.0.0.1/32 scram-sha-256
				""".formatted(ADMIN));
		Files.move(unfinished, this.data, StandardCopyOption.ATOMIC_MOVE);
	}

	private List<String> arguments() {
		List<String> arguments = new ArrayList<>(
				List.of("-D", this.data.toString(), "-p", Integer.toString(this.port)));
		SETTINGS.forEach((name, value) -> arguments.addAll(List.of("-c", name + "=" + value)));
		return arguments;
	}

	private Connection awaitConnection(Process postgres) throws IOException, InterruptedException, SQLException {
		// Long, since after a crash it first repeats what its log holds.
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
		while (true) {
			try {
				return DriverManager.getConnection(jdbcUrl("postgres"), ADMIN, "");
			}
			catch (SQLException ex) {
				if (postgres.waitFor(50, TimeUnit.MILLISECONDS)) {
					throw new IOException("PostgreSQL ended while starting; its output tells why");
				}
				if (System.nanoTime() > end) {
					throw ex;
				}
			}
		}
	}

	/**
	 * Stops what a killed process left running, in a directory that is not to be started
	 * again.
	 */
	public static void stopAbandoned(Path directory) throws IOException, InterruptedException {
		Postmaster.stop(data(directory));
	}

	private static Path data(Path directory) {
		return directory.toAbsolutePath().normalize().resolve("pgdata");
	}

	/** Creates database and role, both of that name, where they are missing. */
	public static void createDatabase(Connection admin, String name) throws SQLException {
		if (!name.matches("[a-z_]+")) {
			throw new IllegalArgumentException("not a name for a database: " + name);
		}
		try (Statement statement = admin.createStatement()) {
			if (isMissing(admin, "SELECT 1 FROM pg_roles WHERE rolname = ?", name)) {
				statement.execute("CREATE ROLE %1$s LOGIN PASSWORD '%1$s'".formatted(name));
			}
			if (isMissing(admin, "SELECT 1 FROM pg_database WHERE datname = ?", name)) {
				statement.execute("CREATE DATABASE %1$s OWNER %1$s".formatted(name));
			}
			// A service that reads its neighbour's tables shall fail.
			statement.execute("REVOKE CONNECT ON DATABASE %s FROM PUBLIC".formatted(name));
		}
	}

	private static boolean isMissing(Connection admin, String query, String name) throws SQLException {
		try (PreparedStatement statement = admin.prepareStatement(query)) {
			statement.setString(1, name);
			return !statement.executeQuery().next();
		}
	}

	@Override
	public String address() {
		return Ports.HOST + ":" + this.port;
	}

	public String jdbcUrl(String database) {
		return "jdbc:postgresql://%s/%s".formatted(address(), database);
	}

	@Override
	public void await() throws InterruptedException {
		Process running = this.postgres;
		if (running != null) {
			running.waitFor();
		}
	}

	@Override
	public synchronized void close() {
		if (this.lock == null) {
			return;
		}
		try {
			if (this.postgres != null) {
				Postmaster.stop(this.postgres.toHandle());
			}
			this.lock.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.lock = null;
			this.postgres = null;
		}
	}

}
