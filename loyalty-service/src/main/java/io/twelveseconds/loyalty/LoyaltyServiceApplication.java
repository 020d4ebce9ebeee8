package io.twelveseconds.loyalty;

import java.time.Clock;
import java.util.concurrent.TimeUnit;

import io.twelveseconds.loyalty.inventory.InventoryApi;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.web.service.registry.ImportHttpServices;

@SpringBootApplication(proxyBeanMethods = false)
@ImportHttpServices(group = "inventory", types = InventoryApi.class)
public class LoyaltyServiceApplication {

	public static void main(String[] args) {
		SpringApplication.run(LoyaltyServiceApplication.class, args);
	}

	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

	/**
	 * As many connections as there are awards at once, so that none waits for one.
	 * Nothing is retried behind our back: order-service asks again for the whole award.
	 */
	@Bean
	ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> pool() {
		return (builder) -> builder
			.withConnectionManagerCustomizer((pool) -> pool.setMaxConnPerRoute(16).setMaxConnTotal(16))
			.withDefaultRequestConfigCustomizer(
					(request) -> request.setConnectionRequestTimeout(500, TimeUnit.MILLISECONDS))
			.withHttpClientCustomizer((client) -> client.disableAutomaticRetries().disableRedirectHandling());
	}

}
