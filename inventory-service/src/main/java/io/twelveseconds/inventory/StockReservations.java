package io.twelveseconds.inventory;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

import io.twelveseconds.inventory.Reservation.Line;
import io.twelveseconds.inventory.Reservation.Outcome;
import io.twelveseconds.inventory.Reservation.PricedLine;
import io.twelveseconds.inventory.Reservation.Reply;
import io.twelveseconds.inventory.Stock.Product;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One transaction for each request, and one try: a caller who is told that it failed
 * knows better whether it is worth another.
 */
@Service
@Primary
class StockReservations implements Reservations {

	private static final Logger log = LoggerFactory.getLogger(StockReservations.class);

	private final JdbcClient jdbc;

	private final Stock stock;

	private final JsonMapper json;

	private final TransactionTemplate transaction;

	private final Clock clock;

	StockReservations(JdbcClient jdbc, Stock stock, JsonMapper json, TransactionTemplate transaction, Clock clock) {
		this.jdbc = jdbc;
		this.stock = stock;
		this.json = json;
		this.transaction = transaction;
		this.clock = clock;
	}

	/**
	 * What refuses one line gives back the others. A refusal is kept like a reservation:
	 * a repeated request gets the same answer, even if there is enough by then, since its
	 * caller may have acted on the first.
	 */
	@Override
	public Reply reserve(UUID orderId, List<Line> lines) {
		Reply reply = this.transaction.execute((status) -> {
			if (!insert(orderId, lines)) {
				return before(orderId);
			}
			List<Line> taken = new ArrayList<>();
			Map<String, Money> prices = new HashMap<>();
			for (Line line : inLockOrder(lines)) {
				Optional<Money> price = this.stock.take(line.sku(), line.quantity());
				if (price.isEmpty()) {
					taken.forEach((other) -> this.stock.putBack(other.sku(), other.quantity()));
					markRefused(orderId, line.sku());
					return refused(line.sku());
				}
				taken.add(line);
				prices.put(line.sku(), price.get());
			}
			return reserved(lines, prices);
		});
		log.info("Order {}: {}{}", orderId, reply.outcome(), (reply.sku() != null) ? " " + reply.sku() : "");
		return reply;
	}

	@Override
	public void release(UUID orderId) {
		this.transaction.executeWithoutResult((status) -> inLockOrder(markReleased(orderId))
			.forEach((line) -> this.stock.putBack(line.sku(), line.quantity())));
		log.info("Order {}: released", orderId);
	}

	/**
	 * Of two same requests at once the second waits here until the first has committed.
	 */
	private boolean insert(UUID orderId, List<Line> lines) {
		return this.jdbc.sql("""
				INSERT INTO reservations (order_id, status, lines, at) VALUES (:order, 'RESERVED', :lines::jsonb, :now)
				ON CONFLICT (order_id) DO NOTHING
				""")
			.param("order", orderId)
			.param("lines", this.json.writeValueAsString(lines))
			.param("now", now())
			.update() == 1;
	}

	/**
	 * Answers a repeated request: with the prices of today, which nothing in this shop
	 * ever changes.
	 */
	private Reply before(UUID orderId) {
		return this.jdbc.sql("SELECT status, lines, refused_sku FROM reservations WHERE order_id = :order")
			.param("order", orderId)
			.query((row, number) -> switch (row.getString("status")) {
				case "RESERVED" -> reserved(lines(row.getString("lines")),
						this.stock.products().stream().collect(Collectors.toMap(Product::sku, Product::price)));
				case "REFUSED" -> refused(row.getString("refused_sku"));
				default -> Reply.refused(Outcome.RELEASED, null);
			})
			.single();
	}

	private static Reply reserved(List<Line> lines, Map<String, Money> prices) {
		return Reply.reserved(lines.stream()
			.map((line) -> new PricedLine(line.sku(), line.quantity(), prices.get(line.sku())))
			.toList());
	}

	private void markRefused(UUID orderId, String sku) {
		this.jdbc.sql("UPDATE reservations SET status = 'REFUSED', refused_sku = :sku WHERE order_id = :order")
			.param("order", orderId)
			.param("sku", sku)
			.update();
	}

	private Reply refused(String sku) {
		return Reply.refused(this.stock.has(sku) ? Outcome.SOLD_OUT : Outcome.UNKNOWN_SKU, sku);
	}

	/**
	 * The lines to put back: none if the order was released before, or never reserved.
	 */
	private List<Line> markReleased(UUID orderId) {
		return this.jdbc.sql("""
				INSERT INTO reservations (order_id, status, lines, at) VALUES (:order, 'RELEASED', '[]', :now)
				ON CONFLICT (order_id) DO UPDATE SET status = 'RELEASED', at = :now
				WHERE reservations.status = 'RESERVED' RETURNING lines
				""")
			.param("order", orderId)
			.param("now", now())
			.query((row, number) -> lines(row.getString("lines")))
			.optional()
			.orElse(List.of());
	}

	/**
	 * Always by sku: two orders that want the same products wait for each other, and
	 * never in a circle.
	 */
	private static List<Line> inLockOrder(List<Line> lines) {
		return lines.stream().sorted(Comparator.comparing(Line::sku)).toList();
	}

	private List<Line> lines(String json) {
		return this.json.readValue(json, new TypeReference<List<Line>>() {
		});
	}

	private OffsetDateTime now() {
		return this.clock.instant().atOffset(ZoneOffset.UTC);
	}

}
