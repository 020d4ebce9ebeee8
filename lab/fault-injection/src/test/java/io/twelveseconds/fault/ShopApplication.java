package io.twelveseconds.fault;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.backoff.FixedBackOff;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** A service with all the edges, which knows nothing of faults. */
@SpringBootApplication(proxyBeanMethods = false)
class ShopApplication {

	@Bean
	NewTopic news() {
		return new NewTopic("news", 1, (short) 1);
	}

	@Bean
	RestClient neighbour(RestClient.Builder builder) {
		return builder.build();
	}

	@Bean
	@Primary
	Greeting kindGreeting() {
		return () -> "good morning";
	}

	@Bean
	Greeting curtGreeting() {
		return () -> "what?";
	}

	/** Asks again for ever, and soon. */
	@Bean
	DefaultErrorHandler retries(News news) {
		DefaultErrorHandler retries = new DefaultErrorHandler(new FixedBackOff(50, FixedBackOff.UNLIMITED_ATTEMPTS));
		retries.setRetryListeners((record, failure, attempt) -> news.failed.incrementAndGet());
		return retries;
	}

	/** Takes up the baggage of a request, as the agent does in a traced service. */
	@Bean
	FilterRegistrationBean<HttpFilter> baggage() {
		FilterRegistrationBean<HttpFilter> filter = new FilterRegistrationBean<>(new BaggageFilter());
		filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
		return filter;
	}

	interface Greeting {

		String say();

	}

	@RestController
	static class Shop {

		private final Shelf shelf;

		private final Greeting greeting;

		Shop(Shelf shelf, Greeting greeting) {
			this.shelf = shelf;
			this.greeting = greeting;
		}

		@PostMapping("/work")
		String work() {
			return "left: " + this.shelf.take();
		}

		@GetMapping("/greeting")
		String greeting() {
			return this.greeting.say();
		}

	}

	@Component
	static class Shelf {

		private final JdbcClient jdbc;

		Shelf(JdbcClient jdbc) {
			this.jdbc = jdbc;
		}

		@Transactional
		public int take() {
			this.jdbc.sql("UPDATE shelf SET taken = taken + 1").update();
			return this.jdbc.sql("SELECT taken FROM shelf").query(Integer.class).single();
		}

	}

	@Component
	static class News {

		final List<String> heard = new CopyOnWriteArrayList<>();

		final AtomicInteger failed = new AtomicInteger();

		@KafkaListener(topics = "news", groupId = "shop")
		void on(String news) {
			this.heard.add(news);
		}

	}

	private static final class BaggageFilter extends HttpFilter implements TextMapGetter<HttpServletRequest> {

		private static final long serialVersionUID = 1L;

		@Override
		protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws IOException, ServletException {
			Scope scope = W3CBaggagePropagator.getInstance().extract(Context.root(), request, this).makeCurrent();
			try {
				chain.doFilter(request, response);
			}
			finally {
				scope.close();
			}
		}

		@Override
		public Iterable<String> keys(HttpServletRequest request) {
			return List.of("baggage");
		}

		@Override
		public @Nullable String get(@Nullable HttpServletRequest request, String key) {
			return (request != null) ? request.getHeader(key) : null;
		}

	}

}
