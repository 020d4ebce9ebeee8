package io.twelveseconds.demo.deadletters;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RedrivenTests {

	@Test
	void nothingIsSettledAtFirst() {
		Redriven redriven = Redriven.of(null, 0);
		assertThat(redriven.position()).isZero();
		assertThat(redriven.open(5)).isEqualTo(5);
		assertThat(redriven.isOpen(0)).isTrue();
	}

	@Test
	void oneThatStaysIsNeitherPassedOverNorInTheWay() {
		Redriven redriven = Redriven.of(null, 0);
		for (long offset : new long[] { 0, 1, 3, 4, 5, 7 }) {
			redriven.add(offset);
		}
		assertThat(redriven.committed()).isEqualTo(new OffsetAndMetadata(2, "3-5,7"));
		Redriven again = Redriven.of(redriven.committed(), 0);
		assertThat(again.isOpen(2)).isTrue();
		assertThat(again.isOpen(4)).isFalse();
		assertThat(again.isOpen(6)).isTrue();
		assertThat(again.open(10)).isEqualTo(4);
		assertThat(again.openOffsets(10)).containsExactlyInAnyOrder(2L, 6L, 8L, 9L);
		again.add(2);
		assertThat(again.committed()).isEqualTo(new OffsetAndMetadata(6, "7"));
		again.add(6);
		assertThat(again.committed()).isEqualTo(new OffsetAndMetadata(8, ""));
	}

	@Test
	void whatKafkaHasDeletedIsNotOpen() {
		Redriven redriven = Redriven.of(new OffsetAndMetadata(2, "3-5,7"), 5);
		assertThat(redriven.position()).isEqualTo(6);
		assertThat(redriven.open(10)).isEqualTo(3);
		assertThat(Redriven.of(new OffsetAndMetadata(9, ""), 0).open(4)).as("of a topic made anew").isZero();
		assertThat(redriven.openOffsets(4)).isEmpty();
	}

}
