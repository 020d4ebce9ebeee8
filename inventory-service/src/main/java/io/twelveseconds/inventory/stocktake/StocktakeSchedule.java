package io.twelveseconds.inventory.stocktake;

import io.twelveseconds.inventory.tracing.OwnTrace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Begins a stocktake whenever it is time for one. Nobody asked for it, so it has a trace
 * of its own.
 */
@Component
class StocktakeSchedule {

	private static final Logger log = LoggerFactory.getLogger(StocktakeSchedule.class);

	private final Stocktake stocktake;

	StocktakeSchedule(Stocktake stocktake) {
		this.stocktake = stocktake;
	}

	@Scheduled(cron = "${inventory.stocktake.cron}")
	void run() {
		OwnTrace.run("stocktake", () -> {
			Stocktake.Count count = this.stocktake.count();
			log.info("Stocktake: {} units on {} shelves", count.units(), count.shelves());
		});
	}

}
