package io.twelveseconds.order;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Orders placed with an idempotency key, as in Stripe's API: the same key and request get
 * the first answer again, whatever it was; the same key with another request is refused;
 * of several at the same time one is taken. A request that was never accepted leaves no
 * key behind.
 */
@Repository
class IdempotentOrders {

	/** So many keys are forgotten at a time: no statement may last for seconds. */
	private static final int BATCH = 5000;

	private final JdbcClient jdbc;

	private final Orders orders;

	private final Clock clock;

	private final Duration expiry;

	IdempotentOrders(JdbcClient jdbc, Orders orders, Clock clock, OrderSettings settings) {
		this.jdbc = jdbc;
		this.orders = orders;
		this.clock = clock;
		this.expiry = settings.idempotencyExpiry();
	}

	/**
	 * Adds the order and claims its key, both or neither.
	 * @param answering makes the answer to an order whose process died before it gave one
	 * @return the first answer, if the key was used before
	 * @throws org.springframework.web.ErrorResponseException if it was used for another
	 * request, or if the first request is still at work
	 */
	@Transactional
	Optional<Answer> add(String key, String request, Order order, Function<Order, Answer> answering) {
		String hash = sha256(request);
		if (claim(key, hash, order.id())) {
			this.orders.add(order);
			return Optional.empty();
		}
		return Optional.of(earlier(key, hash, answering));
	}

	private Answer earlier(String key, String hash, Function<Order, Answer> answering) {
		// Gone only if it expired a moment ago: the next try will find the key free.
		Claim claim = find(key).orElseThrow(OrderProblems::keyInProgress);
		if (!claim.requestHash().equals(hash)) {
			throw OrderProblems.keyReused();
		}
		if (claim.answerBody() != null) {
			return claim.answer();
		}
		Answer made = this.orders.find(claim.orderId())
			.filter((order) -> order.status().isFinal() || order.status() == OrderStatus.PAYMENT_UNKNOWN)
			.map(answering)
			.orElseThrow(OrderProblems::keyInProgress);
		return complete(key, made);
	}

	/**
	 * Of several at once the database lets one through; the others wait for its commit
	 * and find the key taken.
	 */
	private boolean claim(String key, String hash, UUID orderId) {
		OffsetDateTime now = this.clock.instant().atOffset(ZoneOffset.UTC);
		return this.jdbc.sql("""
				INSERT INTO idempotency_keys (key, request_hash, order_id, expires_at)
				VALUES (:key, :hash, :order, :expires)
				ON CONFLICT (key) DO UPDATE SET request_hash = excluded.request_hash, order_id = excluded.order_id,
				    answer_status = NULL, answer_body = NULL, expires_at = excluded.expires_at
				WHERE idempotency_keys.expires_at <= :now
				""")
			.param("key", key)
			.param("hash", hash)
			.param("order", orderId)
			.param("expires", now.plus(this.expiry))
			.param("now", now)
			.update() == 1;
	}

	private Optional<Claim> find(String key) {
		return this.jdbc
			.sql("SELECT request_hash, order_id, answer_status, answer_body FROM idempotency_keys WHERE key = :key")
			.param("key", key)
			.query(Claim.class)
			.optional();
	}

	/**
	 * Keeps the answer for whoever repeats the request, whatever becomes of the order.
	 * @return the first answer: another than this if somebody who repeated the request
	 * was given one meanwhile
	 */
	Answer complete(String key, Answer answer) {
		boolean first = this.jdbc.sql("""
				UPDATE idempotency_keys SET answer_status = :status, answer_body = :body
				WHERE key = :key AND order_id = :order AND answer_body IS NULL
				""")
			.param("key", key)
			.param("order", answer.orderId())
			.param("status", answer.status())
			.param("body", answer.body())
			.update() == 1;
		return first ? answer
				: find(key).filter((claim) -> claim.orderId().equals(answer.orderId()))
					.map(Claim::answer)
					.orElse(answer);
	}

	/** Looks at each key's expiry twice: between the two it may be claimed anew. */
	@Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
	void forgetExpired() {
		OffsetDateTime now = this.clock.instant().atOffset(ZoneOffset.UTC);
		int forgotten;
		do {
			forgotten = this.jdbc.sql("""
					DELETE FROM idempotency_keys WHERE expires_at <= :now AND key IN
					    (SELECT key FROM idempotency_keys WHERE expires_at <= :now LIMIT :batch)
					""").param("now", now).param("batch", BATCH).update();
		}
		while (forgotten == BATCH);
	}

	private static String sha256(String text) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	/**
	 * @param answerStatus null, as is the body, while the first request is at work, or
	 * when its process died
	 */
	private record Claim(String requestHash, UUID orderId, @Nullable Integer answerStatus,
			@Nullable String answerBody) {

		Answer answer() {
			return new Answer(this.orderId, this.answerStatus, this.answerBody);
		}

	}

	/**
	 * An answer to a placed order, as it goes over the wire.
	 *
	 * @param status the HTTP status
	 * @param body the JSON: the order, or the problem
	 */
	record Answer(UUID orderId, int status, String body) {
	}

}
