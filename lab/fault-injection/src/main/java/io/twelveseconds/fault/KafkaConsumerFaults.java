package io.twelveseconds.fault;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import org.springframework.kafka.listener.RecordInterceptor;

/** Disturbs the records that come in: the listener is slow, or fails. */
final class KafkaConsumerFaults implements RecordInterceptor<Object, Object> {

	private final Faults faults;

	KafkaConsumerFaults(Faults faults) {
		this.faults = faults;
	}

	@Override
	public ConsumerRecord<Object, Object> intercept(ConsumerRecord<Object, Object> record,
			Consumer<Object, Object> consumer) {
		for (Fault fault : this.faults.strike(Edge.KAFKA_CONSUMER, record.topic())) {
			fault.time("delay").ifPresent((delay) -> this.faults.hold(fault, delay));
			if (fault.is("fail")) {
				throw new IllegalStateException("Failed by the fault " + fault.name());
			}
		}
		return record;
	}

}
