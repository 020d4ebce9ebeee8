package io.twelveseconds.fault;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.servlet.Filter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.DefaultKafkaProducerFactoryCustomizer;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.ProducerPostProcessor;
import org.springframework.kafka.listener.RecordInterceptor;
import org.springframework.web.client.RestClient;

/**
 * Puts faults at the edges that a service has. Where they are not allowed nothing of this
 * is there: no filter, no proxy, no provider.
 */
@AutoConfiguration(beforeName = { "org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration",
		"org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration" })
@ConditionalOnBooleanProperty("demo.faults.allowed")
@EnableConfigurationProperties(FaultSettings.class)
class FaultAutoConfiguration {

	@Bean
	Flags faultFlags(FaultSettings settings) {
		return new Flags(settings);
	}

	@Bean
	Faults faults(Flags flags, Environment environment) {
		return new Faults(flags, service(environment));
	}

	@Bean
	static SwitchedBeans switchedBeans(Environment environment, ObjectProvider<Faults> faults) {
		return new SwitchedBeans(service(environment), Flags.builtIn(), faults);
	}

	/** The same name as the directory, the module and the service in the trace. */
	private static String service(Environment environment) {
		return environment.getRequiredProperty("spring.application.name");
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Filter.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	static class HttpServer {

		/** Behind what names the trace on the answer, before everything that works. */
		@Bean
		FilterRegistrationBean<HttpServerFaults> httpServerFaults(Faults faults) {
			FilterRegistrationBean<HttpServerFaults> filter = new FilterRegistrationBean<>(
					new HttpServerFaults(faults));
			filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
			return filter;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ RestClient.class, RestClientCustomizer.class })
	static class HttpClient {

		@Bean
		ClosedPort closedPort() {
			return new ClosedPort();
		}

		@Bean
		RestClientCustomizer httpClientFaults(Faults faults, ClosedPort closed) {
			return (client) -> client.requestInterceptor(new HttpClientFaults(faults, closed));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HikariDataSource.class, org.springframework.jdbc.datasource.DelegatingDataSource.class })
	static class Jdbc {

		@Bean
		static BeanPostProcessor jdbcFaults(ObjectProvider<Faults> faults) {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					return (bean instanceof DataSource dataSource) ? new JdbcFaults(dataSource, faults.getObject())
							: bean;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ RecordInterceptor.class, ProducerPostProcessor.class,
			DefaultKafkaProducerFactoryCustomizer.class })
	static class Kafka {

		@Bean
		RecordInterceptor<Object, Object> kafkaConsumerFaults(Faults faults) {
			return new KafkaConsumerFaults(faults);
		}

		@Bean
		@SuppressWarnings("unchecked")
		DefaultKafkaProducerFactoryCustomizer kafkaProducerFaults(Faults faults) {
			return (factory) -> ((DefaultKafkaProducerFactory<Object, Object>) factory)
				.addPostProcessor(new KafkaProducerFaults(faults));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(InfoContributor.class)
	static class Info {

		/** Says at {@code /actuator/info} what this service sees now. */
		@Bean
		InfoContributor faultInfo(Faults faults) {
			return (info) -> info.withDetail("faults", faults.told());
		}

	}

}
