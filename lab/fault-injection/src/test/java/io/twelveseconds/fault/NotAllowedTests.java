package io.twelveseconds.fault;

import java.nio.file.Path;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.context.Context;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;

/** Without permission there is nothing that a flag or a baggage could reach. */
class NotAllowedTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "demo.faults.allowed=false", "demo.faults.allowed=", "spring.main.banner-mode=off" })
	void nothingIsThere(String property) {
		FlagFile file = new FlagFile(this.directory).set("naive-greeting", "on").set("fails", "on");
		runner(file).withPropertyValues(property).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeanDefinitionNames()).noneMatch((name) -> name.toLowerCase().contains("fault"));
			assertThat(context.getBean(javax.sql.DataSource.class)).isNotInstanceOf(JdbcFaults.class);
			Baggage baggage = Baggage.builder().put("demo.fault", "naive-greeting").build();
			assertThat(Context.current()
				.with(baggage)
				.wrapSupplier(context.getBean(ShopApplication.Greeting.class)::say)
				.get()).isEqualTo("good morning");
		});
	}

	@Test
	void withPermissionItIsThere() {
		runner(new FlagFile(this.directory)).withPropertyValues("demo.faults.allowed=true").run((context) -> {
			assertThat(context).hasSingleBean(Faults.class).hasSingleBean(Flags.class);
			assertThat(context.getBean(javax.sql.DataSource.class)).isInstanceOf(JdbcFaults.class);
		});
	}

	private static WebApplicationContextRunner runner(FlagFile file) {
		return new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(FaultAutoConfiguration.class, RestClientAutoConfiguration.class,
					DataSourceAutoConfiguration.class))
			.withUserConfiguration(Greetings.class)
			.withPropertyValues("spring.application.name=shop", "demo.faults.file=" + file.path(),
					"spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none");
	}

	static class Greetings {

		@Bean
		@Primary
		ShopApplication.Greeting kindGreeting() {
			return () -> "good morning";
		}

		@Bean
		ShopApplication.Greeting curtGreeting() {
			return () -> "what?";
		}

	}

}
