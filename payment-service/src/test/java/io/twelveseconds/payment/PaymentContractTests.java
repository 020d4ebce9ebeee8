package io.twelveseconds.payment;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Currency;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What we read can be read from the samples, and what we write is exactly the samples.
 */
class PaymentContractTests {

	private static final UUID ORDER = UUID.fromString("6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d");

	private final JsonMapper json = JsonMapper.shared();

	@Test
	void readsRequests() throws IOException {
		assertThat(this.json.readValue(sample("charge.request"), PaymentController.ChargeRequest.class))
			.isEqualTo(new PaymentController.ChargeRequest(ORDER, "cust-01",
					new Money(new BigDecimal("32.00"), Currency.getInstance("EUR"))));
		assertThat(this.json.readValue(sample("refund.request"), PaymentController.RefundRequest.class))
			.isEqualTo(new PaymentController.RefundRequest(ORDER));
	}

	@Test
	void writesReplies() throws IOException {
		writes(new Charge.Reply(Charge.Status.CAPTURED, null), "charge.reply");
		writes(new Charge.Reply(Charge.Status.DECLINED, "LIMIT_EXCEEDED"), "charge-declined.reply");
		writes(new Charge.Reply(Charge.Status.VOIDED, null), "charge-voided.reply");
		writes(new Charge.Reply(Charge.Status.REFUNDED, null), "refund.reply");
	}

	private void writes(Object value, String sample) throws IOException {
		assertThat(this.json.readTree(this.json.writeValueAsString(value)))
			.isEqualTo(this.json.readTree(sample(sample)));
	}

	private static String sample(String name) throws IOException {
		return Files.readString(Path.of("..", "contracts", "http", "payment-service", name + ".json"));
	}

}
