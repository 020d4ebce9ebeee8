package io.twelveseconds.localstack;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import com.icegreen.greenmail.util.GreenMailUtil;
import io.twelveseconds.localstack.Mailbox.Mail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class MailboxTests {

	private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

	private final Mailbox mailbox = new Mailbox(3, Clock.fixed(NOW, ZoneOffset.UTC));

	@Test
	void dropsTheOldest() throws Exception {
		for (int i = 1; i <= 5; i++) {
			keep("Subject: Order " + i + "\r\n\r\nHello");
		}
		assertThat(this.mailbox.all()).extracting(Mail::subject).containsExactly("Order 5", "Order 4", "Order 3");
	}

	@Test
	void keepsAMailThatLacksEverything() throws Exception {
		keep("\r\n");
		assertThat(this.mailbox.all()).singleElement().satisfies((mail) -> {
			assertThat(mail.created()).isEqualTo(NOW);
			assertThat(mail.sender()).isNull();
			assertThat(mail.to()).isEmpty();
			assertThat(mail.subject()).isEmpty();
		});
	}

	@Test
	void keepsAMailThatCannotBeReadAsItCame() throws Exception {
		keep("From: Ada <ada@@example\r\nTo: <>, bob\r\nSubject: Order 1\r\n"
				+ "Content-Type: text/plain; charset=nosuch\r\n\r\nHello");
		assertThat(this.mailbox.all()).singleElement().satisfies((mail) -> {
			assertThat(mail.from()).singleElement().asString().contains("ada@@example");
			assertThat(mail.subject()).isEqualTo("Order 1");
			assertThat(mail.text()).contains("charset=nosuch").endsWith("Hello");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "receipt", "RECEIPT", "subject:receipt", "\"Order 12\"", "subject:\"order 12\" to:ada",
			"from:shop@example.com", "thanks" })
	void finds(String query) throws Exception {
		keep("From: shop@example.com\r\nTo: Ada <ada@example.com>\r\nSubject: Receipt for order 12\r\n\r\nThanks!");
		assertThat(this.mailbox.matching(query)).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "refund", "to:shop@example.com", "receipt refund", "\"order 1 2\"", "from:ada", "mail",
			"subject", "person", "to:name", "2026" })
	void doesNotFind(String query) throws Exception {
		keep("From: shop@example.com\r\nTo: Ada <ada@example.com>\r\nSubject: Receipt for order 12\r\n\r\nThanks!");
		assertThat(this.mailbox.matching(query)).isEmpty();
	}

	private void keep(String message) throws Exception {
		this.mailbox.keep(GreenMailUtil.newMimeMessage(message));
	}

}
