package io.twelveseconds.loyalty;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class LoyaltyController {

	private final Awards awards;

	private final Accounts accounts;

	LoyaltyController(Awards awards, Accounts accounts) {
		this.awards = awards;
		this.accounts = accounts;
	}

	@PostMapping("/awards")
	AwardReply award(@RequestBody AwardRequest request) {
		return new AwardReply(this.awards.award(request.orderId(), request.customer(), request.lines()));
	}

	@GetMapping("/customers/{customer}/loyalty")
	Account account(@PathVariable String customer) {
		return this.accounts.of(customer).orElseThrow(() -> new LoyaltyProblems.UnknownCustomer(customer));
	}

	record AwardRequest(UUID orderId, String customer, List<Line> lines) {

		AwardRequest {
			Objects.requireNonNull(orderId, "orderId");
			if (!customer.matches("[a-z0-9-]{1,40}")) {
				throw new IllegalArgumentException("This is no customer's id");
			}
			lines = List.copyOf(lines);
		}

	}

	record AwardReply(long points) {
	}

}
