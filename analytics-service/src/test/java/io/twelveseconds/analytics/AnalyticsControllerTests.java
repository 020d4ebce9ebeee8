package io.twelveseconds.analytics;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

@WebMvcTest(AnalyticsController.class)
class AnalyticsControllerTests {

	private static final UUID SLOW = UUID.randomUUID();

	@Autowired
	private MockMvcTester mvc;

	@Test
	void acceptsCheckoutEachTimeItIsTold() {
		String checkout = checkout(UUID.randomUUID(), "CONFIRMED", 87);
		assertThat(post(checkout)).hasStatus(HttpStatus.ACCEPTED).bodyText().isEmpty();
		assertThat(post(checkout)).hasStatus(HttpStatus.ACCEPTED);
	}

	@Test
	void answersSummary() {
		assertThat(this.mvc.get().uri("/summary")).hasStatusOk().bodyJson().isStrictlyEqualTo("""
				{ "orders": 1, "items": 3, "revenue": { "amount": "32.00", "currency": "EUR" },
				  "checkouts": { "CONFIRMED": 1 } }""");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{}", "[]", "{ \"orderId\": \"7\", \"outcome\": \"CONFIRMED\", \"durationMs\": 1 }",
			"{ \"orderId\": \"6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d\", \"outcome\": \"CONFIRMED\", \"durationMs\": 1.9 }" })
	void refusesWhatIsNoCheckout(String body) {
		assertRefused(post(body));
	}

	@Test
	void refusesOutcomeThatCannotBeAKeyOfTheSummary() {
		assertRefused(post(checkout(UUID.randomUUID(), "so so", 1)));
		assertRefused(post(checkout(UUID.randomUUID(), "X".repeat(41), 1)));
		assertRefused(post(checkout(UUID.randomUUID(), "CONFIRMED", -1)));
	}

	@Test
	void saysThatTheDatabaseIsMissingAndNothingMore() {
		MvcTestResult result = post(checkout(SLOW, "CONFIRMED", 1));
		assertThat(result).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
			.hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
			.hasHeader("Retry-After", "5")
			.bodyJson()
			.extractingPath("$.type")
			.isEqualTo("urn:problem:analytics:unavailable");
		assertThat(result).bodyText().doesNotContain("INSERT");
	}

	private MvcTestResult post(String body) {
		return this.mvc.post().uri("/checkouts").contentType(MediaType.APPLICATION_JSON).content(body).exchange();
	}

	private static String checkout(UUID orderId, String outcome, long durationMs) {
		return """
				{ "orderId": "%s", "outcome": "%s", "durationMs": %d }""".formatted(orderId, outcome, durationMs);
	}

	private static void assertRefused(MvcTestResult result) {
		assertThat(result).hasStatus(HttpStatus.BAD_REQUEST)
			.hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
			.bodyText()
			.doesNotContain("Exception");
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Stubs {

		@Bean
		Figures figures() {
			return new FiguresInMemory();
		}

	}

	private static final class FiguresInMemory extends Figures {

		private final Map<UUID, String> checkouts = new HashMap<>();

		private FiguresInMemory() {
			super(mock(JdbcClient.class));
		}

		@Override
		boolean track(UUID orderId, String outcome, long durationMs, Instant now) {
			if (orderId.equals(SLOW)) {
				throw new QueryTimeoutException("INSERT INTO checkouts");
			}
			return this.checkouts.putIfAbsent(orderId, outcome) == null;
		}

		@Override
		Summary summary() {
			return new Summary(1, 3, Money.euros(new BigDecimal("32.00")), Map.of("CONFIRMED", 1L));
		}

	}

}
