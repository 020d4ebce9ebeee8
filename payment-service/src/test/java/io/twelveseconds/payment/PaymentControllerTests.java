package io.twelveseconds.payment;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is answered without a database: to requests that are none, and to all others that
 * they must wait.
 */
@WebMvcTest(PaymentController.class)
@Import({ Cashier.class, Charges.class, PretendCardProvider.class, SimpleMeterRegistry.class })
class PaymentControllerTests {

	private static final String ORDER = "6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d";

	private static final String EUROS = "{ \"amount\": \"32.00\", \"currency\": \"EUR\" }";

	@Autowired
	private MockMvcTester mvc;

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "{}", "{ \"orderId\": \"42\" }" })
	void refusesWhatIsNoRequest(String body) {
		assertBadRequest(post("/charges", body));
		assertBadRequest(post("/refunds", body));
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "32", "{}", "{ \"amount\": \"32.00\" }", "{ \"currency\": \"EUR\" }",
			"{ \"amount\": \"-0.01\", \"currency\": \"EUR\" }", "{ \"amount\": \"1.001\", \"currency\": \"EUR\" }",
			"{ \"amount\": \"1.001\", \"currency\": \"KWD\" }",
			"{ \"amount\": \"10000000000.00\", \"currency\": \"EUR\" }",
			"{ \"amount\": \"1e999999999\", \"currency\": \"EUR\" }", "{ \"amount\": \"much\", \"currency\": \"EUR\" }",
			"{ \"amount\": \"32.00\", \"currency\": \"EURO\" }" })
	void refusesWhatIsNoAmount(String amount) {
		assertBadRequest(post("/charges", charge("\"cust-01\"", amount)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "\"\"", "\"cust\\u0000\"", "\"cust-01\\nOrder 1: CAPTURED\"", "\"\\ud800\"" })
	void refusesWhatIsNoCustomer(String customer) {
		assertBadRequest(post("/charges", charge(customer, EUROS)));
	}

	@Test
	void saysThatTheDatabaseIsMissingAndNothingMore() {
		assertUnavailable(post("/charges", charge("\"cust-01\"", EUROS)));
		assertUnavailable(post("/refunds", "{ \"orderId\": \"" + ORDER + "\" }"));
	}

	private MvcTestResult post(String path, String body) {
		return this.mvc.post().uri(path).contentType(MediaType.APPLICATION_JSON).content(body).exchange();
	}

	private static String charge(String customer, String amount) {
		return "{ \"orderId\": \"" + ORDER + "\", \"customer\": " + customer + ", \"amount\": " + amount + " }";
	}

	private static void assertBadRequest(MvcTestResult result) {
		assertThat(result).hasStatus(HttpStatus.BAD_REQUEST).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(result).bodyText().doesNotContain("tools.jackson", "Exception");
	}

	private static void assertUnavailable(MvcTestResult result) {
		assertThat(result).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
			.hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
			.hasHeader("Retry-After", "5");
		assertThat(result).bodyText()
			.contains("urn:problem:payment:unavailable")
			.doesNotContain("127.0.0.1", "SELECT", "Exception");
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class NoDatabase {

		/** Nobody listens at port 1: each connection is really refused. */
		@Bean
		JdbcClient jdbcClient() {
			return JdbcClient.create(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/payment"));
		}

	}

}
