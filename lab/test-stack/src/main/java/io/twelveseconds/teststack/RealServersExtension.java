package io.twelveseconds.teststack;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Runs before Spring makes its context, which happens with the first instance of the test
 * class.
 */
class RealServersExtension implements BeforeAllCallback {

	@Override
	public void beforeAll(ExtensionContext context) throws Exception {
		Class<?> test = context.getRequiredTestClass();
		var postgres = AnnotationSupport.findAnnotation(test, RealPostgres.class);
		if (postgres.isPresent()) {
			System.setProperty("spring.datasource.url", RealServers.postgres().database(postgres.get().value()));
		}
		if (AnnotationSupport.isAnnotated(test, RealKafka.class)) {
			System.setProperty(KafkaProbe.BOOTSTRAP_SERVERS, RealServers.kafka());
		}
	}

}
