package io.twelveseconds.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.opentelemetry.api.trace.Span;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/**
 * Decides what strikes: the faults of this service that are on for everyone, and those
 * that a request asks for. As long as there are none of either, it decides by looking at
 * one field and at the baggage.
 */
final class Faults {

	private static final Logger log = LoggerFactory.getLogger(Faults.class);

	private final Flags flags;

	private final String service;

	/** Ours, on or off. Replaced as a whole with each change. */
	private volatile Map<String, Flag> ours = Map.of();

	private volatile List<Fault> on = List.of();

	/** Likewise, what is said of each. */
	private volatile Map<String, String> told = Map.of();

	private boolean stopped;

	/** What a request may ask for, as far as one has; bounded by the number of flags. */
	private final Map<String, Optional<Fault>> onRequest = new ConcurrentHashMap<>();

	Faults(Flags flags, String service) {
		this.flags = flags;
		this.service = service;
	}

	/**
	 * On a thread of its own, and not before the service is ready: loading the provider
	 * takes longer than everything else here, and nobody waits for a fault.
	 */
	@EventListener(ApplicationReadyEvent.class)
	void start() {
		Thread thread = new Thread(() -> this.flags.start(this::refresh), "faults");
		thread.setDaemon(true);
		thread.start();
	}

	private synchronized void refresh() {
		Map<String, Flag> ours = new LinkedHashMap<>();
		Map<String, String> told = new TreeMap<>();
		List<Fault> on = new ArrayList<>();
		for (String name : this.flags.names()) {
			this.flags.flag(name, Set.of()).filter((flag) -> flag.service().equals(this.service)).ifPresent((flag) -> {
				ours.put(name, flag);
				told.put(name, flag.told());
				if (flag.isOn()) {
					known(flag).or(() -> valid(flag, false, (reason) -> told.put(name, "off: " + reason)))
						.ifPresent(on::add);
				}
			});
		}
		if (!on.equals(this.on)) {
			log.info("Faults that are on: {}", on);
		}
		// Whoever sees a flag on must meet its fault as well.
		this.on = on;
		this.ours = ours;
		this.told = told;
		this.onRequest.clear();
		notifyAll();
	}

	/** One that has not changed goes on counting. */
	private Optional<Fault> known(Flag flag) {
		return this.on.stream().filter((fault) -> fault.flag().equals(flag)).findFirst();
	}

	private Optional<Fault> valid(Flag flag, boolean forOneRequest, Consumer<String> refused) {
		try {
			Fault fault = new Fault(flag, forOneRequest);
			if (fault.edge() == Edge.BEAN) {
				requireBuiltIn(fault);
			}
			return Optional.of(fault);
		}
		catch (IllegalArgumentException ex) {
			log.error("The fault {} stays off: {}", flag.name(), ex.getMessage());
			refused.accept(ex.getMessage());
			return Optional.empty();
		}
	}

	private void requireBuiltIn(Fault fault) {
		List<String> beans = this.flags.beans(fault.name());
		if (!beans.contains(fault.text("bean").orElse(""))) {
			throw new IllegalArgumentException("It chooses between the beans %s, and no other".formatted(beans));
		}
	}

	/** Whether anything could strike at that edge in the request at hand. */
	boolean mayStrike(Edge edge) {
		return this.on.stream().anyMatch((fault) -> fault.edge() == edge) || !Wanted.names().isEmpty();
	}

	/** What strikes now, and is written on the span that it disturbs. */
	List<Fault> strike(Edge edge, String what) {
		Set<String> wanted = Wanted.names();
		if (this.on.isEmpty() && wanted.isEmpty()) {
			return List.of();
		}
		List<Fault> striking = new ArrayList<>();
		for (String name : wanted) {
			onRequest(name).filter((fault) -> fault.matches(edge, what)).ifPresent(striking::add);
		}
		for (Fault fault : this.on) {
			if (!wanted.contains(fault.name()) && fault.matches(edge, what) && fault.isItsTurn()) {
				striking.add(fault);
			}
		}
		striking.forEach(Faults::mark);
		return striking;
	}

	/** Names that are none of ours are not kept: whoever sends them could send many. */
	private Optional<Fault> onRequest(String name) {
		return !this.ours.containsKey(name) ? Optional.empty()
				: this.onRequest.computeIfAbsent(name,
						(key) -> this.flags.flag(key, Set.of(key))
							.filter(Flag::isOn)
							.flatMap((flag) -> valid(flag, true, (reason) -> {
							})));
	}

	/** The fault of that name, if it is on for the request at hand. */
	Optional<Fault> on(String name) {
		Optional<Fault> fault = Wanted.names().contains(name) ? onRequest(name)
				: this.on.stream().filter((on) -> on.name().equals(name)).findFirst();
		fault.ifPresent(Faults::mark);
		return fault;
	}

	Collection<Flag> ours() {
		return this.ours.values();
	}

	/** By name: {@code off}, what is on, or why it is not. */
	Map<String, String> told() {
		return this.told;
	}

	/** Waits, but not longer than the fault is on, or the service runs. */
	synchronized void hold(Fault fault, Duration time) {
		long end = System.nanoTime() + time.toNanos();
		try {
			while (!this.stopped && end > System.nanoTime() && (fault.isForOneRequest() || this.on.contains(fault))) {
				TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Lets go of everyone who is held. */
	@EventListener(ContextClosedEvent.class)
	synchronized void stop() {
		this.stopped = true;
		notifyAll();
	}

	private static void mark(Fault fault) {
		Span.current()
			.setAttribute("feature_flag.key", fault.name())
			.setAttribute("feature_flag.result.variant", fault.variant())
			.setAttribute("feature_flag.provider.name", "flagd");
	}

}
