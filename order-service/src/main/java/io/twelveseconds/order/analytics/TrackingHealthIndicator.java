package io.twelveseconds.order.analytics;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * How many checkouts wait to be tracked, and since when. {@code DEGRADED} is a status
 * that Spring does not know, and so leaves that of the whole service alone: nobody should
 * restart order-service because analytics-service is away.
 */
@Component
class TrackingHealthIndicator extends AbstractHealthIndicator {

	private static final Status DEGRADED = new Status("DEGRADED");

	private final Untracked untracked;

	TrackingHealthIndicator(Untracked untracked) {
		this.untracked = untracked;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Untracked.Waiting waiting = this.untracked.waiting();
		builder.status((waiting.since() != null) ? DEGRADED : Status.UP).withDetail("waiting", waiting.checkouts());
		if (waiting.since() != null) {
			builder.withDetail("since", waiting.since());
		}
	}

}
