package io.twelveseconds.order.tracing;

import java.util.function.Supplier;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Writes on the span of a call which repetition it is. The agent makes that span inside
 * the HTTP client, where an interceptor finds it.
 */
public final class ResendSpan implements HttpRequestInterceptor {

	private static final ContextKey<Integer> RESENT = ContextKey.named("resent");

	/** Runs a call that comes after so many others like it. */
	public static <T> T counted(int resent, Supplier<T> call) {
		Scope scope = Context.current().with(RESENT, resent).makeCurrent();
		try {
			return call.get();
		}
		finally {
			scope.close();
		}
	}

	/** What is not asked again has no span: it is written on the span at hand. */
	public static void budgetSpent() {
		Span.current().setAttribute("demo.retry.budget_spent", true);
	}

	@Override
	public void process(HttpRequest request, EntityDetails entity, HttpContext context) {
		Integer resent = Context.current().get(RESENT);
		if (resent != null && resent > 0) {
			Span.current().setAttribute("http.request.resend_count", resent.longValue());
		}
	}

}
