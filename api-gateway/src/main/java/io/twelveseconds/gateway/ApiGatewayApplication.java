package io.twelveseconds.gateway;

import java.net.http.HttpClient;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
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
	 * The services behind us speak plain HTTP/1.1 on the same network: without this every
	 * request offers them an upgrade to HTTP/2 and compression, which none takes.
	 */
	@Bean
	ClientHttpRequestFactoryBuilderCustomizer<JdkClientHttpRequestFactoryBuilder> plainHttp() {
		return (builder) -> builder.withHttpClientCustomizer((http) -> http.version(HttpClient.Version.HTTP_1_1))
			.withCustomizer((requests) -> requests.enableCompression(false));
	}

}
