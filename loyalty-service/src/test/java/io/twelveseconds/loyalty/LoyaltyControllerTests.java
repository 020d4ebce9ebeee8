package io.twelveseconds.loyalty;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import io.twelveseconds.loyalty.inventory.Categories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.client.ResourceAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

@WebMvcTest(LoyaltyController.class)
@Import(Awards.class)
class LoyaltyControllerTests {

	private static final String LINE = """
			{ "sku": "sku-01", "quantity": 1, "unitPrice": { "amount": "9.99", "currency": "EUR" } }""";

	@Autowired
	private MockMvcTester mvc;

	@Test
	void answersAwardWithItsPoints() {
		assertThat(post(award(UUID.randomUUID(), "cust-03", LINE))).hasStatusOk()
			.bodyJson()
			.isStrictlyEqualTo("{ \"points\": 18 }");
	}

	@Test
	void answersSecondAwardWithThePointsOfTheFirst() {
		UUID orderId = UUID.randomUUID();
		assertThat(post(award(orderId, "cust-03", LINE))).hasStatusOk();
		assertThat(post(award(orderId, "cust-03", LINE + "," + LINE))).hasStatusOk()
			.bodyJson()
			.isStrictlyEqualTo("{ \"points\": 18 }");
	}

	@Test
	void ignoresFieldsItDoesNotKnow() {
		assertThat(post(award(UUID.randomUUID(), "cust-03", LINE).replaceFirst("\\{", "{ \"coupon\": 1,")))
			.hasStatusOk();
	}

	@Test
	void refusesUnknownCustomer() {
		assertProblem(post(award(UUID.randomUUID(), "cust-99", LINE)), HttpStatus.NOT_FOUND,
				"urn:problem:loyalty:unknown-customer");
		assertProblem(this.mvc.get().uri("/customers/cust-99/loyalty").exchange(), HttpStatus.NOT_FOUND,
				"urn:problem:loyalty:unknown-customer");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "{}", "{ \"orderId\": \"7\", \"customer\": \"cust-03\", \"lines\": [] }",
			"{ \"orderId\": \"6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d\", \"customer\": \"cust-03\" }",
			"{ \"orderId\": \"6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d\", \"customer\": \"cust-03\", \"lines\": [null] }",
			"{ \"orderId\": \"6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d\", \"customer\": \"\\u0000\", \"lines\": [] }" })
	void refusesWhatIsNoAward(String body) {
		MvcTestResult result = post(body);
		assertThat(result).hasStatus(HttpStatus.BAD_REQUEST).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(result).bodyText().doesNotContain("tools.jackson", "Exception");
	}

	@ParameterizedTest
	@CsvSource({ "1, 1e30", "1, 1e300000000", "1, 1e-300000000", "1, -1", "0, 1", "1001, 1", "1.9, 1" })
	void refusesWhatNoLineCosts(String quantity, String amount) {
		MvcTestResult result = post("""
				{ "orderId": "6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d", "customer": "cust-03", "lines": [
				    { "sku": "sku-01", "quantity": %s, "unitPrice": { "amount": "%s", "currency": "EUR" } } ] }
				""".formatted(quantity, amount));
		assertThat(result).hasStatus(HttpStatus.BAD_REQUEST).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
	}

	@Test
	void saysThatTheDatabaseIsMissingAndNothingMore() {
		MvcTestResult result = this.mvc.get().uri("/customers/cust-slow/loyalty").exchange();
		assertProblem(result, HttpStatus.SERVICE_UNAVAILABLE, "urn:problem:loyalty:unavailable");
		assertThat(result).hasHeader("Retry-After", "5").bodyText().doesNotContain("SELECT");
	}

	@Test
	void saysThatInventoryIsMissingAndNothingMore() {
		MvcTestResult result = post(award(UUID.randomUUID(), "cust-03", LINE.replace("sku-01", "sku-silent")));
		assertProblem(result, HttpStatus.SERVICE_UNAVAILABLE, "urn:problem:loyalty:unavailable");
		assertThat(result).hasHeader("Retry-After", "5").bodyText().doesNotContain("/products");
	}

	private MvcTestResult post(String body) {
		return this.mvc.post().uri("/awards").contentType(MediaType.APPLICATION_JSON).content(body).exchange();
	}

	private static String award(UUID orderId, String customer, String lines) {
		return """
				{ "orderId": "%s", "customer": "%s", "lines": [ %s ] }""".formatted(orderId, customer, lines);
	}

	private static void assertProblem(MvcTestResult result, HttpStatus status, String type) {
		assertThat(result).hasStatus(status)
			.hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
			.bodyJson()
			.extractingPath("$.type")
			.isEqualTo(type);
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Stubs {

		@Bean
		Accounts accounts() {
			return new AccountsInMemory();
		}

		@Bean
		Categories categories() {
			return (skus) -> {
				if (skus.contains("sku-silent")) {
					throw new ResourceAccessException("I/O error on GET request for /products");
				}
				return Map.of("sku-01", "clocks");
			};
		}

	}

	/**
	 * One premium customer, to whom clocks count twice; the database is
	 * LoyaltyServiceIT's business.
	 */
	private static final class AccountsInMemory extends Accounts {

		private final Map<UUID, Long> awards = new HashMap<>();

		private AccountsInMemory() {
			super(mock(JdbcClient.class));
		}

		@Override
		Optional<Account> of(String customer) {
			if (customer.equals("cust-slow")) {
				throw new QueryTimeoutException("SELECT 1");
			}
			return Optional.empty();
		}

		@Override
		Optional<Map<String, BigDecimal>> multipliers(String customer) {
			return customer.equals("cust-03") ? Optional.of(Map.of("clocks", BigDecimal.valueOf(2))) : Optional.empty();
		}

		@Override
		boolean add(UUID orderId, String customer, long points, Instant now) {
			return this.awards.putIfAbsent(orderId, points) == null;
		}

		@Override
		long awarded(UUID orderId) {
			return this.awards.get(orderId);
		}

	}

}
