package io.twelveseconds.inventory.stocktake;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The settings under {@code inventory.stocktake}; application.yaml gives the values and
 * their reasons.
 *
 * @param cron when it begins, in Spring's notation; {@code -} for never
 * @param shelves how many are counted, from the first on
 * @param dwell what a person needs for one of them
 */
@ConfigurationProperties("inventory.stocktake")
record StocktakeSettings(String cron, int shelves, Duration dwell) {
}
