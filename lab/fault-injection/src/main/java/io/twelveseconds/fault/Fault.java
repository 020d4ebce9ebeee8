package io.twelveseconds.fault;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.boot.convert.DurationStyle;

/**
 * A fault that is on, for everyone or for one request. It strikes every n-th time,
 * counted from when it was switched on.
 */
final class Fault {

	private final Flag flag;

	private final boolean forOneRequest;

	private final Edge edge;

	private final AtomicLong count = new AtomicLong();

	private final long every;

	/** Says which of n it is; without it the n-th itself, so that the first goes well. */
	private final long seed;

	Fault(Flag flag, boolean forOneRequest) {
		this.flag = flag;
		this.forOneRequest = forOneRequest;
		this.edge = Edge.named(flag.edge())
			.orElseThrow(() -> new IllegalArgumentException("There is no edge '%s'".formatted(flag.edge())));
		if (flag.at().isBlank() && this.edge != Edge.BEAN) {
			throw new IllegalArgumentException("It says no place: 'at' is missing in its metadata");
		}
		this.edge.check(flag.value());
		this.every = Math.max(1, number("every").orElse(1));
		this.seed = number("seed").orElse(0);
	}

	String name() {
		return this.flag.name();
	}

	String variant() {
		return this.flag.variant();
	}

	Edge edge() {
		return this.edge;
	}

	Flag flag() {
		return this.flag;
	}

	/** It was asked for by baggage, and nobody can switch it off. */
	boolean isForOneRequest() {
		return this.forOneRequest;
	}

	boolean matches(Edge edge, String what) {
		return this.edge == edge && edge.matches(this.flag.at(), what);
	}

	boolean isItsTurn() {
		return (this.count.incrementAndGet() + this.seed) % this.every == 0;
	}

	Optional<Duration> time(String parameter) {
		return text(parameter).map(DurationStyle.SIMPLE::parse);
	}

	Optional<Integer> number(String parameter) {
		return text(parameter).map(Integer::valueOf);
	}

	boolean is(String parameter) {
		return Boolean.parseBoolean(this.flag.value().get(parameter));
	}

	Optional<String> text(String parameter) {
		Map<String, String> value = this.flag.value();
		return Optional.ofNullable(value.get(parameter));
	}

	@Override
	public String toString() {
		return this.flag.name() + "=" + this.flag.variant() + " " + this.flag.value();
	}

}
