package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Traces that begin in the middle of something: with a call, a message or a service's own
 * work, and not with a request that came in. Where a thread pool does not carry the
 * context, the rest of a trace is such a stray, and nothing in the trace itself tells.
 * <p>
 * Whatever begins by the clock looks the same. It is told apart by the company it keeps:
 * what was lost by a request is there whenever such a request is, and not without one.
 */
public final class Strays {

	/** Work begins a little later than it was handed over. */
	private static final long LATER = Limits.millis(10);

	/** From so many requests on, it must have been lost by half of them. */
	private static final int ENOUGH = 3;

	/** It may belong to any of so many requests: a guess is a guess still. */
	private static final int MOST_HOSTS = 5;

	/** However short the lost branch is, that it is lost is worth so much. */
	private static final double LEAST = 0.05;

	/** Where more was under way, nobody can tell what belongs to what. */
	private static final int MOST_LOOKED_AT = 1000;

	public static final Strays NONE = new Strays(List.of());

	/** By process, in the order of their starts. */
	private final Map<String, Row<Stray>> strays;

	private final Map<String, Row<Entry>> entries;

	private final Map<String, Boolean> byRequest = new ConcurrentHashMap<>();

	/** By the stray's trace. */
	private final Map<String, Set<Span>> hosts = new ConcurrentHashMap<>();

	private Strays(Collection<Trace> traces) {
		List<Stray> strays = new ArrayList<>();
		List<Entry> entries = new ArrayList<>();
		for (Trace trace : traces) {
			if (beginsInTheMiddle(trace)) {
				strays.add(new Stray(trace.id(), trace.root(), shape(trace.root())));
			}
			Map<String, Set<String>> shapes = new HashMap<>();
			trace.spans().stream().filter((span) -> span != trace.root()).forEach((span) -> {
				shapes.computeIfAbsent(span.service(), (any) -> new TreeSet<>()).add(shape(span));
			});
			trace.spans().stream().filter((span) -> new Reading(span).receives).forEach((span) -> {
				entries.add(new Entry(span, new Reading(span).shape(), shapes.getOrDefault(span.service(), Set.of())));
			});
		}
		this.strays = rows(strays);
		this.entries = rows(entries);
	}

	/** Learns from traces of the same time; the one to be diagnosed is among them. */
	public static Strays of(Collection<Trace> traces) {
		Map<String, Trace> byId = new LinkedHashMap<>();
		traces.forEach((trace) -> byId.put(trace.id(), trace));
		return new Strays(byId.values());
	}

	private static boolean beginsInTheMiddle(Trace trace) {
		Span root = trace.root();
		if (trace.roots().size() != 1 || !trace.orphans().isEmpty() || !root.links().isEmpty()) {
			return false;
		}
		return switch (root.kind()) {
			case CLIENT, PRODUCER -> leads(root);
			// A job that stays at home is a job.
			case INTERNAL -> trace.spans().stream().anyMatch((span) -> span != root && leads(span));
			case SERVER, CONSUMER, UNSPECIFIED -> false;
		};
	}

	/** To another service, and not just to a database. */
	private static boolean leads(Span span) {
		Reading reading = new Reading(span);
		return reading.asks && reading.database().isEmpty();
	}

	private static String shape(Span span) {
		return span.service() + "\n" + span.kind() + "\n" + new Reading(span).shape();
	}

	private static <T extends Placed> Map<String, Row<T>> rows(List<T> all) {
		return all.stream()
			.collect(Collectors.groupingBy((one) -> Timeline.process(one.span()),
					Collectors.collectingAndThen(Collectors.toList(), Row::new)));
	}

	List<Draft> find(Timeline timeline) {
		Map<String, Guess> best = new LinkedHashMap<>();
		Set<String> present = new HashSet<>();
		for (int i : timeline.order) {
			Span host = timeline.spans.get(i);
			if (timeline.reading[i].receives) {
				String operation = timeline.reading[i].shape();
				for (Stray stray : startedDuring(host)) {
					if (present.isEmpty()) {
						timeline.spans.forEach((span) -> present.add(shape(span)));
					}
					if (!present.contains(stray.shape()) && isLostByRequests(stray, host, operation)) {
						best.merge(stray.shape(), new Guess(i, stray, fits(stray, host)),
								(known, other) -> (other.fits() > known.fits()) ? other : known);
					}
				}
			}
		}
		return best.values().stream().map((guess) -> draft(timeline, guess.host(), guess.stray())).toList();
	}

	/**
	 * Fewer others to whom it may belong are better; then, what nobody waits for is
	 * handed over near the end.
	 */
	private double fits(Stray stray, Span host) {
		double late = (stray.span().startNanos() - host.startNanos()) / (host.duration().toNanos() + 1.0);
		return -hosts(stray).size() + ((late <= 1) ? late / 2 : 0);
	}

