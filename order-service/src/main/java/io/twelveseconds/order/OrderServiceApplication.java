package io.twelveseconds.order;

import java.net.http.HttpClient;
import java.time.Clock;

import io.twelveseconds.order.analytics.AnalyticsApi;
import io.twelveseconds.order.inventory.InventoryApi;
import io.twelveseconds.order.loyalty.LoyaltyApi;
import io.twelveseconds.order.payment.PaymentApi;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.web.service.registry.ImportHttpServices;

@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
@EnableScheduling
@ImportHttpServices(group = "inventory", types = InventoryApi.class)
@ImportHttpServices(group = "payment", types = PaymentApi.class)
@ImportHttpServices(group = "loyalty", types = LoyaltyApi.class)
@ImportHttpServices(group = "analytics", types = AnalyticsApi.class)
public class OrderServiceApplication {

	public static void main(String[] args) {
		SpringApplication.run(OrderServiceApplication.class, args);
	}

	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

	/**
	 * The JDK's client would ask for HTTP/2 with every first request; nobody here speaks it.
	 */
	@Bean
	ClientHttpRequestFactoryBuilderCustomizer<JdkClientHttpRequestFactoryBuilder> plainHttp() {
		return (builder) -> builder.withHttpClientCustomizer((http) -> http.version(HttpClient.Version.HTTP_1_1));
	}

}
