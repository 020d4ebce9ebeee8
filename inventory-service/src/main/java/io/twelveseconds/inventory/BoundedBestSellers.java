package io.twelveseconds.inventory;

import java.util.List;
import java.util.concurrent.Semaphore;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;

/**
 * The same report, a few at once: it never has more than these few of the pool's
 * connections. Who comes when all places are taken is told so at once, and waits neither
 * for a connection nor with one of our threads.
 */
@Component
@Primary
class BoundedBestSellers implements BestSellers {

	private final NaiveBestSellers report;

	private final Semaphore places;

	BoundedBestSellers(NaiveBestSellers report, @Value("${inventory.best-sellers.at-once}") int atOnce) {
		this.report = report;
		this.places = new Semaphore(atOnce);
	}

	@Override
	public List<BestSeller> list() {
		if (!this.places.tryAcquire()) {
			throw InventoryProblems.busy();
		}
		try {
			return this.report.list();
		}
		finally {
			this.places.release();
		}
	}

}
