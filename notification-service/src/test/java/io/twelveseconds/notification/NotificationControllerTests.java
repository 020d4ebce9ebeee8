package io.twelveseconds.notification;

import java.time.Instant;
import java.util.List;
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

@WebMvcTest(NotificationController.class)
class NotificationControllerTests {

	private static final UUID TOLD = UUID.randomUUID();

	private static final UUID SLOW = UUID.randomUUID();

	@Autowired
	private MockMvcTester mvc;

	@Test
	void listsWhatTheCustomerWasTold() {
		assertThat(this.mvc.get().uri("/notifications?order={order}", TOLD)).hasStatusOk()
			.bodyJson()
			.isStrictlyEqualTo("""
					{ "notifications": [
					  { "orderId": "%s", "kind": "ORDER_CANCELLED", "sentAt": "2026-03-01T12:00:01Z" } ] }"""
				.formatted(TOLD));
	}

	@Test
	void hasNothingToSayOfOrdersItNeverHeardOf() {
		assertThat(this.mvc.get().uri("/notifications?order={order}", UUID.randomUUID())).hasStatusOk()
			.bodyJson()
			.isStrictlyEqualTo("{ \"notifications\": [] }");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/notifications", "/notifications?order=", "/notifications?order=7" })
	void refusesWhatIsNoOrderId(String uri) {
		assertThat(this.mvc.get().uri(uri)).hasStatus(HttpStatus.BAD_REQUEST)
			.hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
			.bodyText()
			.doesNotContain("Exception");
	}

	@Test
	void saysThatTheDatabaseIsMissingAndNothingMore() {
		MvcTestResult result = this.mvc.get().uri("/notifications?order={order}", SLOW).exchange();
		assertThat(result).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
			.hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
			.hasHeader("Retry-After", "5")
			.bodyJson()
			.extractingPath("$.type")
			.isEqualTo("urn:problem:notification:unavailable");
		assertThat(result).bodyText().doesNotContain("SELECT");
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Stubs {

		@Bean
		Notifications notifications() {
			return new Notifications(mock(JdbcClient.class)) {
				@Override
				List<Notification> of(UUID orderId) {
					if (orderId.equals(SLOW)) {
						throw new QueryTimeoutException("SELECT 1");
					}
					return orderId.equals(TOLD) ? List.of(new Notification(TOLD, OrderEvent.Kind.ORDER_CANCELLED,
							Instant.parse("2026-03-01T12:00:01Z"))) : List.of();
				}
			};
		}

	}

}
