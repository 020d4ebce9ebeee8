package io.twelveseconds.loyalty;

import java.math.BigDecimal;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import io.twelveseconds.loyalty.inventory.Categories;
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

	private final Categories categories;

	private final Clock clock;

	Awards(Accounts accounts, Categories categories, Clock clock) {
		this.accounts = accounts;
		this.categories = categories;
		this.clock = clock;
	}

	/**
	 * The points of the order: of the first award, if it was awarded before.
	 */
	long award(UUID orderId, String customer, List<Line> lines) {
		Map<String, BigDecimal> multipliers = this.accounts.multipliers(customer)
			.orElseThrow(() -> new LoyaltyProblems.UnknownCustomer(customer));
		// Most customers have none, and nobody is asked what their products are.
		long points = multipliers.isEmpty() ? points(lines, (line) -> BigDecimal.ONE) : points(lines, multipliers);
		if (this.accounts.add(orderId, customer, points, this.clock.instant())) {
			log.info("Order {} earns {} {} points", orderId, customer, points);
			return points;
		}
		long before = this.accounts.awarded(orderId);
		log.info("Order {} has earned its {} points before", orderId, before);
		return before;
	}

	private long points(List<Line> lines, Map<String, BigDecimal> multipliers) {
		Map<String, String> categories = this.categories.of(lines.stream().map(Line::sku).distinct().toList());
		return points(lines,
				(line) -> multipliers.getOrDefault(categories.getOrDefault(line.sku(), ""), BigDecimal.ONE));
	}

	private static long points(List<Line> lines, Function<Line, BigDecimal> multiplier) {
		return lines.stream().mapToLong((line) -> line.points(multiplier.apply(line))).sum();
	}

}
