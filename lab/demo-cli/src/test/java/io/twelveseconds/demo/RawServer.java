package io.twelveseconds.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Writes bytes that no HTTP server would, once the request has begun, and then closes the
 * connection or leaves it.
 */
public final class RawServer implements AutoCloseable {

	private final ServerSocket server;

	private final List<Socket> connections = new CopyOnWriteArrayList<>();

	public RawServer(String answer, boolean close) {
		try {
			this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Thread thread = new Thread(() -> {
			while (!this.server.isClosed()) {
				try {
					serve(answer, close);
				}
				catch (IOException ex) {
					// Whoever asked has gone, or we are closed: there is nobody to tell.
				}
			}
		});
		thread.setDaemon(true);
		thread.start();
	}

	private void serve(String answer, boolean close) throws IOException {
		Socket connection = this.server.accept();
		this.connections.add(connection);
		connection.getInputStream().read();
		connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
		if (close) {
			connection.close();
		}
	}

	public String url() {
		return "http://127.0.0.1:" + this.server.getLocalPort();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket connection : this.connections) {
			connection.close();
		}
	}

}
