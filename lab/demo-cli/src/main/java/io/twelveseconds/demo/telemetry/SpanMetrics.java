package io.twelveseconds.demo.telemetry;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/**
 * Rate and errors as the Collector counts them from spans. A span of which the agents
 * kept one in ten stands for ten.
 *
 * @param path on which they are to be had as text
 * @param every how often it writes down what it has counted
 */
public record SpanMetrics(URI address, String path, Duration every) {

	/** Checkouts at the gateway, and how many charges of payment-service have failed. */
	public Counted counted() throws IOException {
		Metrics metrics = Metrics.of("the span metrics", this.address, this.path);
		return new Counted(calls(metrics, "api-gateway", "POST /api/orders", ""),
				calls(metrics, "payment-service", "POST /charges", "STATUS_CODE_ERROR"));
	}

	private static double calls(Metrics metrics, String service, String span, String status) {
		return metrics.total("traces_span_metrics_calls",
				(labels) -> labels.contains("service_name=\"%s\"".formatted(service))
						&& labels.contains("span_name=\"%s\"".formatted(span)) && labels.contains("SPAN_KIND_SERVER")
						&& labels.contains(status));
	}

	public record Counted(double checkouts, double failedCharges) {

		public Counted minus(Counted before) {
			return new Counted(this.checkouts - before.checkouts, this.failedCharges - before.failedCharges);
		}

	}

}
