package io.twelveseconds.demo.load;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.twelveseconds.demo.shop.Http;

/**
 * So many customers, each of whom orders again as soon as he has his answer: the shop
 * sets the pace, and is always busy but never overrun. That is how much it can do; how
 * long somebody waits is what {@link Load} measures.
 */
public final class ClosedLoad {

	private static final int CREATED = 201;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(3))
		.build();

	private final LoadMix mix;

	private final int customers;

	private final Duration duration;

	/** By a plan's customers and products; how many arrive when is not its business. */
	public ClosedLoad(LoadMix mix, int customers, Duration duration) {
		this.mix = mix;
		this.customers = customers;
		this.duration = duration;
	}

	/**
	 * @param confirmed orders, within the time
	 * @param failed orders that were answered otherwise, or not at all
	 */
	public record Result(Duration time, long confirmed, long failed) {

		public double perSecond() {
			return this.confirmed / (this.time.toNanos() / 1e9);
		}

	}

	/** Returns when the last of them has his answer. */
	public Result run() throws InterruptedException {
		ExecutorService all = Executors.newFixedThreadPool(this.customers, (task) -> {
			Thread thread = new Thread(task, "customer");
			thread.setDaemon(true);
			return thread;
		});
		try {
			long end = System.nanoTime() + this.duration.toNanos();
			List<Future<Result>> results = new ArrayList<>();
			for (int n = 0; n < this.customers; n++) {
				results.add(all.submit(() -> order(end)));
			}
			long confirmed = 0;
			long failed = 0;
			for (Future<Result> result : results) {
				confirmed += result.get().confirmed();
				failed += result.get().failed();
			}
			return new Result(this.duration, confirmed, failed);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex.getCause());
		}
		finally {
			all.shutdownNow();
		}
	}

	/** One customer. If he gets no answer at all, he does not come back. */
	private Result order(long end) throws InterruptedException {
		long confirmed = 0;
		long failed = 0;
		while (System.nanoTime() < end) {
			try {
				int status = Http.whole(this.client, next(), BodyHandlers.discarding(), PATIENCE).statusCode();
				if (status != CREATED) {
					failed++;
				}
				else if (System.nanoTime() < end) {
					confirmed++;
				}
			}
			catch (IOException ex) {
				return new Result(this.duration, confirmed, failed + 1);
			}
		}
		return new Result(this.duration, confirmed, failed);
	}

	private HttpRequest next() {
		synchronized (this.mix) {
			return this.mix.next().request().build();
		}
	}

}
