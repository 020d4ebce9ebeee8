package io.twelveseconds.order;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.twelveseconds.order.analytics.AnalyticsApi;
import io.twelveseconds.order.inventory.InventoryApi;
import io.twelveseconds.order.loyalty.LoyaltyApi;
import io.twelveseconds.order.payment.PatientPaymentApi;
import io.twelveseconds.order.payment.PaymentApi;
import io.twelveseconds.order.tracing.ResendSpan;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.web.service.registry.ImportHttpServices;

@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
@EnableScheduling
@ImportHttpServices(group = "inventory", types = InventoryApi.class)
@ImportHttpServices(group = "payment", types = PaymentApi.class)
@ImportHttpServices(group = "patient-payment", types = PatientPaymentApi.class)
@ImportHttpServices(group = "loyalty", types = LoyaltyApi.class)
@ImportHttpServices(group = "analytics", types = AnalyticsApi.class)
public class OrderServiceApplication {

	public static void main(String[] args) {
		SpringApplication.run(OrderServiceApplication.class, args);
	}

	/**
	 * In microseconds, as the database keeps them: a time is the same before and after.
	 */
	@Bean
	Clock clock() {
		return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1000));
	}

	/**
	 * A pool for each neighbour: as many connections as there are checkouts at once, and
	 * one for recovery, so that none waits for one. Nothing is retried behind our back:
	 * {@link Recovery} and the package {@code inventory} decide what is asked again.
	 */
	@Bean
	ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> poolPerNeighbour() {
		return (builder) -> builder
			.withConnectionManagerCustomizer((pool) -> pool.setMaxConnPerRoute(49).setMaxConnTotal(49))
			.withDefaultRequestConfigCustomizer((request) -> request.setConnectionRequestTimeout(1, TimeUnit.SECONDS))
			.withHttpClientCustomizer((client) -> client.disableAutomaticRetries()
				.disableRedirectHandling()
				.addRequestInterceptorLast(new ResendSpan()));
	}

}
