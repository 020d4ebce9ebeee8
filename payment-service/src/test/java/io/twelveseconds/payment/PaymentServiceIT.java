package io.twelveseconds.payment;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.MeterRegistry;
import io.twelveseconds.payment.Charge.Status;
import io.twelveseconds.teststack.RealPostgres;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * The whole service with a real PostgreSQL.
 */
@RealPostgres("payment")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
class PaymentServiceIT {

	@Autowired
	private Cashier cashier;

	/** A spy only to count the statements: each one is a span in the checkout's trace. */
	@MockitoSpyBean
	private JdbcClient jdbc;

	@Autowired
	private MeterRegistry meters;

	private RestTestClient client;

	/** What the provider had taken and not given back before the test. */
	private double takenBefore;

	private final UUID order = UUID.randomUUID();

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.client = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
		this.takenBefore = taken();
	}

	@Test
	void chargesOnceHoweverOftenItIsAsked() {
		List<Charge.Reply> replies = atOnce(20, (n) -> this.cashier.charge(this.order, "cust-01", euros("32.00")));
		assertThat(replies).extracting(Charge.Reply::outcome).containsOnly(Status.CAPTURED);
		assertThat(status()).isEqualTo("CAPTURED");
		assertThat(taken()).isEqualTo(this.takenBefore + 1);
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
		pending("cust-01", "5.00");
		assertThat(this.cashier.charge(this.order, "cust-01", euros("5.00")).outcome()).isEqualTo(Status.CAPTURED);
		assertThat(status()).isEqualTo("CAPTURED");
	}

	@Test
	void chargeLeftPendingByACrashIsFinishedByItsRefund() {
		pending("cust-01", "5.00");
		assertThat(this.cashier.refund(this.order).outcome()).isEqualTo(Status.REFUNDED);
		assertThat(status()).isEqualTo("REFUNDED");
		assertThat(taken()).isEqualTo(this.takenBefore);
	}

	@Test
	void refundOfADeclinedChargeGivesNothingBack() {
		pending("cust-20", "5.00");
		Charge.Reply nothing = new Charge.Reply(Status.VOIDED, null);
		assertThat(this.cashier.refund(this.order)).isEqualTo(nothing);
		assertThat(this.cashier.refund(this.order)).isEqualTo(nothing);
		assertThat(this.cashier.charge(this.order, "cust-20", euros("5.00")).outcome()).isEqualTo(Status.DECLINED);
	}

	@Test
	void chargeAndRefundAtOnceLeaveNoMoneyTaken() {
		for (int round = 0; round < 20; round++) {
			UUID contested = UUID.randomUUID();
			List<Status> outcomes = atOnce(6, (n) -> (n % 2 == 0)
					? this.cashier.charge(contested, "cust-01", euros("32.00")) : this.cashier.refund(contested))
				.stream()
				.map(Charge.Reply::outcome)
				.toList();
			assertThat(outcomes).isSubsetOf(Status.CAPTURED, Status.REFUNDED, Status.VOIDED);
			assertThat(this.cashier.refund(contested).outcome()).isIn(Status.REFUNDED, Status.VOIDED);
			assertThat(this.cashier.charge(contested, "cust-01", euros("32.00")).outcome()).isIn(Status.REFUNDED,
					Status.VOIDED);
			assertThat(taken()).isEqualTo(this.takenBefore);
		}
	}

	@Test
	void chargeIsTwoStatements() {
		clearInvocations(this.jdbc);
		this.cashier.charge(this.order, "cust-01", euros("32.00"));
		verify(this.jdbc, times(2)).sql(anyString());
	}

	@ParameterizedTest
	@CsvSource({ "cust-01, 33.00", "cust-02, 32.00", "cust-99, 32.00" })
	void anotherChargeForTheSameOrderIsAConflict(String customer, String amount) {
		pending("cust-01", "32.00");
		post("/charges",
				"""
						{"orderId": "%s", "customer": "%s", "amount": {"amount": "%s", "currency": "EUR"}}"""
					.formatted(this.order, customer, amount))
			.expectStatus()
			.isEqualTo(409)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.type")
			.isEqualTo("urn:problem:payment:other-charge");
		assertThat(status()).isEqualTo("PENDING");
	}

	@Test
	void refundsOnce() {
		this.cashier.charge(this.order, "cust-01", euros("32.00"));
		assertThat(this.cashier.refund(this.order).outcome()).isEqualTo(Status.REFUNDED);
		assertThat(this.cashier.refund(this.order).outcome()).isEqualTo(Status.REFUNDED);
		assertThat(this.cashier.charge(this.order, "cust-01", euros("32.00")).outcome()).isEqualTo(Status.REFUNDED);
		assertThat(taken()).isEqualTo(this.takenBefore);
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

	private RestTestClient.ResponseSpec post(String path, String body) {
		return this.client.post().uri(path).contentType(MediaType.APPLICATION_JSON).body(body).exchange();
	}

	private void pending(String customer, String amount) {
		this.jdbc.sql("""
				INSERT INTO charges (order_id, status, customer, amount, currency, at)
				VALUES (:order, 'PENDING', :customer, :amount, 'EUR', now())
				""")
			.param("order", this.order)
			.param("customer", customer)
			.param("amount", new BigDecimal(amount))
			.update();
	}

	/** How many charges have not been given back, by the provider's own count. */
	private double taken() {
		return this.meters.counter("card.provider.charges").count()
				- this.meters.counter("card.provider.refunds").count();
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

	/** All start at the same time, as far as the machine can. */
	private static <T> List<T> atOnce(int times, IntFunction<T> work) {
		ExecutorService pool = Executors.newFixedThreadPool(times);
		CyclicBarrier start = new CyclicBarrier(times);
		try {
			return IntStream.range(0, times).mapToObj((n) -> pool.submit(() -> {
				start.await();
				return work.apply(n);
			})).toList().stream().map(PaymentServiceIT::join).toList();
		}
		finally {
			pool.shutdownNow();
		}
	}

	private static <T> T join(Future<T> future) {
		try {
			return future.get(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException | ExecutionException | TimeoutException ex) {
			throw new AssertionError(ex);
		}
	}

}
