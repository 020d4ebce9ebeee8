package io.twelveseconds.inventory;

import java.net.URI;

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
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is answered without a database: to requests that are none, and to all others that
 * they must wait.
 */
@WebMvcTest(InventoryController.class)
@Import({ StockReservations.class, Stock.class, BoundedBestSellers.class, NaiveBestSellers.class })
class InventoryControllerTests {

	private static final String ORDER = "6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d";

	@Autowired
	private MockMvcTester mvc;

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "{}", "{ \"orderId\": \"42\", \"lines\": [] }",
			"{ \"orderId\": \"" + ORDER + "\" }", "{ \"orderId\": \"" + ORDER + "\", \"lines\": [] }",
			"{ \"orderId\": \"" + ORDER + "\", \"lines\": [null] }",
			"{ \"lines\": [{ \"sku\": \"sku-01\", \"quantity\": 1 }] }" })
	void refusesWhatIsNoReservation(String body) {
		assertBadRequest(post(body));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "{ \"quantity\": 1 }", "{ \"sku\": \"sku-01\" }", "{ \"sku\": \"sku-01\", \"quantity\": 0 }",
					"{ \"sku\": \"sku-01\", \"quantity\": -1 }", "{ \"sku\": \"sku-01\", \"quantity\": null }",
					"{ \"sku\": \"sku-01\", \"quantity\": 1.5 }", "{ \"sku\": \"sku-01\", \"quantity\": 99999999999 }",
					"{ \"sku\": \"sku-01\", \"quantity\": \"many\" }", "{ \"sku\": \"\", \"quantity\": 1 }",
					"{ \"sku\": \"sku\\u0000\", \"quantity\": 1 }", "{ \"sku\": \"\\ud800\", \"quantity\": 1 }" })
	void refusesWhatIsNoLine(String line) {
		assertBadRequest(post(reservation(line)));
	}

	@Test
	void refusesMoreThanHundredLines() {
		String line = "{ \"sku\": \"sku-01\", \"quantity\": 1 }";
		assertBadRequest(post(reservation(line + (", " + line).repeat(100))));
	}

	@Test
	void refusesWhatIsNoOrderId() {
		assertBadRequest(this.mvc.delete().uri("/reservations/42").exchange());
	}

	@ParameterizedTest
	@ValueSource(strings = { "/products?sku=", "/products?sku=sku-01&sku=%20", "/products?sku=%00", "/products/SKU" })
	void refusesWhatIsNoSku(String uri) {
		assertBadRequest(this.mvc.get().uri(URI.create(uri)).exchange());
	}

	@Test
	void refusesMoreThanHundredProducts() {
		assertBadRequest(this.mvc.get().uri("/products?sku=sku-01" + "&sku=sku-01".repeat(100)).exchange());
	}

	@Test
	void saysThatTheDatabaseIsMissingAndNothingMore() {
		assertUnavailable(post(reservation("{ \"sku\": \"sku-01\", \"quantity\": 1 }")));
		assertUnavailable(this.mvc.delete().uri("/reservations/" + ORDER).exchange());
		assertUnavailable(this.mvc.get().uri("/products").exchange());
		assertUnavailable(this.mvc.get().uri("/products?sku=sku-01&sku=sku-02").exchange());
		assertUnavailable(this.mvc.get().uri("/products/sku-01").exchange());
		assertUnavailable(this.mvc.get().uri("/products/best-sellers").exchange());
	}

	private MvcTestResult post(String body) {
		return this.mvc.post().uri("/reservations").contentType(MediaType.APPLICATION_JSON).content(body).exchange();
	}

	private static String reservation(String lines) {
		return "{ \"orderId\": \"" + ORDER + "\", \"lines\": [" + lines + "] }";
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
			.contains("urn:problem:inventory:unavailable")
			.doesNotContain("127.0.0.1", "SELECT", "Exception");
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class NoDatabase {

		/** Nobody listens at port 1: each connection is really refused. */
		private final DriverManagerDataSource nowhere = new DriverManagerDataSource(
				"jdbc:postgresql://127.0.0.1:1/inventory");

		@Bean
		JdbcClient jdbcClient() {
			return JdbcClient.create(this.nowhere);
		}

		@Bean
		TransactionTemplate transactionTemplate() {
			return new TransactionTemplate(new JdbcTransactionManager(this.nowhere));
		}

	}

}
