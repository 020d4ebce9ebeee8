package io.twelveseconds.gateway.tracing;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.context.Scope;
import jakarta.servlet.ServletException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

class ForeignBaggageFilterTests {

	@Test
	void takesOutWhatIsOursAndLeavesTheRest() throws ServletException, IOException {
		Baggage foreign = Baggage.builder()
			.put("demo.fault", "payment-hangs")
			.put("demo.other", "x")
			.put("team", "a")
			.build();
		AtomicReference<Baggage> inside = new AtomicReference<>();
		Scope scope = foreign.makeCurrent();
		try {
			new ForeignBaggageFilter().doFilter(new MockHttpServletRequest(), new MockHttpServletResponse(),
					(request, response) -> inside.set(Baggage.current()));
			assertThat(Baggage.current()).isEqualTo(foreign);
		}
		finally {
			scope.close();
		}
		assertThat(inside.get().asMap()).containsOnlyKeys("team");
	}

	@ParameterizedTest
	@CsvSource({ "none=1, true", "demo.faults.allowed=false, true", "demo.faults.allowed=, true",
			"demo.faults.allowed=no, true", "demo.faults.allowed=true, false" })
	void isThereUnlessFaultsAreAllowed(String property, boolean there) {
		new ApplicationContextRunner().withUserConfiguration(ForeignBaggageFilter.class)
			.withPropertyValues(property)
			.run((context) -> assertThat(context.getBeanNamesForType(ForeignBaggageFilter.class))
				.hasSize(there ? 1 : 0));
	}

}
