package io.twelveseconds.demo.load;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.twelveseconds.demo.load.LoadMix.Asked;
import io.twelveseconds.demo.load.LoadResult.Failure;
import io.twelveseconds.demo.load.LoadResult.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Customers who arrive by the clock, whether the shop keeps up or not: an open load. How
 * long one of them waited is counted from when he was due to arrive, not from when we got
 * round to asking for him; otherwise a shop that stands still would stop the clock as
 * well, and the customers who met it would not be seen (coordinated omission).
 * <p>
 * Only so many are under way at once. Who finds no free slot waits for one, and that time
 * counts too; if it takes longer than the timeout, he leaves unserved, and is counted.
 */
public final class Load {

	private static final ThreadFactory DAEMONS = (task) -> {
		Thread thread = new Thread(task, "load");
		thread.setDaemon(true);
		return thread;
	};

	private final LoadPlan plan;

	private final Consumer<Outcome> listener;

	private final CountDownLatch stopped = new CountDownLatch(1);

	private final ExecutorService workers = Executors.newCachedThreadPool(DAEMONS);

	private final ScheduledThreadPoolExecutor patience = new ScheduledThreadPoolExecutor(1, DAEMONS);

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(3))
		.executor(this.workers)
		.build();

	private final Queue<Arrival> waiting = new ArrayDeque<>();

	private final LoadTally tally;

	private int busySlots;

	private volatile long start = System.nanoTime();

	private volatile @Nullable RuntimeException brokenListener;

	public Load(LoadPlan plan) {
		this(plan, (outcome) -> {
		});
	}

	/**
	 * A load that tells of every request as it ends, on whatever thread that happens.
	 */
	public Load(LoadPlan plan, Consumer<Outcome> listener) {
		this.plan = plan;
		this.listener = listener;
		this.tally = new LoadTally(plan);
		this.patience.setRemoveOnCancelPolicy(true);
	}

	/**
	 * Lets them arrive, and returns when the last one has his answer or has given up.
	 * @throws IOException if it cannot begin, since the shop does not say what it sells
	 */
	public LoadResult run() throws IOException {
		return run(() -> {
		});
	}

	/**
	 * Likewise, but whoever is not served when the plan's time is over leaves. With more
	 * arrivals than can be served, every slot is always taken.
	 */
	public LoadResult runInTime() throws IOException {
		return run(() -> this.patience.schedule(this::stop, this.plan.duration().toNanos(), TimeUnit.NANOSECONDS));
	}

	/**
	 * @param onStart is run once the shop has said what it sells: before that nobody can
	 * arrive, however long it takes
	 */
	private LoadResult run(Runnable onStart) throws IOException {
		try {
			LoadMix mix = LoadMix.of(this.plan);
			this.start = System.nanoTime();
			onStart.run();
			this.tally.begin(mix.names());
			for (long n = 0; n < this.plan.arrivals(); n++) {
				long due = this.start + this.plan.due(n).toNanos();
				if (this.stopped.await(due - System.nanoTime(), TimeUnit.NANOSECONDS)) {
					break;
				}
				arrive(new Arrival(mix.next(), due));
			}
			awaitLast();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			stop();
		}
		finally {
			// What is still under way ends by itself, as its tasks are already known.
			this.patience.shutdown();
		}
		if (this.brokenListener != null) {
			throw this.brokenListener;
		}
		return soFar();
	}

	/** Ends it early: nobody else arrives, and nobody is waited for any longer. */
	public void stop() {
		this.stopped.countDown();
		synchronized (this.waiting) {
			this.waiting.notifyAll();
		}
	}

	/** What has been measured until now. */
	public LoadResult soFar() {
		return this.tally.result(Duration.ofNanos(System.nanoTime() - this.start));
	}

	private void arrive(Arrival arrival) {
		this.tally.arrived();
		synchronized (this.waiting) {
			if (this.busySlots == this.plan.inFlight()) {
				this.tally.foundNoSlot();
				this.waiting.add(arrival);
				return;
			}
			this.busySlots++;
		}
		send(arrival);
	}

	/** Gives the slot of one who has left to who has waited longest. */
	private void release() {
		Arrival next;
		while (true) {
			synchronized (this.waiting) {
				next = (this.stopped.getCount() > 0) ? this.waiting.poll() : null;
				if (next == null) {
					this.busySlots--;
					this.waiting.notifyAll();
					return;
				}
			}
			if (System.nanoTime() - next.due() < this.plan.timeout().toNanos()) {
				send(next);
				return;
			}
			end(next, next.due() + this.plan.timeout().toNanos(), null, Failure.NO_SLOT);
		}
	}

	private void awaitLast() throws InterruptedException {
		synchronized (this.waiting) {
			while (this.busySlots > 0 && this.stopped.getCount() > 0) {
				this.waiting.wait();
			}
		}
	}

	private void send(Arrival arrival) {
		HttpRequest request = arrival.asked().request().build();
		CompletableFuture<HttpResponse<Void>> answer = this.client.sendAsync(request, BodyHandlers.discarding());
		// The client's own timeout ends with the headers: of a body that never ends it
		// knows nothing.
		Future<?> givingUp = this.patience.schedule(() -> answer.cancel(true), this.plan.timeout().toNanos(),
				TimeUnit.NANOSECONDS);
		// On another thread, so that a long line of refused requests does not become a
		// deep stack.
		answer.whenCompleteAsync((response, failure) -> {
			long now = System.nanoTime();
			givingUp.cancel(false);
			end(arrival, now, response, (failure != null) ? kind(failure) : null);
			release();
		}, this.workers);
	}

	private void end(Arrival arrival, long end, @Nullable HttpResponse<Void> response, @Nullable Failure failure) {
		Outcome outcome = Outcome.of(arrival.asked().name(), Duration.ofNanos(arrival.due() - this.start),
				Duration.ofNanos(end - arrival.due()), response, failure);
		this.tally.add(outcome);
		try {
			this.listener.accept(outcome);
		}
		catch (RuntimeException ex) {
			// Thrown where somebody can catch it, and the slots go on being given back.
			this.brokenListener = ex;
			stop();
		}
	}

	private static Failure kind(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		if (cause instanceof CancellationException) {
			return Failure.TIMED_OUT;
		}
		return (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException)
				? Failure.NOT_CONNECTED : Failure.BROKEN_OFF;
	}

	/**
	 * One customer.
	 *
	 * @param due when he was to arrive, by the nanosecond clock
	 */
	private record Arrival(Asked asked, long due) {
	}

}
