package io.twelveseconds.localstack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

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

	/**
	 * Free now. Below those that a system hands out by itself, or some outgoing
	 * connection might have it before the server does.
	 */
	public static int anyFree() throws IOException {
		for (int tries = 1;; tries++) {
			int port = ThreadLocalRandom.current().nextInt(21_000, 32_000);
			try {
				requireFree(port);
				return port;
			}
			catch (IOException ex) {
				if (tries == 100) {
					throw ex;
				}
			}
		}
	}

}
