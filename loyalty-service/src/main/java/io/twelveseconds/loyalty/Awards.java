package io.twelveseconds.loyalty;

import java.math.BigDecimal;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Service;

/**
 * Awards the points of an order, once. Needs no transaction of its own: the second
 * statement does everything or nothing.
 */
@Service
class Awards {

	private static final Logger log = LoggerFactory.getLogger(Awards.class);

	private final Accounts accounts;

	private final Clock clock;

	Awards(Accounts accounts, Clock clock) {
		this.accounts = accounts;
		this.clock = clock;
	}

	/**
	 * The points of the order: of the first award, if it was awarded before.
	 */
	long award(UUID orderId, String customer, List<Line> lines) {
		Map<String, BigDecimal> multipliers = this.accounts
			.multipliers(customer, lines.stream().map(Line::sku).distinct().toList())
			.orElseThrow(() -> new LoyaltyProblems.UnknownCustomer(customer));
		long points = lines.stream()
			.mapToLong((line) -> line.points(multipliers.getOrDefault(line.sku(), BigDecimal.ONE)))
			.sum();
		if (this.accounts.add(orderId, customer, points, this.clock.instant())) {
			log.info("Order {} earns {} {} points", orderId, customer, points);
			return points;
		}
		long before = this.accounts.awarded(orderId);
		log.info("Order {} has earned its {} points before", orderId, before);
		return before;
	}

}