	private Draft draft(Timeline t, int host, Stray stray) {
		int parent = probableParent(t, host, stray);
		Span here = t.spans.get(host);
		int others = (int) hosts(stray).stream().filter((other) -> other != here).count();
		Reading reading = new Reading(stray.span());
		String service = stray.span().service();
		String sentence = "%s of %s begins a trace of its own (%s), while %s was at work on %s here, where it is missing. It %s below %s (span %s)%s."
			.formatted(reading.title(), service, stray.traceId(), service, t.reading[host].title(),
					(others == 0) ? "probably belongs" : "may belong", t.reading[parent].title(),
					t.spans.get(parent).id(),
					(others == 0) ? "" : ", or to %s that %s was at work on at that moment".formatted(
							(others == 1) ? "another request" : "one of %d other requests".formatted(others), service));
		long time = stray.span().duration().toNanos();
		double share = Math.min(1, (double) time / Math.max(1, t.trace.duration().toNanos()));
		double weight = (others < MOST_HOSTS) ? Math.max(LEAST, Math.min(share, 0.5)) / (others + 1) : 0;
		return new Draft(Finding.Kind.BROKEN_CONTEXT, Draft.proofs(List.of(parent)), time, share, weight, new BitSet(),
				sentence,
				"Look where %s hands this work to another thread: a pool or queue that the instrumentation does not know loses the context. Use one that it knows, or take the context along by hand."
					.formatted(service));
	}

	/** The innermost work of the same process that was under way. */
	private static int probableParent(Timeline t, int host, Stray stray) {
		int best = host;
		long start = stray.span().startNanos();
		String process = Timeline.process(stray.span());
		for (int i = 0; i < t.size; i++) {
			Span span = t.spans.get(i);
			boolean shorter = span.duration().compareTo(t.spans.get(best).duration()) < 0;
			boolean underWay = span.startNanos() <= start && start <= span.endNanos();
			if (shorter && underWay && !t.reading[i].asks && Timeline.process(span).equals(process)) {
				best = i;
			}
		}
		return best;
	}

	private static boolean isDuring(Stray stray, Span host) {
		return stray.span().startNanos() >= host.startNanos() && stray.span().startNanos() - LATER <= host.endNanos();
	}

	private List<Stray> startedDuring(Span host) {
		return row(this.strays, host).between(host.startNanos(), host.endNanos() + LATER, (stray) -> true);
	}

	/** The requests to which it may belong. */
	private Set<Span> hosts(Stray stray) {
		return this.hosts.computeIfAbsent(stray.traceId(), (any) -> findHosts(stray));
	}

	private Set<Span> findHosts(Stray stray) {
		Row<Entry> row = row(this.entries, stray.span());
		long start = stray.span().startNanos();
		return row
			.between(start - row.longest - LATER, start,
					(entry) -> isDuring(stray, entry.span()) && !entry.shapes().contains(stray.shape()))
			.stream()
			.map(Entry::span)
			.collect(Collectors.toCollection(() -> Collections.newSetFromMap(new IdentityHashMap<>())));
	}

	/**
	 * And not by the clock: then most of such requests would be without one, or it would
	 * also come when there is no request.
	 */
	private boolean isLostByRequests(Stray stray, Span host, String operation) {
		return this.byRequest.computeIfAbsent(Timeline.process(host) + "\n" + stray.shape() + "\n" + operation,
				(any) -> {
					List<Stray> alike = row(this.strays, host).stream((one) -> one.shape().equals(stray.shape()));
					long hosted = alike.stream().filter((one) -> !hosts(one).isEmpty()).count();
					List<Entry> requests = row(this.entries, host).stream(
							(entry) -> !entry.shapes().contains(stray.shape()) && entry.operation().equals(operation));
					long losing = requests.stream()
						.filter((entry) -> startedDuring(entry.span()).stream()
							.anyMatch((one) -> one.shape().equals(stray.shape())))
						.count();
					return hosted * 3 >= alike.size() * 2L
							&& (requests.size() < ENOUGH || losing * 2 >= requests.size());
				});
	}

	@SuppressWarnings("unchecked")
	private static <T extends Placed> Row<T> row(Map<String, Row<T>> rows, Span span) {
		return rows.getOrDefault(Timeline.process(span), (Row<T>) Row.EMPTY);
	}

	private interface Placed {

		Span span();

	}

	/** That this stray belongs to the work of this span, and how well it fits. */
	private record Guess(int host, Stray stray, double fits) {
	}

	/** A trace that begins with this span. */
	private record Stray(String traceId, Span span, String shape) implements Placed {
	}

	/**
	 * A request that came in, or a message.
	 *
	 * @param operation its own shape
	 * @param shapes of what its service did in this trace
	 */
	private record Entry(Span span, String operation, Set<String> shapes) implements Placed {
	}

	/** In the order of their starts. */
	private static final class Row<T extends Placed> {

		private static final Row<Placed> EMPTY = new Row<>(List.of());

		private final List<T> all;

		private final long[] starts;

		private final long longest;

		Row(List<T> all) {
			this.all = all.stream().sorted(Comparator.comparingLong((T one) -> one.span().startNanos())).toList();
			this.starts = this.all.stream().mapToLong((one) -> one.span().startNanos()).toArray();
			this.longest = this.all.stream().mapToLong((one) -> one.span().duration().toNanos()).max().orElse(0);
		}

		List<T> between(long from, long to, Predicate<T> wanted) {
			int found = Arrays.binarySearch(this.starts, to);
			int end = (found >= 0) ? found + 1 : -found - 1;
			List<T> between = new ArrayList<>();
			int looked = 0;
			for (int i = end - 1; i >= 0 && this.starts[i] >= from && looked < MOST_LOOKED_AT; i--, looked++) {
				if (wanted.test(this.all.get(i))) {
					between.add(this.all.get(i));
				}
			}
			return between;
		}

		List<T> stream(Predicate<T> wanted) {
			return this.all.stream().filter(wanted).toList();
		}

	}

}
