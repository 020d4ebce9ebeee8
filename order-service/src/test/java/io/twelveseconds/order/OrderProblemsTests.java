package io.twelveseconds.order;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

/** What is said when the database fails: of an order only to who has placed one. */
class OrderProblemsTests {

	private final OrderProblems problems = new OrderProblems();

	@Test
	void whoPlacesAnOrderIsToldThatItMayBeThere() {
		assertThat(unavailable("POST", "/orders")).contains("may have been placed", "Idempotency-Key");
		assertThat(mistake("POST", "/orders")).contains("see your orders");
	}

	@ParameterizedTest
	@CsvSource({ "GET, /orders", "POST, /orders/6f1d1f0e-52c1-4c41-8a54-0e6f3a1b2c3d/events" })
	void whoPlacesNoneIsToldNothingOfOrders(String method, String path) {
		assertThat(unavailable(method, path)).isEqualTo("Try again in a few seconds.");
		assertThat(mistake(method, path)).isEqualTo("Nothing can be done about it from outside.");
	}

	private String unavailable(String method, String path) {
		return this.problems
			.unavailable(new QueryTimeoutException("no database"), new MockHttpServletRequest(method, path))
			.getBody()
			.getDetail();
	}

	private String mistake(String method, String path) {
		return this.problems
			.unknownCustomer(new DataIntegrityViolationException("too long"), new MockHttpServletRequest(method, path))
			.getDetail();
	}

}
