package io.twelveseconds.localstack;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Clock;
import java.util.Set;

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.smtp.SmtpManager;
import com.icegreen.greenmail.smtp.SmtpServer;
import com.icegreen.greenmail.smtp.SmtpState;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import org.jspecify.annotations.Nullable;

/** Takes every mail by SMTP, delivers none, and shows what came as Mailpit does. */
public final class MailServer implements LocalServer {

	private final int smtpPort;

	private final int apiPort;

	private final Mailbox mailbox = new Mailbox(10_000, Clock.systemUTC());

	private volatile @Nullable SmtpServer smtp;

	private @Nullable MailApi api;

	public MailServer(int smtpPort, int apiPort) {
		this.smtpPort = smtpPort;
		this.apiPort = apiPort;
	}

	public static void main(String[] args) {
		ServerProgram.run("mail", Set.of("smtp-port", "api-port"), args,
				(options) -> new MailServer(options.port("smtp-port", 1025), options.port("api-port", 8025)));
	}

	@Override
	public synchronized void start() throws IOException, InterruptedException {
		Ports.requireFree(this.smtpPort);
		Ports.requireFree(this.apiPort);
		this.smtp = new PromptServer(new ServerSetup(this.smtpPort, Ports.HOST, ServerSetup.PROTOCOL_SMTP),
				new IntoMailbox());
		this.smtp.startService();
		if (!this.smtp.waitTillRunning(10_000)) {
			throw new IOException("the SMTP server does not come up");
		}
		this.api = new MailApi(this.apiPort, this.mailbox);
	}

	@Override
	public String address() {
		return "%s:%d (SMTP) and http://%1$s:%3$d".formatted(Ports.HOST, this.smtpPort, this.apiPort);
	}

	@Override
	public void await() throws InterruptedException {
		SmtpServer running = this.smtp;
		if (running != null) {
			running.join();
		}
	}

	@Override
	public synchronized void close() {
		if (this.api != null) {
			this.api.close();
		}
		if (this.smtp != null) {
			this.smtp.stopService();
		}
	}

	/**
	 * GreenMail writes an answer line by line, and the second would wait for the sender's
	 * acknowledgement of the first: 40 ms for every mail.
	 */
	private static final class PromptServer extends SmtpServer {

		PromptServer(ServerSetup setup, Managers managers) {
			super(setup, managers);
		}

		@Override
		protected void handleClientSocket(Socket socket) throws SocketException {
			socket.setTcpNoDelay(true);
			super.handleClientSocket(socket);
		}

	}

	/**
	 * GreenMail would give each recipient an IMAP account and keep every mail for ever:
	 * its SMTP part is enough.
	 */
	private final class IntoMailbox extends Managers {

		private final SmtpManager manager = new SmtpManager(getImapHostManager(), getUserManager()) {

			@Override
			public synchronized void send(SmtpState state) {
				try {
					MailServer.this.mailbox.keep(state.getMessage().getMessage());
				}
				catch (IOException | MessagingException ex) {
					// GreenMail tells the sender 451, and the log the reason.
					throw new IllegalStateException(ex);
				}
			}

		};

		@Override
		public SmtpManager getSmtpManager() {
			return this.manager;
		}

	}

}
