package io.twelveseconds.gateway;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The settings under {@code gateway}; application.yaml gives the values and their
 * reasons.
 *
 * @param traceUrlTemplate where a person can look at a trace; {@code {traceId}} is filled
 * in
 */
@ConfigurationProperties("gateway")
record GatewaySettings(String traceUrlTemplate, Pool pool) {

	String traceUrl(String traceId) {
		return this.traceUrlTemplate.replace("{traceId}", traceId);
	}

	/**
	 * The connections to one neighbour.
	 *
	 * @param size how many at most
	 * @param maxWait how long a request may wait for one to become free
	 * @param checkAfter how long one may lie idle and still be used unseen
	 */
	record Pool(int size, Duration maxWait, Duration checkAfter) {
	}

}
