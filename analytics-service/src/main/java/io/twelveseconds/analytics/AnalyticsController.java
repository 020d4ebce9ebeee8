package io.twelveseconds.analytics;

import java.time.Clock;
import java.util.Objects;
import java.util.UUID;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class AnalyticsController {

	private static final Logger log = LoggerFactory.getLogger(AnalyticsController.class);

	private final Figures figures;

	private final Clock clock;

	AnalyticsController(Figures figures, Clock clock) {
		this.figures = figures;
		this.clock = clock;
	}

	@PostMapping("/checkouts")
	@ResponseStatus(HttpStatus.ACCEPTED)
	void track(@RequestBody CheckoutRequest checkout) {
		if (this.figures.track(checkout.orderId(), checkout.outcome(), checkout.durationMs(), this.clock.instant())) {
			log.info("Checkout of order {} tracked as {}", checkout.orderId(), checkout.outcome());
		}
	}

	@GetMapping("/summary")
	Figures.Summary summary() {
		return this.figures.summary();
	}

	record CheckoutRequest(UUID orderId, String outcome, long durationMs) {

		CheckoutRequest {
			Objects.requireNonNull(orderId, "orderId");
			// Not an enum, so that order-service may have a new outcome; bounded, since
			// it becomes a key of the summary.
			if (!outcome.matches("[A-Z_]{1,40}")) {
				throw new IllegalArgumentException("An outcome is a word in capitals");
			}
			if (durationMs < 0) {
				throw new IllegalArgumentException("No checkout takes less than no time");
			}
		}

	}

}
