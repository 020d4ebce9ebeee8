package io.twelveseconds.demo.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between the agents and who takes their spans, and counts the bytes as they are
 * on the wire: headers included, compressed if they are. It understands none of them.
 */
final class ByteRelay implements AutoCloseable {

	private final ServerSocket door;

	private final int target;

	private final AtomicLong sent = new AtomicLong();

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "relay");
		thread.setDaemon(true);
		return thread;
	});

	/** Listens on a port of its own, and hands on to that one. */
	ByteRelay(int target) throws IOException {
		this.target = target;
		this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.threads.execute(this::accept);
	}

	String url() {
		return "http://127.0.0.1:" + this.door.getLocalPort();
	}

	/** Bytes that went towards the target until now. */
	long sent() {
		return this.sent.get();
	}

	private void accept() {
		try {
			while (true) {
				Socket client = this.door.accept();
				this.threads.execute(() -> connect(client));
			}
		}
		catch (IOException ex) {
			// Closed, which is how it ends.
		}
	}

	/** What fails here fails for the agent as well, which counts it and says so. */
	private void connect(Socket client) {
		this.open.add(client);
		try (client; Socket server = new Socket(InetAddress.getLoopbackAddress(), this.target)) {
			this.open.add(server);
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
			this.threads.execute(() -> pass(server, client, new AtomicLong()));
			pass(client, server, this.sent);
			this.open.remove(server);
		}
		catch (IOException ex) {
			// As if the target had closed it.
		}
		finally {
			this.open.remove(client);
		}
	}

	private static void pass(Socket from, Socket to, AtomicLong count) {
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			byte[] buffer = new byte[16 * 1024];
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				out.write(buffer, 0, read);
				count.addAndGet(read);
			}
		}
		catch (IOException ex) {
			// One of them has gone; so does the other.
		}
	}

	@Override
	public void close() throws IOException {
		this.door.close();
		for (Socket socket : this.open) {
			socket.close();
		}
		this.threads.shutdownNow();
	}

}
