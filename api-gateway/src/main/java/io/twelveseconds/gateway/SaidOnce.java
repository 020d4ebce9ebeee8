package io.twelveseconds.gateway;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * No parameter and no key twice: Spring MVC would take the first of two numbers, and make
 * one text of two.
 */
@Component
class SaidOnce implements HandlerInterceptor, WebMvcConfigurer {

	private static final String MESSAGE = "is said twice: say it once";

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(this).addPathPatterns("/api/**");
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		List<Problem.Error> errors = new ArrayList<>();
		request.getParameterMap().forEach((name, values) -> {
			if (values.length > 1) {
				errors.add(Problem.Error.inParameter(name, MESSAGE));
			}
		});
		if (Collections.list(request.getHeaders(OrderController.IDEMPOTENCY_KEY)).size() > 1) {
			errors.add(Problem.Error.inHeader(OrderController.IDEMPOTENCY_KEY, MESSAGE));
		}
		if (!errors.isEmpty()) {
			throw new SaidTwice(errors);
		}
		return true;
	}

	@SuppressWarnings("serial")
	static final class SaidTwice extends RuntimeException {

		private final List<Problem.Error> errors;

		SaidTwice(List<Problem.Error> errors) {
			this.errors = errors;
		}

		List<Problem.Error> errors() {
			return this.errors;
		}

	}

}
