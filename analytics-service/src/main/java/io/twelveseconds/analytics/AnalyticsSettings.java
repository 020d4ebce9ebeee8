package io.twelveseconds.analytics;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The settings under {@code analytics}; application.yaml gives the values and their
 * reasons.
 */
@ConfigurationProperties("analytics")
record AnalyticsSettings(Retry retry) {

	/**
	 * @param backoff wait before the first retry; doubled for each further one
	 * @param maxBackoff longest wait between two attempts
	 * @param jitter random part of a wait
	 * @param attempts retries before the event becomes a dead letter
	 */
	record Retry(Duration backoff, Duration maxBackoff, Duration jitter, int attempts) {
	}

}
