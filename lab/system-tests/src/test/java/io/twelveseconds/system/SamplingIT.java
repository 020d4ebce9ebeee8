package io.twelveseconds.system;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The ways of sampling, by the commands that a person types. What they promise is checked
 * by the commands themselves, whose exit code says so.
 */
@ExtendWith(RunningShop.class)
class SamplingIT {

	/** The two that are most often chosen, and most different. */
	@Test
	void eachKeepsAndCountsWhatItPromises(RunningShop shop) {
		assumeTrue(Deployment.name().equals("native"),
				"the embedded stack has no Collector, and a container nobody to restart it");
		Deployment demo = shop.deployment();
		assertThat(demo.demo("sampling", "compare", "--ways", "tail,head", "--orders", "300", "--errors", "0.07",
				"--slow", "0.03"))
			.contains("tail: all errors are kept", "tail: span metrics count every order",
					"head: at most half of the errors are kept", "head: span metrics count every order")
			.doesNotContain("BROKEN");
		assertThat(demo.demo("sampling", "list")).containsPattern("(?m)^everything +in use$");
	}

}
