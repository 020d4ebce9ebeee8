package io.twelveseconds.demo.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.twelveseconds.demo.sampling.PlantedLoad.Sort;
import io.twelveseconds.demo.scenario.Check;
import io.twelveseconds.demo.telemetry.Sampling;

/**
 * What one way of sampling kept of a load, and what that took. All of it is counted.
 *
 * @param sampling its name
 * @param kept of each sort of orders that was planted, also of one that did not become so
 * @param inPieces traces of which a part was kept, and another was not
 * @param counted orders, by the Collector's span metrics
 * @param spansSent by the agents to the Collector, for each order
 * @param spansStored by Jaeger, for each order
 * @param bytesSent by the agents, as on the wire, for each order
 * @param bytesStored handed on to Jaeger, before compression, for each order
 * @param collectorMillis of CPU time, for each order
 * @param collectorMemory resident bytes after the load
 * @param jaegerMemory likewise
 * @param servicesMillis of CPU time of the seven services together, for each order
 * @param throughput orders a second, of twelve customers who never pause
 */
record SamplingFigures(String sampling, int orders, Map<Sort, Share> kept, int inPieces, double counted,
		double spansSent, double spansStored, double bytesSent, double bytesStored, double collectorMillis,
		long collectorMemory, long jaegerMemory, double servicesMillis, double throughput) {

	/** A counter may say 299.99999 where 300 are meant. */
	private static final double ROUNDING = 1e-6;

	record Share(int kept, int of) {

		static final Share NONE = new Share(0, 0);

		Share plus(Share more) {
			return new Share(this.kept + more.kept, this.of + more.of);
		}

		double ratio() {
			return (this.of == 0) ? 0 : (double) this.kept / this.of;
		}

		boolean all() {
			return this.kept == this.of && this.of > 0;
		}

		@Override
		public String toString() {
			return "%d of %d".formatted(this.kept, this.of);
		}

	}

	Share of(Sort sort) {
		return this.kept.getOrDefault(sort, Share.NONE);
	}

	Share all() {
		return this.kept.values().stream().reduce(Share.NONE, Share::plus);
	}

	/** Whether that is what its configuration promises. */
	List<Check> checks(Sampling configured) {
		List<Check> checks = new ArrayList<>();
		boolean everybody = configured.share() == 1;
		// Nothing can be seen of a promise about those who were not to come.
		if (this.kept.containsKey(Sort.FAILED)) {
			checks.add(promised("errors", Sort.FAILED, everybody || configured.keepsErrors()));
		}
		if (this.kept.containsKey(Sort.SLOW)) {
			checks.add(promised("slow checkouts", Sort.SLOW, everybody || configured.keepsSlow()));
		}
		if (configured.keepsPremium()) {
			checks.add(promised("premium customers' checkouts", Sort.PREMIUM, true));
		}
		int unclear = of(Sort.UNCLEAR).of();
		boolean asPlanted = unclear * 2 < this.orders;
		checks.add(new Check(this.sampling + ": most orders became what they were planted as",
				"%d of %d%s".formatted(this.orders - unclear, this.orders,
						asPlanted ? "" : ", the others were slow by themselves: fewer a second, by --rate"),
				asPlanted));
		Share rest = of(Sort.REST);
		double share = configured.share();
		double error = configured.error(rest.of());
		boolean few = rest.ratio() <= share + error;
		boolean some = rest.kept() > 0 || error >= share;
		boolean enough = configured.isLimited() ? some : rest.ratio() >= share - error;
		checks.add(new Check(
				"%s: %s%.0f %% of the rest are kept, give or take %.1f".formatted(this.sampling,
						configured.isLimited() ? "at most " : "", 100 * share, 100 * error),
				"%s, %.1f %%".formatted(rest, 100 * rest.ratio()), few && enough && rest.of() > 0));
		checks.add(new Check(this.sampling + ": a trace is kept as a whole, or not at all",
				this.inPieces + " in pieces", this.inPieces == 0));
		// Each kept by chance stands for 1/share; the error is that of the number kept.
		double head = configured.headShare();
		double countError = Sampling.DEVIATIONS * Math.sqrt((1 - head) / (head * this.orders));
		checks
			.add(new Check(
					"%s: span metrics count every order, give or take %.1f %%".formatted(this.sampling,
							100 * countError),
					"%.0f of %d".formatted(this.counted, this.orders),
					Math.abs(this.counted / this.orders - 1) <= countError + ROUNDING));
		return checks;
	}

	/** What is decided before the end is known must lose most of them. */
	private Check promised(String what, Sort sort, boolean kept) {
		Share share = of(sort);
		return new Check("%s: %s %s are kept".formatted(this.sampling, kept ? "all" : "at most half of the", what),
				share.toString(), kept ? share.all() : share.of() > 0 && share.ratio() <= 0.5);
	}

}
