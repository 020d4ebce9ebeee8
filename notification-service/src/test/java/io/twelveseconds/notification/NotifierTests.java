package io.twelveseconds.notification;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mail.MailSendException;
import org.springframework.mail.MailSender;
import org.springframework.mail.SimpleMailMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

class NotifierTests {

	private static final Notifications.Recipient NEW = new Notifications.Recipient("Fern Sample", "fern@example.com",
			false);

	private final OrderEvent.News news = new OrderEvent.OrderCancelled(UUID.randomUUID(), UUID.randomUUID(), "cust-07",
			null);

	@Test
	void writesToTheCustomer() {
		List<SimpleMailMessage> mails = new ArrayList<>();
		notifier(NEW, (messages) -> mails.addAll(List.of(messages))).tell(this.news);
		assertThat(mails).singleElement().satisfies((mail) -> {
			assertThat(mail.getFrom()).isEqualTo("shop@example.com");
			assertThat(mail.getTo()).containsExactly("fern@example.com");
			assertThat(mail.getSubject()).isEqualTo(this.news.subject());
			assertThat(mail.getText()).isEqualTo(this.news.text("Fern Sample"));
		});
	}

	@Test
	void writesNothingToCustomerToldBefore() {
		List<SimpleMailMessage> mails = new ArrayList<>();
		notifier(new Notifications.Recipient("Fern Sample", "fern@example.com", true),
				(messages) -> mails.addAll(List.of(messages)))
			.tell(this.news);
		assertThat(mails).isEmpty();
	}

	@Test
	void failureNamesNoAddress() {
		Notifier notifier = notifier(NEW, (messages) -> {
			throw new MailSendException("550 no such mailbox: fern@example.com",
					new IllegalStateException("fern@example.com"));
		});
		assertThatExceptionOfType(Notifier.MailNotSent.class).isThrownBy(() -> notifier.tell(this.news))
			.withMessage("The mail was not sent: IllegalStateException")
			.withNoCause();
	}

	@Test
	void refusesCustomerItDoesNotKnow() {
		assertThatExceptionOfType(Notifier.UnknownRecipient.class).isThrownBy(() -> notifier(null, (messages) -> {
		}).tell(this.news)).withMessage("There is no address for customer cust-07");
	}

	@Test
	void recipientDoesNotPrintItself() {
		assertThat(NEW).hasToString("Recipient[alreadyTold=false]");
	}

	private static Notifier notifier(Notifications.Recipient recipient, MailSender mail) {
		NotificationSettings.Retry retry = new NotificationSettings.Retry(Duration.ZERO, Duration.ZERO, Duration.ZERO,
				0);
		return new Notifier(new Notifications(mock(JdbcClient.class)) {
			@Override
			Optional<Recipient> add(OrderEvent.News news, Instant now) {
				return Optional.ofNullable(recipient);
			}
		}, mail, Clock.systemUTC(), new NotificationSettings("shop@example.com", retry));
	}

}
