package io.twelveseconds.fault;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

import org.springframework.kafka.core.ProducerPostProcessor;

/**
 * Disturbs the records that go out: what arrives at the broker is cut off in the middle,
 * and stays so for everyone who reads it.
 */
final class KafkaProducerFaults implements ProducerPostProcessor<Object, Object> {

	private final Faults faults;

	KafkaProducerFaults(Faults faults) {
		this.faults = faults;
	}

	@Override
	@SuppressWarnings("unchecked")
	public Producer<Object, Object> apply(Producer<Object, Object> producer) {
		return (Producer<Object, Object>) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { Producer.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("send")) {
						arguments[0] = disturbed((ProducerRecord<Object, Object>) arguments[0]);
					}
					try {
						return method.invoke(producer, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

	private ProducerRecord<Object, Object> disturbed(ProducerRecord<Object, Object> record) {
		for (Fault fault : this.faults.strike(Edge.KAFKA_PRODUCER, record.topic())) {
			if (fault.is("malformed") && record.value() instanceof String text) {
				return new ProducerRecord<>(record.topic(), record.partition(), record.timestamp(), record.key(),
						text.substring(0, text.length() / 2), record.headers());
			}
		}
		return record;
	}

}
