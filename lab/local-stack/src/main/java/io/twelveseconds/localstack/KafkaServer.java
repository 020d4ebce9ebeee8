package io.twelveseconds.localstack;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.jspecify.annotations.Nullable;

/** One Kafka broker that is its own controller, inside this process. */
public final class KafkaServer implements LocalServer {

	private static final String NODE = "1";

	private final Path directory;

	private final int port;

	private final int controllerPort;

	private volatile @Nullable KafkaRaftServer kafka;

	public KafkaServer(Path directory, int port, int controllerPort) {
		this.directory = directory.toAbsolutePath().normalize();
		this.port = port;
		this.controllerPort = controllerPort;
	}

	public static void main(String[] args) {
		ServerProgram.run("kafka", Set.of("port", "controller-port", "data"), args, (options) -> {
			int port = options.port("port", 19092);
			return new KafkaServer(options.directory("data"), port, options.port("controller-port", port + 1));
		});
	}

	@Override
	public synchronized void start() throws Exception {
		Ports.requireFree(this.port);
		Ports.requireFree(this.controllerPort);
		if (!Files.exists(this.directory.resolve("meta.properties"))) {
			format();
		}
		this.kafka = new KafkaRaftServer(new KafkaConfig(settings()), Time.SYSTEM);
		try {
			this.kafka.startup();
			try (Admin admin = Admin.create(Map.of("bootstrap.servers", address()))) {
				admin.describeCluster().nodes().get(60, TimeUnit.SECONDS);
			}
		}
		catch (Exception ex) {
			close();
			throw ex;
		}
	}

	private void format() throws Exception {
		Files.createDirectories(this.directory);
		new Formatter().setClusterId(Uuid.randomUuid().toString())
			.setNodeId(Integer.parseInt(NODE))
			.setSupportedFeatures(Feature.PRODUCTION_FEATURES)
			.setControllerListenerName("CONTROLLER")
			.setMetadataLogDirectory(this.directory.toString())
			.addDirectory(this.directory.toString())
			.setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
			.run();
	}

	private Map<String, String> settings() {
		Map<String, String> settings = new HashMap<>();
		settings.put("process.roles", "broker,controller");
		settings.put("node.id", NODE);
		settings.put("log.dirs", this.directory.toString());
		settings.put("listeners",
				"PLAINTEXT://%s,CONTROLLER://%s:%d".formatted(address(), Ports.HOST, this.controllerPort));
		settings.put("advertised.listeners", "PLAINTEXT://" + address());
		settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
		settings.put("controller.listener.names", "CONTROLLER");
		// From the settings rather than from the log, so that the port may change.
		settings.put("controller.quorum.voters", "%s@%s:%d".formatted(NODE, Ports.HOST, this.controllerPort));
		// Whoever owns a topic creates it, with the partitions it needs.
		settings.put("auto.create.topics.enable", "false");
		// What was settled of the dead letters is an offset in a group that nobody joins:
		// after the usual week without members it would be forgotten.
		settings.put("offsets.retention.minutes", String.valueOf(Integer.MAX_VALUE));
		// There is nobody to replicate to, and a few hundred orders need no 50
		// partitions.
		settings.put("offsets.topic.replication.factor", "1");
		settings.put("offsets.topic.num.partitions", "1");
		settings.put("transaction.state.log.replication.factor", "1");
		settings.put("transaction.state.log.min.isr", "1");
		settings.put("transaction.state.log.num.partitions", "1");
		settings.put("share.coordinator.state.topic.replication.factor", "1");
		settings.put("share.coordinator.state.topic.min.isr", "1");
		settings.put("share.coordinator.state.topic.num.partitions", "1");
		// The first consumer is also the last to come: no need to wait for more.
		settings.put("group.initial.rebalance.delay.ms", "0");
		// After a kill -9 the broker must wait until its former self is given up.
		settings.put("broker.session.timeout.ms", "3000");
		settings.put("broker.heartbeat.interval.ms", "500");
		// Threads and buffers for a laptop with seven services beside it.
		settings.put("num.network.threads", "1");
		settings.put("num.io.threads", "2");
		settings.put("background.threads", "2");
		settings.put("log.cleaner.dedupe.buffer.size", "2097152");
		return settings;
	}

	@Override
	public String address() {
		return Ports.HOST + ":" + this.port;
	}

	@Override
	public void await() {
		KafkaRaftServer running = this.kafka;
		if (running != null) {
			running.awaitShutdown();
		}
	}

	@Override
	public synchronized void close() {
		if (this.kafka != null) {
			this.kafka.shutdown();
			this.kafka.awaitShutdown();
			this.kafka = null;
		}
	}

}
