package io.twelveseconds.gateway;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A caller at the gateway's door. It speaks HTTP by hand, since no client lets us send
 * what is not HTTP. Every answer it gets is held against openapi.yaml, and must not tell
 * of what is inside.
 */
final class Door {

	static final String ORDER = """
			{"customer":"cust-01","lines":[{"sku":"sku-01","quantity":2},{"sku":"sku-07","quantity":1}]}""";

	private static final List<String> SECRETS = List.of("Exception", "io.twelveseconds", "org.springframework", "java.",
			"jackson", "Tomcat", "<html", "127.0.0.1:" + Neighbours.server.port(), "localhost", "\tat ");

	private final int port;

	Door(int port) {
		this.port = port;
	}

	Answer get(String target, String... headers) {
		return send("GET", target, new byte[0], headers);
	}

	Answer order(String body, String... headers) {
		return order(body.getBytes(StandardCharsets.UTF_8), headers);
	}

	Answer order(byte[] body, String... headers) {
		String[] all = new String[headers.length + 1];
		all[0] = "Content-Type: application/json";
		System.arraycopy(headers, 0, all, 1, headers.length);
		return send("POST", "/api/orders", body, all);
	}

	Answer send(String method, String target, byte[] body, String... headers) {
		StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: gateway\r\n");
		for (String header : headers) {
			head.append(header).append("\r\n");
		}
		if (body.length > 0) {
			head.append("Content-Length: ").append(body.length).append("\r\n");
		}
		Answer answer = exchange(head.append("Connection: close\r\n\r\n").toString(), body);
		OpenApi.check(method, target, answer);
		return answer;
	}

	/** The line and the headers go out as they are, one byte for each character. */
	Answer raw(String head, byte[] body) {
		Answer answer = exchange(head, body);
		if (answer.status() >= 400) {
			OpenApi.checkProblem(answer);
		}
		return answer;
	}

	private Answer exchange(String head, byte[] body) {
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			socket.setSoTimeout(20_000);
			socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
			socket.getOutputStream().write(body);
			Answer answer = read(socket.getInputStream(), head.startsWith("HEAD "));
			assertThat(answer.text()).doesNotContain(SECRETS);
			return answer;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("No answer to " + head.lines().findFirst().orElse(""), ex);
		}
	}

	private static Answer read(InputStream in, boolean headOnly) throws IOException {
		String status = line(in);
		HttpHeaders headers = new HttpHeaders();
		for (String line = line(in); !line.isEmpty(); line = line(in)) {
			headers.add(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip());
		}
		boolean chunked = "chunked".equals(headers.getFirst("Transfer-Encoding"));
		byte[] body = headOnly ? new byte[0] : in.readAllBytes();
		return new Answer(Integer.parseInt(status.split(" ")[1]), headers, chunked ? unchunk(body) : body);
	}

	private static byte[] unchunk(byte[] body) throws IOException {
		InputStream in = new ByteArrayInputStream(body);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
			out.write(in.readNBytes(size));
			line(in);
		}
		return out.toByteArray();
	}

	private static String line(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = in.read(); c != '\n'; c = in.read()) {
			if (c < 0) {
				throw new IOException("The answer ends after '" + line + "'");
			}
			line.append((char) c);
		}
		return line.toString().strip();
	}

	record Answer(int status, HttpHeaders headers, byte[] bytes) {

		String text() {
			return new String(this.bytes, StandardCharsets.UTF_8);
		}

		@Nullable String header(String name) {
			return this.headers.getFirst(name);
		}

		JsonNode json() {
			return JsonMapper.shared().readTree(this.bytes);
		}

		/** The problem's type without its common beginning. */
		String problem() {
			assertThat(header("Content-Type")).isEqualTo("application/problem+json");
			assertThat(json().path("status").asInt()).isEqualTo(this.status);
			return json().path("type").stringValue().replace("urn:problem:", "");
		}

		List<String> errors() {
			return json().path("errors")
				.valueStream()
				.map((error) -> error.path("pointer").asString("") + error.path("parameter").asString("")
						+ error.path("header").asString("") + " " + error.path("detail").stringValue())
				.toList();
		}

		@Override
		public String toString() {
			return this.status + " " + this.headers + " " + text();
		}

	}

}
