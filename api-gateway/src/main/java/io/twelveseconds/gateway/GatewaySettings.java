package io.twelveseconds.gateway;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The settings under {@code gateway}.
 *
 * @param traceUrlTemplate where a person can look at a trace; {@code {traceId}} is filled
 * in
 */
@ConfigurationProperties("gateway")
record GatewaySettings(String traceUrlTemplate) {

	String traceUrl(String traceId) {
		return this.traceUrlTemplate.replace("{traceId}", traceId);
	}

}
