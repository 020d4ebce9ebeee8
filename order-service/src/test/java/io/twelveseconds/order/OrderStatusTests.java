package io.twelveseconds.order;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.twelveseconds.order.OrderStatus.CANCELLED;
import static io.twelveseconds.order.OrderStatus.CANCELLING;
import static io.twelveseconds.order.OrderStatus.CONFIRMED;
import static io.twelveseconds.order.OrderStatus.PAID;
import static io.twelveseconds.order.OrderStatus.PAYMENT_UNKNOWN;
import static io.twelveseconds.order.OrderStatus.PENDING;
import static io.twelveseconds.order.OrderStatus.REJECTED;
import static io.twelveseconds.order.OrderStatus.RELEASING;
import static io.twelveseconds.order.OrderStatus.RESERVED;
import static org.assertj.core.api.Assertions.assertThat;

class OrderStatusTests {

	@Test
	void endsAreConfirmedRejectedAndCancelled() {
		assertThat(EnumSet.allOf(OrderStatus.class)).filteredOn(OrderStatus::isFinal)
			.containsExactlyInAnyOrder(CONFIRMED, REJECTED, CANCELLED);
	}

	@ParameterizedTest
	@EnumSource
	void everyStatusLeadsToAnEnd(OrderStatus status) {
		assertThat(reachableFrom(status)).anyMatch(OrderStatus::isFinal);
	}

	@Test
	void moneyThatMayHaveMovedIsNeverJustForgotten() {
		assertThat(reachableFrom(PAYMENT_UNKNOWN)).containsExactlyInAnyOrder(PAYMENT_UNKNOWN, PAID, CONFIRMED,
				CANCELLING, CANCELLED);
	}

	@Test
	void paidOrderIsConfirmed() {
		assertThat(reachableFrom(PAID)).containsExactlyInAnyOrder(PAID, CONFIRMED);
	}

	@Test
	void nothingIsPaidBeforeItIsReserved() {
		assertThat(PENDING.mayBecome(PAID)).isFalse();
		assertThat(PENDING.mayBecome(RESERVED)).isTrue();
		assertThat(RELEASING.mayBecome(PAID)).isFalse();
	}

	private static Set<OrderStatus> reachableFrom(OrderStatus start) {
		Set<OrderStatus> reached = new HashSet<>(Set.of(start));
		boolean grown = true;
		while (grown) {
			grown = reached.addAll(EnumSet.allOf(OrderStatus.class)
				.stream()
				.filter((next) -> reached.stream().anyMatch((from) -> from.mayBecome(next)))
				.toList());
		}
		return reached;
	}

}
