package io.twelveseconds.demo.telemetry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import io.twelveseconds.demo.shop.Http;

/**
 * The figures that a program publishes about itself in Prometheus's text format. Counters
 * have the suffix {@code _total} or not, depending on who writes them: here they never
 * have it.
 */
public final class Metrics {

	private final List<Sample> samples;

	private Metrics(List<Sample> samples) {
		this.samples = samples;
	}

	public static Metrics of(String name, URI base) throws IOException {
		return of(name, base, "/metrics");
	}

	public static Metrics of(String name, URI base, String path) throws IOException {
		HttpResponse<String> response = new Http(name, base, Duration.ofSeconds(2)).send(path,
				HttpRequest.newBuilder().GET());
		if (response.statusCode() != 200) {
			throw new IOException("%s answered %d to %s%s".formatted(name, response.statusCode(), base, path));
		}
		return parse(response.body());
	}

	static Metrics parse(String text) {
		return new Metrics(
				text.lines().filter((line) -> !line.isBlank() && !line.startsWith("#")).map(Metrics::sample).toList());
	}

	private static Sample sample(String line) {
		int labels = line.indexOf('{');
		int value = line.indexOf(' ', (labels < 0) ? 0 : line.lastIndexOf('}'));
		String name = line.substring(0, (labels < 0) ? value : labels);
		// A time may follow.
		return new Sample(name.replaceFirst("_total$", ""), (labels < 0) ? "" : line.substring(labels, value),
				Double.parseDouble(line.substring(value + 1).split(" ")[0]));
	}

	/** The sum over all label sets that pass; 0 if there is none. */
	long sum(String name, Predicate<String> labels) {
		return Math.round(total(name, labels));
	}

	long sum(String name) {
		return sum(name, (labels) -> true);
	}

	/** As {@link #sum}, of what is no whole number, such as seconds. */
	public double total(String name, Predicate<String> labels) {
		return this.samples.stream()
			.filter((sample) -> sample.name().equals(name) && labels.test(sample.labels()))
			.mapToDouble(Sample::value)
			.sum();
	}

	public double total(String name) {
		return total(name, (labels) -> true);
	}

	private record Sample(String name, String labels, double value) {
	}

}
