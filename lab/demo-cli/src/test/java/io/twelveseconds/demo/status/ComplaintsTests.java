package io.twelveseconds.demo.status;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ComplaintsTests {

	@Test
	void tellsWhatIsNotUpWithItsDetails() {
		assertThat(Complaints.in("order-service", """
				{"status": "UP", "components": {
				  "db": {"status": "UP", "details": {"database": "PostgreSQL"}},
				  "refresh": {"status": "UNKNOWN"},
				  "tracking": {"status": "DEGRADED", "details": {"waiting": 12, "since": "2026-11-26T04:00:00Z"}}}}"""))
			.containsExactly("order-service says: tracking is DEGRADED: waiting 12, since 2026-11-26T04:00:00Z");
	}

	@Test
	void saysNothingOfAHealthyService() {
		assertThat(Complaints.in("order-service", """
				{"status": "UP", "components": {"db": {"status": "UP"}}}""")).isEmpty();
		assertThat(Complaints.in("order-service", """
				{"status": "UP"}""")).isEmpty();
	}

	@Test
	void doesNotHideWhatItCannotRead() {
		assertThat(Complaints.in("order-service", "<html>"))
			.containsExactly("order-service says nothing readable of its health");
	}

}
