package io.twelveseconds.teststack;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Whether containers are to be had. */
final class DockerEngine {

	private DockerEngine() {
	}

	/**
	 * Whether somebody listens where Docker engines usually do. Testcontainers would find
	 * out too, but takes seconds and pages of log to say no.
	 */
	static boolean answers() {
		return Stream
			.of(System.getenv("DOCKER_HOST"), "unix:///var/run/docker.sock",
					"unix://" + System.getProperty("user.home") + "/.docker/run/docker.sock",
					"unix://" + System.getenv("XDG_RUNTIME_DIR") + "/docker.sock")
			.anyMatch((host) -> host != null && listens(host));
	}

	private static boolean listens(String host) {
		try {
			URI uri = URI.create(host);
			if (!"unix".equals(uri.getScheme())) {
				// A remote engine, chosen on purpose: worth an attempt.
				return uri.getHost() != null;
			}
			SocketAddress address = UnixDomainSocketAddress.of(Path.of(uri.getPath()));
			try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
				return channel.connect(address);
			}
		}
		catch (IOException | RuntimeException ex) {
			return false;
		}
	}

}
