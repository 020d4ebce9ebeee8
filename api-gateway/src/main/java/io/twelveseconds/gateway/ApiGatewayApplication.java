package io.twelveseconds.gateway;

import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.service.registry.ImportHttpServices;

// No /error page: what Spring MVC leaves unanswered is answered by TomcatProblems.
@SpringBootApplication(proxyBeanMethods = false, exclude = ErrorMvcAutoConfiguration.class)
@ConfigurationPropertiesScan
@ImportHttpServices(group = "order", types = OrderApi.class)
@ImportHttpServices(group = "inventory", types = InventoryApi.class)
@ImportHttpServices(group = "loyalty", types = LoyaltyApi.class)
@ImportHttpServices(group = "notification", types = NotificationApi.class)
@ImportHttpServices(group = "analytics", types = AnalyticsApi.class)
public class ApiGatewayApplication {

	public static void main(String[] args) {
		SpringApplication.run(ApiGatewayApplication.class, args);
	}

	/**
	 * A pool for each neighbour, and nothing done behind our back. No request is
	 * repeated, not even a lookup: whoever called us knows whether the answer is still
	 * wanted, and two levels that repeat make one failure into many requests. So that the
	 * restart of a neighbour costs no request, a connection that lay idle is looked at
	 * before it is used again. No compression is offered, which no service behind us
	 * would use.
	 */
	@Bean
	ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> poolPerNeighbour(
			GatewaySettings settings) {
		GatewaySettings.Pool pool = settings.pool();
		return (builder) -> builder
			.withConnectionManagerCustomizer(
					(manager) -> manager.setMaxConnPerRoute(pool.size()).setMaxConnTotal(pool.size()))
			.withConnectionConfigCustomizer(
					(connection) -> connection.setValidateAfterInactivity(TimeValue.of(pool.checkAfter())))
			.withDefaultRequestConfigCustomizer(
					(request) -> request.setConnectionRequestTimeout(Timeout.of(pool.maxWait())))
			.withHttpClientCustomizer((client) -> client.disableAutomaticRetries().disableContentCompression());
	}

}
