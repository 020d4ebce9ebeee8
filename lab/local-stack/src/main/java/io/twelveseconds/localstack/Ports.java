package io.twelveseconds.localstack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of 127.0.0.1, the only address that anything here listens on. */
public final class Ports {

	public static final String HOST = "127.0.0.1";

	private Ports() {
	}

	/** Servers complain about a taken port late, and each in its own way. */
	static void requireFree(int port) throws IOException {
		try (ServerSocket socket = new ServerSocket()) {
			// As the servers do it, or the connections of the last run count as "in use".
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(HOST, port));
		}
		catch (IOException ex) {
			throw new IOException("cannot listen on %s:%d: %s".formatted(HOST, port, ex.getMessage()), ex);
		}
	}

	/** Free now, and for a while, since systems hand such ports out in turn. */
	public static int anyFree() throws IOException {
		try (ServerSocket socket = new ServerSocket()) {
			socket.bind(new InetSocketAddress(HOST, 0));
			return socket.getLocalPort();
		}
	}

}
