package io.twelveseconds.demo.sampling;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import io.twelveseconds.demo.load.LoadResult.Outcome;
import io.twelveseconds.demo.sampling.PlantedLoad.Sort;
import io.twelveseconds.demo.scenario.Check;
import io.twelveseconds.demo.telemetry.Sampling;
import io.twelveseconds.demo.telemetry.SpanMetrics;
import io.twelveseconds.trace.Trace;

/**
 * A mistake in sampling that many have made: the wrong configuration is in
 * {@code telemetry/sampling/traps}, the right one is one of those in use.
 */
enum SamplingTrap {

	DECISION_WAIT("tail", "A decision before the trace has ended keeps the end of it, and loses the beginning.") {

		@Override
		Check look(SamplingMeasurement measurement, Sampling sampling, double rate) throws IOException {
			List<Outcome> slow = measurement.twelveSecondCheckouts(sampling);
			int halves = 0;
			int whole = 0;
			for (Outcome checkout : slow) {
				Optional<Trace> trace = measurement.trace(checkout);
				boolean begins = trace.filter(SamplingTrap::hasItsBeginning).isPresent();
				whole += begins ? 1 : 0;
				halves += (trace.isPresent() && !begins) ? 1 : 0;
			}
			String measured = "of %d checkouts of twelve seconds: %d whole, %d without their beginning"
				.formatted(slow.size(), whole, halves);
			return isWrong(sampling) ? new Check("of slow checkouts only the end is kept", measured, halves > 0)
					: new Check("slow checkouts are kept as a whole", measured, whole == slow.size() && whole > 0);
		}
	},

	HEAD_BEFORE_TAIL("tail", "What the agents have left out, the Collector cannot keep, error or not.") {

		@Override
		Check look(SamplingMeasurement measurement, Sampling sampling, double rate) throws IOException {
			SamplingFigures.Share errors = measurement.kept(sampling, 200, rate, 0.1, 0.01).of(Sort.FAILED);
			return isWrong(sampling)
					? new Check("most errors are lost", errors + " kept", errors.of() > 0 && errors.ratio() <= 0.5)
					: new Check("all errors are kept", errors + " kept", errors.all());
		}
	},

	NO_PARENT("head", "Where each service decides by itself, traces are kept in pieces.") {

		@Override
		Check look(SamplingMeasurement measurement, Sampling sampling, double rate) throws IOException {
			SamplingMeasurement.Kept kept = measurement.kept(sampling, 200, rate, 0.01, 0.01);
			String measured = "%d of %d traces kept, %d of them in pieces".formatted(kept.all().kept(), kept.all().of(),
					kept.inPieces());
			return isWrong(sampling) ? new Check("traces are in pieces", measured, kept.inPieces() > 0)
					: new Check("no trace is in pieces", measured, kept.inPieces() == 0 && kept.all().kept() > 0);
		}
	},

	METRICS_AFTER_SAMPLING("tail", "Figures that are counted from kept traces are figures of those traces only.") {

		@Override
		Check look(SamplingMeasurement measurement, Sampling sampling, double rate) throws IOException {
			// Who came to warm up would be counted when his trace is decided, among those
			// who come now.
			measurement.awaitDecisions(sampling.decisionWait());
			SamplingMeasurement.Kept kept = measurement.kept(sampling, 200, rate, 0.1, 0.01);
			SpanMetrics.Counted counted = kept.counted();
			int orders = kept.all().of();
			double failed = (double) kept.of(Sort.FAILED).of() / orders;
			double counts = counted.failedCharges() / Math.max(1, counted.checkouts());
			String measured = "%.0f of %d orders counted, with %.0f %% failed charges; there were %.0f %%"
				.formatted(counted.checkouts(), orders, 100 * counts, 100 * failed);
			return isWrong(sampling)
					? new Check("most orders are not counted, and the share of errors is far too high", measured,
							counted.checkouts() < orders / 2.0 && counts > 2 * failed)
					: new Check("every order is counted, and so is every error", measured,
							Math.round(counted.checkouts()) == orders && Math.abs(counts - failed) < 0.01);
		}
	},

	DROPPED_SPANS("everything", "What does not fit into an agent's queue is gone, and traces have holes.") {

		@Override
		Check look(SamplingMeasurement measurement, Sampling sampling, double rate) throws IOException {
			List<Outcome> crowd = measurement.crowd();
			long holes = measurement.tracesWithHoles(crowd);
			long dropped = measurement.droppedByAgents();
			String measured = "%d spans dropped, %d of %d traces have holes".formatted(dropped, holes, crowd.size());
			return isWrong(sampling) ? new Check("spans are lost on the way", measured, dropped > 0 && holes > 0)
					: new Check("no span is lost", measured, dropped == 0 && holes == 0 && !crowd.isEmpty());
		}
	};

	private final String right;

	private final String lesson;

	SamplingTrap(String right, String lesson) {
		this.right = right;
		this.lesson = lesson;
	}

	static SamplingTrap of(String name) {
		return Arrays.stream(values())
			.filter((trap) -> trap.text().equals(name))
			.findFirst()
			.orElseThrow(() -> new Sampling.UnknownSamplingException(
					"There is no trap '%s'. There are: %s".formatted(name, names())));
	}

	static String names() {
		return String.join(", ", Arrays.stream(values()).map(SamplingTrap::text).toList());
	}

	/** As its folder is called. */
	String text() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	String lesson() {
		return this.lesson;
	}

	/** The wrong configuration, then the right one. */
	List<String> configurations() {
		return List.of("traps/" + text(), this.right);
	}

	/**
	 * What is to be seen under the configuration that is in use: the harm where it is the
	 * wrong one, that there is none where it is the right one.
	 * @param rate orders a second that the shop serves with ease
	 */
	abstract Check look(SamplingMeasurement measurement, Sampling sampling, double rate) throws IOException;

	boolean isWrong(Sampling sampling) {
		return sampling.name().equals(configurations().get(0));
	}

	/** The first thing that every checkout does is to write down its key. */
	private static boolean hasItsBeginning(Trace trace) {
		return trace.spans()
			.stream()
			.anyMatch((span) -> span.service().equals("order-service") && span.name().equals("INSERT orders"));
	}

}
