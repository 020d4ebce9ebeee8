package io.twelveseconds.payment;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import io.twelveseconds.payment.Charge.Status;
import io.twelveseconds.teststack.RealPostgres;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole service with a real PostgreSQL.
 */
@RealPostgres("payment")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
class PaymentServiceIT {

	@Autowired
	private Cashier cashier;

	@Autowired
	private JdbcClient jdbc;

	private RestTestClient client;

	private final UUID order = UUID.randomUUID();

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.client = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
	}

	@Test
	void chargesOnceHoweverOftenItIsAsked() {
		ExecutorService pool = Executors.newFixedThreadPool(20);
		try {
			List<Charge.Reply> replies = IntStream.range(0, 20)
				.mapToObj((n) -> CompletableFuture
					.supplyAsync(() -> this.cashier.charge(this.order, "cust-01", euros("32.00")), pool))
				.toList()
				.stream()
				.map(CompletableFuture::join)
				.toList();
			assertThat(replies).extracting(Charge.Reply::outcome).containsOnly(Status.CAPTURED);
		}
		finally {
			pool.shutdownNow();
		}
		assertThat(status()).isEqualTo("CAPTURED");
	}

	@Test
	void declinesAboveTheCardsLimitAndStaysWithIt() {
		Charge.Reply declined = new Charge.Reply(Status.DECLINED, "LIMIT_EXCEEDED");
		assertThat(this.cashier.charge(this.order, "cust-20", euros("0.02"))).isEqualTo(declined);
		assertThat(this.cashier.charge(this.order, "cust-20", euros("0.02"))).isEqualTo(declined);
	}

	@Test
	void declinesWhoHasNoCard() {
		assertThat(this.cashier.charge(this.order, "cust-99", euros("1.00")))
			.isEqualTo(new Charge.Reply(Status.DECLINED, "UNKNOWN_CUSTOMER"));
	}

	@Test
	void chargeLeftPendingByACrashIsFinishedByWhoAsksAgain() {
		this.jdbc.sql("""
				INSERT INTO charges (order_id, status, customer, amount, currency, at)
				VALUES (:order, 'PENDING', 'cust-01', 5.00, 'EUR', now())
				""").param("order", this.order).update();
		assertThat(this.cashier.charge(this.order, "cust-01", euros("5.00")).outcome()).isEqualTo(Status.CAPTURED);
	}

	@Test
	void anotherAmountForTheSameOrderIsAConflict() {
		this.cashier.charge(this.order, "cust-01", euros("32.00"));
		post("/charges",
				"""
						{"orderId": "%s", "customer": "cust-01", "amount": {"amount": "33.00", "currency": "EUR"}}"""
					.formatted(this.order))
			.expectStatus()
			.isEqualTo(409)
			.expectBody()
			.jsonPath("$.type")
			.isEqualTo("urn:problem:payment:other-amount");
	}

	@Test
	void refundsOnce() {
		this.cashier.charge(this.order, "cust-01", euros("32.00"));
		assertThat(this.cashier.refund(this.order).outcome()).isEqualTo(Status.REFUNDED);
		assertThat(this.cashier.refund(this.order).outcome()).isEqualTo(Status.REFUNDED);
		assertThat(this.cashier.charge(this.order, "cust-01", euros("32.00")).outcome()).isEqualTo(Status.REFUNDED);
	}

	@Test
	void chargeAfterItsRefundTakesNothing() {
		assertThat(this.cashier.refund(this.order).outcome()).isEqualTo(Status.VOIDED);
		assertThat(this.cashier.charge(this.order, "cust-01", euros("32.00")).outcome()).isEqualTo(Status.VOIDED);
	}

	@Test
	void cardNeverAppearsInAnAnswerOrALog(CapturedOutput output) {
		String token = this.jdbc.sql("SELECT token FROM cards WHERE customer = 'cust-02'").query(String.class).single();
		String answer = post("/charges", """
				{"orderId": "%s", "customer": "cust-02", "amount": {"amount": "1.00", "currency": "EUR"}}"""
			.formatted(this.order)).returnResult(String.class).getResponseBody();
		assertThat(answer).contains("CAPTURED").doesNotContain(token);
		assertThat(output).contains(this.order + ": CAPTURED").doesNotContain(token);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "{}",
			"{\"orderId\": \"6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d\", \"customer\": \"cust-01\", \"amount\": {\"amount\": \"-1.00\", \"currency\": \"EUR\"}}",
			"{\"orderId\": \"6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d\", \"customer\": \"cust-01\", \"amount\": {\"amount\": \"1.001\", \"currency\": \"EUR\"}}" })
	void badRequestsAreProblems(String body) {
		post("/charges", body).expectStatus()
			.isBadRequest()
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON);
	}

	private RestTestClient.ResponseSpec post(String path, String body) {
		return this.client.post().uri(path).contentType(MediaType.APPLICATION_JSON).body(body).exchange();
	}

	private String status() {
		return this.jdbc.sql("SELECT status FROM charges WHERE order_id = :order")
			.param("order", this.order)
			.query(String.class)
			.single();
	}

	private static Money euros(String amount) {
		return new Money(new BigDecimal(amount), Currency.getInstance("EUR"));
	}

}
