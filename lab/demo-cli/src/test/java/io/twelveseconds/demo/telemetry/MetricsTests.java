package io.twelveseconds.demo.telemetry;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MetricsTests {

	private final Metrics metrics = Metrics.parse("""
			# TYPE process_cpu_seconds_total counter
			process_cpu_seconds_total 0.125
			calls_total{span_name="GET /products/{sku}",status="OK"} 3
			calls_total{span_name="GET /products/{sku}",status="ERROR"} 2 1795564800000
			""");

	@Test
	void countersHaveNoSuffixAndMayBeFractions() {
		assertThat(this.metrics.total("process_cpu_seconds")).isEqualTo(0.125);
	}

	@Test
	void labelsMayHoldBracesAndATimeMayFollow() {
		assertThat(this.metrics.sum("calls")).isEqualTo(5);
		assertThat(this.metrics.sum("calls", (labels) -> labels.contains("ERROR"))).isEqualTo(2);
	}

	@Test
	void whatNobodyHasCountedIsNothing() {
		assertThat(this.metrics.sum("other")).isZero();
	}

}
