package io.twelveseconds.localstack;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class MailServerIT {

	private final HttpClient http = HttpClient.newHttpClient();

	private int smtpPort;

	private int apiPort;

	private MailServer server;

	@BeforeEach
	void start() throws Exception {
		this.smtpPort = Ports.anyFree();
		this.apiPort = Ports.anyFree();
		this.server = new MailServer(this.smtpPort, this.apiPort);
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void listsTheNewestFirst() throws Exception {
		send("ada@example.com", "Order 1", "Hello Ada");
		send("bob@example.com", "Order 2", "Hello\r\n   Bob");
		JsonNode page = get("/api/v1/messages");
		assertThat(page.at("/total").asInt()).isEqualTo(2);
		assertThat(page.at("/messages_count").asInt()).isEqualTo(2);
		JsonNode newest = page.at("/messages/0");
		assertThat(newest.at("/Subject").asString()).isEqualTo("Order 2");
		assertThat(newest.at("/From/Name").asString()).isEqualTo("The Shop");
		assertThat(newest.at("/From/Address").asString()).isEqualTo("shop@example.com");
		assertThat(newest.at("/To/0/Address").asString()).isEqualTo("bob@example.com");
		assertThat(newest.at("/Snippet").asString()).isEqualTo("Hello Bob");
		assertThat(newest.at("/Created").asString()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
	}

	@Test
	void pages() throws Exception {
		for (int i = 1; i <= 5; i++) {
			send("ada@example.com", "Order " + i, "Hello");
		}
		JsonNode page = get("/api/v1/messages?start=1&limit=2");
		assertThat(page.at("/total").asInt()).isEqualTo(5);
		assertThat(page.at("/start").asInt()).isEqualTo(1);
		assertThat(page.at("/messages").valueStream().map((mail) -> mail.at("/Subject").asString()))
			.containsExactly("Order 4", "Order 3");
	}

	@Test
	void findsBySubjectAndRecipient() throws Exception {
		send("ada@example.com", "Order 1", "Hello");
		send("bob@example.com", "Order 2", "Hello");
		JsonNode found = get("/api/v1/search?query=subject%3A%22order%202%22%20to%3Abob%40example.com");
		assertThat(found.at("/total").asInt()).as("all that are kept").isEqualTo(2);
		assertThat(found.at("/messages_count").asInt()).isEqualTo(1);
		assertThat(found.at("/messages/0/Subject").asString()).isEqualTo("Order 2");
	}

	@Test
	void showsTheWholeText() throws Exception {
		MimeMessage message = message("ada@example.com", "Schöne Grüße");
		MimeBodyPart html = new MimeBodyPart();
		html.setContent("<p>Hallo</p>", "text/html");
		MimeBodyPart text = new MimeBodyPart();
		text.setText("Äpfel für Ada", "UTF-8");
		message.setContent(new MimeMultipart("alternative", html, text));
		Transport.send(message);
		JsonNode summary = get("/api/v1/messages").at("/messages/0");
		JsonNode shown = get("/api/v1/message/" + summary.at("/ID").asString());
		assertThat(shown.at("/Subject").asString()).isEqualTo("Schöne Grüße");
		assertThat(shown.at("/Text").asString()).isEqualTo("Äpfel für Ada");
	}

	@Test
	void keepsOneMailForManyRecipients() throws Exception {
		MimeMessage message = message("ada@example.com", "Order 1");
		message.addRecipient(RecipientType.TO, new InternetAddress("bob@example.com"));
		message.setText("Hello");
		Transport.send(message);
		JsonNode page = get("/api/v1/messages");
		assertThat(page.at("/total").asInt()).isEqualTo(1);
		assertThat(page.at("/messages/0/To")).hasSize(2);
	}

	@Test
	void deletesAllOrNothing() throws Exception {
		send("ada@example.com", "Order 1", "Hello");
		HttpRequest.Builder request = request("/api/v1/messages");
		assertThat(
				answer(request.method("DELETE", HttpRequest.BodyPublishers.ofString("{\"IDs\":[\"1\"]}"))).statusCode())
			.isEqualTo(400);
		assertThat(get("/api/v1/messages").at("/total").asInt()).isEqualTo(1);
		assertThat(answer(request.DELETE()).statusCode()).isEqualTo(200);
		assertThat(get("/api/v1/messages").at("/total").asInt()).isZero();
	}

	@Test
	void answersWhatItDoesNotHaveWith404() throws Exception {
		for (String path : List.of("/api/v1/message/none", "/api/v2", "/index.html")) {
			assertThat(answer(request(path)).statusCode()).as(path).isEqualTo(404);
		}
		assertThat(answer(request("/readyz")).statusCode()).isEqualTo(200);
	}

	@Test
	void runsAsAProgram() throws Exception {
		int smtp = Ports.anyFree();
		int api = Ports.anyFree();
		try (ServerProcess program = ServerProcess
			.start(MailServer.class, "32m", "--smtp-port", smtp, "--api-port", api)
			.awaitReady("mail: ready on 127.0.0.1:%d (SMTP) and http://127.0.0.1:%d".formatted(smtp, api))) {
			program.terminate();
		}
		try (ServerSocket other = new ServerSocket(api, 1, InetAddress.getByName(Ports.HOST));
				ServerProcess program = ServerProcess.start(MailServer.class, "32m", "--smtp-port", smtp, "--api-port",
						other.getLocalPort())) {
			assertThat(program.awaitExit()).isEqualTo(1);
			assertThat(program.output()).contains("mail: not started: cannot listen on 127.0.0.1:" + api);
		}
	}

	private void send(String to, String subject, String text) throws Exception {
		MimeMessage message = message(to, subject);
		message.setText(text);
		Transport.send(message);
	}

	private MimeMessage message(String to, String subject) throws Exception {
		Properties properties = new Properties();
		properties.putAll(Map.of("mail.smtp.host", Ports.HOST, "mail.smtp.port", Integer.toString(this.smtpPort),
				"mail.smtp.timeout", "10000"));
		MimeMessage message = new MimeMessage(Session.getInstance(properties));
		message.setFrom(new InternetAddress("shop@example.com", "The Shop"));
		message.setRecipients(RecipientType.TO, to);
		message.setSubject(subject, "UTF-8");
		return message;
	}

	private JsonNode get(String path) throws Exception {
		HttpResponse<String> response = answer(request(path));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
		return JsonMapper.shared().readTree(response.body());
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.apiPort + path))
			.timeout(Duration.ofSeconds(10));
	}

	private HttpResponse<String> answer(HttpRequest.Builder request) throws Exception {
		return this.http.send(request.build(), BodyHandlers.ofString());
	}

}
