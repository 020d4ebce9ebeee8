package io.twelveseconds.demo.scenario;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.twelveseconds.demo.command.Times;
import io.twelveseconds.demo.scenario.Scenario.Switch;
import io.twelveseconds.demo.stack.FaultSwitches.Fault;
import io.twelveseconds.demo.stack.Site;

/**
 * What a story has broken, so that it can be put right again: faults that it switched on,
 * and parts that it killed. Whoever interrupts it does so on another thread.
 */
final class Breakage {

	private final Site site;

	private final Narration narration;

	private final Collection<String> switched = new ConcurrentLinkedQueue<>();

	private final Collection<String> killed = new ConcurrentLinkedQueue<>();

	/** After Ctrl-C; whoever is still at work would break what has been put right. */
	private boolean closed;

	Breakage(Site site, Narration narration) {
		this.site = site;
		this.narration = narration;
	}

	/**
	 * All of them before the first is waited for: a service may be held up by another.
	 */
	void on(Collection<Switch> faults) {
		faults.stream().flatMap((fault) -> switchOn(fault).stream()).toList().forEach(this::seen);
	}

	private synchronized Optional<Fault> switchOn(Switch fault) {
		if (this.closed) {
			return Optional.empty();
		}
		this.switched.add(fault.name());
		return Optional.of(this.site.faults().on(fault.name(), fault.parameters()));
	}

	/** Likewise. */
	void off(Collection<String> names) {
		List<Fault> faults = names.stream().map(this.site.faults()::off).toList();
		this.switched.removeAll(names);
		faults.forEach(this::seen);
	}

	private void seen(Fault fault) {
		this.narration.say("  %s is %s, and %s".formatted(fault.name(), fault.isOn() ? "on" : "off",
				this.site.awaitSeen(fault)
					.map((took) -> "%s has seen it after %s".formatted(fault.service(), Times.format(took)))
					.orElse(fault.service() + " does not run")));
	}

	/** An outage comes while customers do: nobody waits until its service has seen it. */
	void begin(Switch outage) {
		switchOn(outage);
	}

	/** Likewise. */
	void end(Switch outage) {
		this.site.faults().off(outage.name());
		this.switched.remove(outage.name());
	}

	void kill(String part) {
		if (this.site.service(part).isPresent()) {
			this.killed.add(part);
			this.site.kill(part);
			this.narration.say("  %s is killed".formatted(part));
		}
	}

	void start(String part) {
		if (this.site.service(part).isEmpty()) {
			this.site.start(part);
			this.narration.say("  %s runs again".formatted(part));
		}
		this.killed.remove(part);
	}

	/** Starts whatever it killed. */
	void startAll() {
		List.copyOf(this.killed).forEach(this::start);
	}

	Collection<String> killed() {
		return List.copyOf(this.killed);
	}

	void restore() {
		switchOff();
		startAll();
	}

	/** What can be done at once; nobody wants to wait for a start after Ctrl-C. */
	synchronized void restoreInHaste() {
		this.closed = true;
		switchOff();
		this.killed.forEach((part) -> this.narration.say("Still down: %s. ./demo start %1$s".formatted(part)));
	}

	/** In the file at once; whether its service sees it is not waited for. */
	private void switchOff() {
		for (String fault : this.switched) {
			this.site.faults().off(fault);
			this.switched.remove(fault);
			this.narration.say("");
			this.narration.say("Switched off again: " + fault);
		}
	}

}
