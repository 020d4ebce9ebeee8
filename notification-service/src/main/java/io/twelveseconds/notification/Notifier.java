package io.twelveseconds.notification;

import java.time.Clock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.mail.MailException;
import org.springframework.mail.MailSender;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Tells a customer by mail, once per piece of news. The row is written first and the mail
 * sent in the same transaction: if the mail server does not take the mail, no row remains
 * and the next attempt starts afresh. What is left is the time from when the mail server
 * has the mail until the commit: if its yes comes too late, or a crash before it, or the
 * commit fails, the mail is sent again. A mail too many beats a mail that never comes,
 * and no order of the two steps avoids both.
 */
@Service
class Notifier {

	private static final Logger log = LoggerFactory.getLogger(Notifier.class);

	private final Notifications notifications;

	private final MailSender mail;

	private final Clock clock;

	private final String sender;

	Notifier(Notifications notifications, MailSender mail, Clock clock, NotificationSettings settings) {
		this.notifications = notifications;
		this.mail = mail;
		this.clock = clock;
		this.sender = settings.sender();
	}

	@Transactional
	void tell(OrderEvent.News news) {
		Notifications.Recipient recipient = this.notifications.add(news, this.clock.instant())
			.orElseThrow(() -> new UnknownRecipient(news.customer()));
		if (recipient.alreadyTold()) {
			log.info("Order {}: {} was told before, no second mail", news.orderId(), news.kind());
			return;
		}
		send(news, recipient);
		log.info("Order {}: told {} {}", news.orderId(), news.customer(), news.kind());
	}

	private void send(OrderEvent.News news, Notifications.Recipient recipient) {
		SimpleMailMessage message = new SimpleMailMessage();
		message.setFrom(this.sender);
		message.setTo(recipient.email());
		message.setSubject(news.subject());
		message.setText(news.text(recipient.name()));
		try {
			this.mail.send(message);
		}
		catch (MailException ex) {
			throw new MailNotSent(ex);
		}
	}

	/**
	 * Without the mail server's words and without a cause: they may name the address, and
	 * an exception ends up in logs, spans and dead letters.
	 */
	static class MailNotSent extends RuntimeException {

		private static final long serialVersionUID = 1L;

		MailNotSent(MailException ex) {
			super("The mail was not sent: " + NestedExceptionUtils.getMostSpecificCause(ex).getClass().getSimpleName());
		}

	}

	static class UnknownRecipient extends RuntimeException {

		private static final long serialVersionUID = 1L;

		UnknownRecipient(String customer) {
			super("There is no address for customer " + customer);
		}

	}

}
