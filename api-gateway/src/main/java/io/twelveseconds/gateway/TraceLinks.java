package io.twelveseconds.gateway;

import io.twelveseconds.gateway.tracing.CurrentTrace;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/** Every problem leads to its trace, as an order does, if that is kept. */
@RestControllerAdvice
class TraceLinks implements ResponseBodyAdvice<Object> {

	private final GatewaySettings settings;

	TraceLinks(GatewaySettings settings) {
		this.settings = settings;
	}

	@Override
	public boolean supports(MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converter) {
		return true;
	}

	@Override
	public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter returnType, MediaType contentType,
			Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
			ServerHttpResponse response) {
		if (body instanceof ProblemDetail problem) {
			addTo(problem);
		}
		return body;
	}

	/** Of a trace that is not sampled there is nothing to look at. */
	void addTo(ProblemDetail problem) {
		String traceId = CurrentTrace.id();
		if (traceId != null && CurrentTrace.isSampled()) {
			problem.setProperty("traceUrl", this.settings.traceUrl(traceId));
		}
	}

}
