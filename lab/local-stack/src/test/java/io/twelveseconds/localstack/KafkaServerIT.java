package io.twelveseconds.localstack;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class KafkaServerIT {

	@TempDir
	Path directory;

	private int port;

	private int controllerPort;

	@BeforeEach
	void choosePorts() throws Exception {
		this.port = Ports.anyFree();
		this.controllerPort = Ports.anyFree();
	}

	@Test
	void keepsRecordsAndOffsetsBetweenStarts() throws Exception {
		try (KafkaServer server = new KafkaServer(this.directory, this.port, this.controllerPort)) {
			server.start();
			createTopic("orders");
			send("orders", "first");
			assertThat(consume("orders", 1)).containsExactly("first");
			send("orders", "second");
		}
		// Another port, as after a change of the demo's port offset.
		this.controllerPort = Ports.anyFree();
		try (KafkaServer server = new KafkaServer(this.directory, this.port, this.controllerPort)) {
			server.start();
			assertThat(consume("orders", 1)).containsExactly("second");
		}
	}

	@Test
	void recoversWhenKilled() throws Exception {
		try (ServerProcess program = program().awaitReady("kafka: ready on 127.0.0.1:" + this.port)) {
			createTopic("orders");
			send("orders", "survives");
			program.kill();
		}
		try (ServerProcess program = program().awaitReady("kafka: ready on 127.0.0.1:" + this.port)) {
			assertThat(consume("orders", 1)).containsExactly("survives");
			program.terminate();
			assertThat(program.output().lines().filter((line) -> line.contains("ERROR"))).isEmpty();
		}
	}

	@Test
	void createsNoTopicByItself() throws Exception {
		try (KafkaServer server = new KafkaServer(this.directory, this.port, this.controllerPort)) {
			server.start();
			assertThatThrownBy(() -> send("misspelled", "lost")).isInstanceOf(ExecutionException.class)
				.hasMessageContaining("misspelled");
		}
	}

	@Test
	void saysThatThePortIsTaken() throws Exception {
		try (ServerSocket other = new ServerSocket(this.port, 1, InetAddress.getByName(Ports.HOST));
				ServerProcess program = program()) {
			assertThat(program.awaitExit()).isEqualTo(1);
			assertThat(program.output())
				.contains("kafka: not started: cannot listen on 127.0.0.1:" + other.getLocalPort());
		}
	}

	private ServerProcess program() throws Exception {
		return ServerProcess.start(KafkaServer.class, "128m", "--port", this.port, "--controller-port",
				this.controllerPort, "--data", this.directory);
	}

	private Map<String, Object> client() {
		return Map.of("bootstrap.servers", "127.0.0.1:" + this.port, "group.id", "reader", "auto.offset.reset",
				"earliest", "max.block.ms", "5000");
	}

	private void createTopic(String name) throws Exception {
		try (Admin admin = Admin.create(client())) {
			admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
		}
	}

	private void send(String topic, String value) throws Exception {
		try (var producer = new KafkaProducer<>(client(), new StringSerializer(), new StringSerializer())) {
			producer.send(new ProducerRecord<>(topic, value)).get(30, TimeUnit.SECONDS);
		}
	}

	private List<String> consume(String topic, int count) {
		List<String> values = new ArrayList<>();
		Instant end = Instant.now().plusSeconds(30);
		try (var consumer = new KafkaConsumer<>(client(), new StringDeserializer(), new StringDeserializer())) {
			consumer.subscribe(List.of(topic));
			while (values.size() < count && Instant.now().isBefore(end)) {
				consumer.poll(Duration.ofMillis(100)).forEach((message) -> values.add(message.value()));
			}
			consumer.commitSync();
		}
		return values;
	}

}
