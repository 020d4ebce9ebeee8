package io.twelveseconds.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of this machine that really refuses: a socket is bound to it and does not
 * listen, so that nobody else gets it either.
 */
final class ClosedPort implements AutoCloseable {

	private final Socket socket = new Socket();

	ClosedPort() {
		try {
			this.socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String host() {
		return InetAddress.getLoopbackAddress().getHostAddress();
	}

	int number() {
		return this.socket.getLocalPort();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
